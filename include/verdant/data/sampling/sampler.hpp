#pragma once

#include <verdant/error.hpp>
#include <verdant/random/stream.hpp>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <vector>

/// The order of the samples of an epoch, shared among processes.
namespace verdant::nn {

/// A process among those that share the samples of an epoch.
struct process_share {
    int rank = 0;
    int size = 1;
};

/// Which samples are in which batch: an epoch's samples in an order that (seed, epoch) determines, cut into batches; what does not fill one of
/// all processes is left out. Process r of p takes the r-th part of each p-fold batch, so that p processes with batches of n see together what
/// one process with batches of p n sees.
class distributed_sampler {
public:
    /// @param batch samples of one process in a batch
    /// @throws input_error if the samples do not fill one batch
    distributed_sampler(std::int64_t samples, std::int64_t batch, std::uint64_t seed = 0, process_share share = {})
        : samples_{samples}, batch_{batch}, seed_{seed}, share_{share} {
        if (share.size < 1 || share.rank < 0 || share.rank >= share.size)
            throw input_error{"training data", "", "a rank below the number of processes",
                              std::to_string(share.rank) + " of " + std::to_string(share.size)};
        if (batch < 1 || batch > samples / share.size)
            throw input_error{"training data", "", "a batch of 1 to " + std::to_string(samples / share.size) + " samples", std::to_string(batch)};
    }

    /// Batches an epoch.
    [[nodiscard]] std::int64_t size() const { return samples_ / (batch_ * share_.size); }

    /// The samples of this process in batch i of an epoch.
    [[nodiscard]] std::vector<std::int64_t> operator()(std::int64_t epoch, std::int64_t i) const {
        std::vector<std::int64_t> order(static_cast<std::size_t>(samples_));
        std::iota(order.begin(), order.end(), 0);
        random_stream::derive(seed_, static_cast<std::uint64_t>(epoch)).shuffle(std::span{order});
        const auto first = order.begin() + (i * share_.size + share_.rank) * batch_;
        return {first, first + batch_};
    }

private:
    std::int64_t samples_, batch_;
    std::uint64_t seed_;
    process_share share_;
};

} // namespace verdant::nn
