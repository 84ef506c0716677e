#pragma once

#include <verdant/random/stream.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace verdant {

/// Independent distributions over the values of variables without order, which move to where samples were good: the step of their natural gradient
/// (Akimoto, Shirakawa, Yoshinari, Uchida, Saito, Nishida, "Adaptive stochastic natural gradient method for one-shot neural architecture search",
/// ICML 2019, section 3), with the lower bound of probabilities of CatCMA (Hamano, Saito, Nomura, Uchida, Shirakawa, GECCO 2024, section 4.2), so
/// that no value is given up.
class category_distribution {
public:
    /// @param values of each variable, 2 or more
    explicit category_distribution(std::vector<std::uint32_t> values) : values_{std::move(values)} {
        for (const auto n : values_) free_ += n - 1;
        begin();
    }

    [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
    /// How many probabilities can be chosen.
    [[nodiscard]] std::size_t free() const noexcept { return free_; }
    /// Of all values of all variables, one variable after another.
    [[nodiscard]] const std::vector<double>& probabilities() const noexcept { return probabilities_; }

    void begin() {
        probabilities_.clear();
        for (const auto n : values_) probabilities_.insert(probabilities_.end(), n, 1.0 / n);
    }
    /// @pre as many numbers
    void restore(std::vector<double> probabilities) { probabilities_ = std::move(probabilities); }

    [[nodiscard]] std::vector<std::uint32_t> draw(random_stream& random) const {
        std::vector<std::uint32_t> drawn;
        std::size_t first = 0;
        for (const auto n : values_) {
            double u = random.uniform();
            std::uint32_t k = 0;
            for (; k + 1 < n && u >= probabilities_[first + k]; ++k) u -= probabilities_[first + k];
            drawn.push_back(k);
            first += n;
        }
        return drawn;
    }

    /// Moves towards samples. @param best_first values of the variables @param weights of these, 1 in sum @param rate from 0 to 1
    void update(std::span<const std::vector<std::uint32_t>* const> best_first, std::span<const double> weights, double rate) {
        std::size_t first = 0;
        for (std::size_t v = 0; v < size(); ++v) {
            const auto n = values_[v];
            for (std::size_t k = 0; k < n; ++k) probabilities_[first + k] *= 1 - rate;
            for (std::size_t s = 0; s < best_first.size(); ++s) probabilities_[first + (*best_first[s])[v]] += rate * weights[s];
            keep_margin(first, n);
            first += n;
        }
    }

private:
    void keep_margin(std::size_t first, std::uint32_t n) {
        const double least = (1 - std::pow(0.73, 1 / static_cast<double>(size()))) / (n - 1.0);
        double sum = 0, spare = 0;
        for (std::size_t k = first; k < first + n; ++k) {
            probabilities_[k] = std::max(probabilities_[k], least);
            sum += probabilities_[k];
            spare += probabilities_[k] - least;
        }
        if (spare > 0)
            for (std::size_t k = first; k < first + n; ++k) probabilities_[k] += (1 - sum) / spare * (probabilities_[k] - least);
    }

    std::vector<std::uint32_t> values_;
    std::size_t free_ = 0;
    std::vector<double> probabilities_;
};

} // namespace verdant
