#pragma once

#include <verdant/data/sampling/sampler.hpp>
#include <verdant/error.hpp>
#include <verdant/random/stream.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// The order in which shards are read, with or without replacement.
namespace verdant::nn {

/// Shards drawn with replacement, without end.
struct shard_resampling {
    std::int64_t samples = 0;      ///< of an epoch, in all processes; rounded up to whole batches; 0 for as many as there are
    std::vector<double> weights{}; ///< of each shard, how often it is drawn; empty for all alike
};

/// Which samples are in which batch where an epoch is a number of samples from shards that are drawn with replacement: shards are drawn, by weight,
/// until they hold enough, and the samples of all are shuffled. Seed and epoch determine that; processes share each batch as with
/// `distributed_sampler`.
class shard_sampler {
public:
    /// @param sizes samples of each shard; those of the first have the first numbers @param batch samples of one process in a batch
    /// @throws input_error if there is another number of weights, an invalid weight, or nothing to be drawn
    shard_sampler(std::span<const std::int64_t> sizes, const shard_resampling& how, std::int64_t batch, std::uint64_t seed = 0,
                  process_share share = {})
        : batch_{batch}, seed_{seed}, share_{share} {
        if (share.size < 1 || share.rank < 0 || share.rank >= share.size)
            throw input_error{"training data", "", "a rank below the number of processes",
                              std::to_string(share.rank) + " of " + std::to_string(share.size)};
        if (batch < 1) throw input_error{"training data", "", "a batch of at least one pair", std::to_string(batch)};
        if (!how.weights.empty() && how.weights.size() != sizes.size())
            throw input_error{"training data", "", std::to_string(sizes.size()) + " weights, one for each shard", std::to_string(how.weights.size())};
        if (how.samples < 0)
            throw input_error{"training data", "", "samples of an epoch, or 0 for as many as there are", std::to_string(how.samples)};
        double total = 0;
        starts_.push_back(0);
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            const double weight = how.weights.empty() ? 1 : how.weights[i];
            if (!(weight >= 0 && std::isfinite(weight)))
                throw input_error{"training data", "shard " + std::to_string(i), "a weight of at least 0", std::to_string(weight)};
            if (sizes[i] < 0) throw input_error{"training data", "shard " + std::to_string(i), "0 samples or more", std::to_string(sizes[i])};
            starts_.push_back(starts_.back() + sizes[i]);
            // Without samples there is nothing to draw, and drawing would not end.
            cumulative_.push_back(total += sizes[i] > 0 ? weight : 0);
        }
        if (!std::isfinite(total)) throw input_error{"training data", "", "weights whose sum is a number", std::to_string(total)};
        const auto wanted = how.samples > 0 ? how.samples : starts_.back(), whole = batch * share.size;
        if (!(total > 0) || wanted < 1) throw input_error{"training data", "", "shards that hold samples and have a weight above 0", "none"};
        batches_ = (wanted + whole - 1) / whole;
    }

    /// Batches an epoch.
    [[nodiscard]] std::int64_t size() const { return batches_; }

    /// The samples of this process in batch i of an epoch; some may be there several times.
    [[nodiscard]] std::vector<std::int64_t> operator()(std::int64_t epoch, std::int64_t i) const {
        // Another stream than that of the distributed sampler, which has the seed itself.
        auto draws = random_stream::derive(splitmix64(seed_ ^ 0x736861726473ULL), static_cast<std::uint64_t>(epoch));
        std::vector<std::int64_t> order;
        for (const auto wanted = static_cast<std::size_t>(batches_ * batch_ * share_.size); order.size() < wanted;) {
            // Rounding may give the end of the last shard's interval, which no shard holds.
            const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), draws.uniform() * cumulative_.back());
            if (found == cumulative_.end()) continue;
            const auto shard = static_cast<std::size_t>(found - cumulative_.begin());
            const auto from = order.size();
            order.resize(from + static_cast<std::size_t>(starts_[shard + 1] - starts_[shard]));
            std::iota(order.begin() + static_cast<std::ptrdiff_t>(from), order.end(), starts_[shard]);
        }
        draws.shuffle(std::span{order});
        const auto first = order.begin() + (i * share_.size + share_.rank) * batch_;
        return {first, first + batch_};
    }

private:
    std::vector<std::int64_t> starts_; ///< the number of each shard's first sample, and of all
    std::vector<double> cumulative_; ///< weights
    std::int64_t batch_, batches_ = 0;
    std::uint64_t seed_;
    process_share share_;
};

} // namespace verdant::nn
