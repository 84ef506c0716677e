#pragma once

#include <verdant/error.hpp>
#include <verdant/random/detail/mt19937_double.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// The random streams of NumPy's programs, bit for bit, so that their seeded runs can be repeated: MT19937 seeded and read as `RandomState` does.
/// random/python.hpp has those of Python's own module; for anything else use `random_stream`.
namespace verdant::reference {

/// `numpy.random.RandomState`, and with it the functions of `numpy.random` itself.
class numpy_random {
public:
    /// As `numpy.random.seed(seed)` with an integer.
    explicit numpy_random(std::uint32_t seed = 0) : words_{seed} {}

    /// `random_sample()`: uniform in [0, 1).
    [[nodiscard]] double uniform() { return detail::mt19937_double(words_); }
    /// Many of these.
    void uniform(std::span<double> out) {
        for (auto& x : out) x = detail::mt19937_double(words_);
    }
    /// `randint(n)`: uniform in {0, ..., n - 1}; nothing is drawn where n is 1. @pre n > 0
    [[nodiscard]] std::uint32_t below(std::uint32_t n) {
        const auto last = n - 1;
        if (last == 0) return 0;
        const auto mask = static_cast<std::uint32_t>((std::uint64_t{1} << std::bit_width(last)) - 1);
        for (;;)
            if (const auto drawn = static_cast<std::uint32_t>(words_()) & mask; drawn <= last) return drawn;
    }
    /// The place that `choice(values, p=probabilities)` takes its value from.
    /// @param probabilities not negative, of positive sum. Throws input_error for others.
    [[nodiscard]] std::size_t choice(std::span<const double> probabilities) {
        double total = 0;
        for (const auto p : probabilities) {
            if (!(p >= 0)) throw input_error{"random choice", "probabilities", "numbers from 0 on", std::to_string(p)};
            total += p;
        }
        if (!(total > 0)) throw input_error{"random choice", "probabilities", "a positive sum", std::to_string(total)};
        const auto drawn = uniform();
        double sum = 0;
        std::size_t last = 0;
        for (std::size_t i = 0; i < probabilities.size(); ++i) {
            sum += probabilities[i];
            if (probabilities[i] > 0) last = i;
            if (sum / total > drawn) return i;
        }
        return last;
    }
    /// `permutation(n)`: the numbers 0 to n - 1 in random order. `train_test_split` of scikit-learn takes the first rows of it for the test.
    [[nodiscard]] std::vector<std::uint32_t> permutation(std::uint32_t n) {
        std::vector<std::uint32_t> order(n);
        std::iota(order.begin(), order.end(), 0U);
        for (auto i = n; i > 1; --i) std::swap(order[i - 1], order[below(i)]);
        return order;
    }

private:
    std::mt19937 words_;
};

} // namespace verdant::reference
