#pragma once

#include <verdant/random/detail/mt19937_double.hpp>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <random>
#include <span>
#include <vector>

/// The random streams of Python programs, bit for bit, so that their seeded runs can be repeated: MT19937 (Matsumoto and Nishimura, ACM TOMACS
/// 8(1), 1998) seeded and read as CPython's module `random` does. For anything else use `random_stream`, which is faster, smaller and can be derived.
namespace verdant::reference {

namespace detail {

/// The state that init_by_array of the authors' program gives, in the form in which a standard engine takes it.
class array_seeding {
public:
    using result_type = std::uint32_t;

    explicit array_seeding(std::uint64_t seed) : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)} {}

    template <class Iterator>
    void generate(Iterator first, Iterator last) const {
        const auto n = static_cast<std::size_t>(last - first);
        std::vector<std::uint32_t> s(n);
        s[0] = 19650218;
        for (std::size_t i = 1; i < n; ++i) s[i] = 1812433253U * mixed(s[i - 1]) + static_cast<std::uint32_t>(i);
        // The key is as long as the seed has words, at least one.
        const std::size_t length = key_[1] != 0 ? 2 : 1;
        std::size_t i = 1, j = 0;
        const auto advance = [&] {
            if (++i == n) {
                s[0] = s[n - 1];
                i = 1;
            }
        };
        for (std::size_t k = n > length ? n : length; k > 0; --k) {
            s[i] = (s[i] ^ (mixed(s[i - 1]) * 1664525U)) + key_[j] + static_cast<std::uint32_t>(j);
            if (++j == length) j = 0;
            advance();
        }
        for (std::size_t k = n - 1; k > 0; --k) {
            s[i] = (s[i] ^ (mixed(s[i - 1]) * 1566083941U)) - static_cast<std::uint32_t>(i);
            advance();
        }
        s[0] = 0x80000000U;
        for (std::size_t k = 0; k < n; ++k, ++first) *first = s[k];
    }

private:
    [[nodiscard]] static std::uint32_t mixed(std::uint32_t x) { return x ^ (x >> 30); }
    std::uint32_t key_[2];
};

} // namespace detail

/// `random.Random` of CPython 3.
class python_random {
public:
    /// As `random.seed(seed)` with an integer.
    explicit python_random(std::uint64_t seed = 0) { this->seed(seed); }
    void seed(std::uint64_t seed) {
        const detail::array_seeding words{seed};
        words_.seed(words);
    }

    /// `getrandbits(count)`. @pre 1 <= count <= 32
    [[nodiscard]] std::uint32_t bits(unsigned count) { return static_cast<std::uint32_t>(words_()) >> (32 - count); }
    /// `random()`: uniform in [0, 1).
    [[nodiscard]] double uniform() { return detail::mt19937_double(words_); }
    /// Many of these.
    void uniform(std::span<double> out) {
        for (auto& x : out) x = detail::mt19937_double(words_);
    }
    /// `randrange(n)`: uniform in {0, ..., n - 1}. @pre n > 0
    [[nodiscard]] std::uint32_t below(std::uint32_t n) {
        const auto count = static_cast<unsigned>(std::bit_width(n));
        for (;;)
            if (const auto drawn = bits(count); drawn < n) return drawn;
    }
    /// `randint(low, high)`, both included. @pre low <= high
    [[nodiscard]] std::int64_t between(std::int64_t low, std::int64_t high) { return low + below(static_cast<std::uint32_t>(high - low + 1)); }
    /// `choice(values)`, which draws bits. @pre values is not empty
    template <class Values>
    [[nodiscard]] auto choice(const Values& values) {
        return values[below(static_cast<std::uint32_t>(values.size()))];
    }
    /// One element of `choices(values, k=1)`, which draws a `uniform`. @pre values is not empty
    template <class Values>
    [[nodiscard]] auto choices(const Values& values) {
        return values[static_cast<std::size_t>(uniform() * static_cast<double>(values.size()))];
    }
    /// `shuffle(values)`: Fisher-Yates from the end.
    template <class Values>
    void shuffle(Values& values) {
        for (auto i = values.size(); i > 1; --i) {
            const auto j = below(static_cast<std::uint32_t>(i));
            const auto last = values[i - 1];
            values[i - 1] = values[j];
            values[j] = last;
        }
    }
    /// `gammavariate(shape, 1)`: by Cheng, Applied Statistics 26(1), 1977, for shapes above 1, and by Ahrens and Dieter, Computing 12, 1974, for
    /// those below. @pre shape > 0
    [[nodiscard]] double gamma(double shape) {
        constexpr double e = std::numbers::e;
        if (shape > 1) {
            const double scale = std::sqrt(2 * shape - 1), b = shape - std::log(4.0), c = shape + scale;
            for (;;) {
                const double u = uniform();
                if (!(1e-7 < u && u < 0.9999999)) continue;
                const double w = 1 - uniform(), v = std::log(u / (1 - u)) / scale, x = shape * std::exp(v), z = u * u * w, r = b + c * v - x;
                if (r + (1 + std::log(4.5)) - 4.5 * z >= 0 || r >= std::log(z)) return x;
            }
        }
        if (shape == 1) return -std::log(1 - uniform());
        for (;;) {
            const double b = (e + shape) / e, p = b * uniform();
            const double x = p <= 1 ? std::pow(p, 1 / shape) : -std::log((b - p) / shape);
            if (const double u = uniform(); p > 1 ? u <= std::pow(x, shape - 1) : u <= std::exp(-x)) return x;
        }
    }
    /// `betavariate(a, b)`. @pre a > 0, b > 0
    [[nodiscard]] double beta(double a, double b) {
        const double x = gamma(a);
        return x == 0 ? 0 : x / (x + gamma(b));
    }

private:
    std::mt19937 words_;
};

} // namespace verdant::reference
