#pragma once

#include <verdant/error.hpp>
#include <verdant/io/file/passed_over.hpp>

#include <cmath>
#include <cstddef>
#include <mutex>
#include <set>
#include <string>

namespace verdant::nn {

/// Samples that could not be read. Training goes on without them, as OpenCLIP does: the next sample that can be read takes the place of each, so
/// batches stay full and still follow from the seed alone. They are counted, each once, and too many of them end the run. Several threads may use it
/// at once.
class damaged_samples {
public:
    /// @param samples of the whole set @param share of them that may be damaged, rounded up; 0: none
    /// @throws input_error for a share outside [0, 1]
    damaged_samples(std::size_t samples, double share) : samples_{samples} {
        if (!(share >= 0 && share <= 1)) throw input_error{"damaged samples", "share", "a number from 0 to 1", std::to_string(share)};
        most_ = static_cast<std::size_t>(std::ceil(share * static_cast<double>(samples)));
    }

    /// Calls `load(sample)` for `wanted` and, while that throws verdant::error, for the samples behind it; gives the one that was loaded.
    /// @throws what `load` throws first, if no sample may be damaged; input_error, which names the first of them, if more are than may be
    template <class Load>
    std::size_t load(std::size_t wanted, const Load& load) {
        for (std::size_t tries = 0; tries < samples_; ++tries) {
            const auto sample = (wanted + tries) % samples_;
            try {
                load(sample);
                return sample;
            } catch (const error& e) {
                if (most_ == 0) throw;
                note(sample, e.what());
            }
        }
        throw input_error{"samples", "", "one that can be read", "none of " + std::to_string(samples_)};
    }

    /// How many samples could not be read so far, and why the first could not.
    [[nodiscard]] io::passed_over counted() const {
        const std::lock_guard guard{mutex_};
        return {numbers_.size(), first_};
    }

private:
    void note(std::size_t sample, const std::string& why) {
        const std::lock_guard guard{mutex_};
        if (numbers_.empty()) first_ = why;
        numbers_.insert(sample);
        if (numbers_.size() > most_)
            throw input_error{"samples", "", "at most " + std::to_string(most_) + " of " + std::to_string(samples_) + " that cannot be read",
                              std::to_string(numbers_.size()) + "; the first: " + first_};
    }

    std::size_t samples_, most_ = 0;
    mutable std::mutex mutex_;
    std::set<std::size_t> numbers_;
    std::string first_;
};

} // namespace verdant::nn
