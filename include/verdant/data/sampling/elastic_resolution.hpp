#pragma once

#include <verdant/error.hpp>
#include <verdant/random/python.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// The size of image that each batch of an elastic network is served in.
namespace verdant::nn {

/// The seed of what the originals draw for a batch: the decimal digits of the batch followed by at least three of the epoch
/// (Once-for-all, my_random_resize_crop.py, sample_image_size).
[[nodiscard]] constexpr std::uint64_t batch_seed(std::int64_t epoch, std::int64_t batch) {
    std::uint64_t power = 1000;
    while (power <= static_cast<std::uint64_t>(epoch)) power *= 10;
    return static_cast<std::uint64_t>(batch) * power + static_cast<std::uint64_t>(epoch);
}
static_assert(batch_seed(7, 12) == 12007 && batch_seed(1234, 5) == 51234);

/// Which sides a batch may have: those of a list, or all multiples of 4 from the least of them to the largest. Once-for-all trains with the latter;
/// MOOFA has the switch but does not heed it.
enum class side_choice : unsigned char { listed, multiples_of_4 };

/// The side of the images of a batch, which is drawn anew for each one, the same in all processes and in the originals (`sample_image_size`).
class elastic_resolution {
public:
    /// @param sizes  sides to draw from, in the order in which the original lists them
    /// @param choice whether from these, or from multiples of 4
    /// @throws input_error if there is no size, one is not positive, or no multiple of 4 lies between different ones where these are drawn
    explicit elastic_resolution(std::vector<int> sizes, side_choice choice = side_choice::listed) : sizes_{std::move(sizes)} {
        if (sizes_.empty()) throw input_error{"elastic resolution", "sizes", "at least one", "none"};
        const auto [least, greatest] = std::minmax_element(sizes_.begin(), sizes_.end());
        if (*least < 1) throw input_error{"elastic resolution", "sizes", "sides of at least one pixel", std::to_string(*least)};
        if (choice == side_choice::listed) return;
        std::vector<int> all;
        for (std::int64_t size = (std::int64_t{*least} + 3) / 4 * 4; size <= *greatest; size += 4) all.push_back(static_cast<int>(size));
        if (all.empty() && *least == *greatest) return; // one side is itself
        if (all.empty())
            throw input_error{"elastic resolution", "sizes", "a multiple of 4 from the least to the largest",
                              std::to_string(*least) + " to " + std::to_string(*greatest)};
        sizes_ = std::move(all);
    }

    [[nodiscard]] int operator()(std::int64_t epoch, std::int64_t batch) const {
        return verdant::reference::python_random{batch_seed(epoch, batch)}.choices(sizes_);
    }
    [[nodiscard]] const std::vector<int>& sizes() const { return sizes_; }

private:
    std::vector<int> sizes_;
};

} // namespace verdant::nn
