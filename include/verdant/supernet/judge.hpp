#pragma once

#include <verdant/nn/batches/image_batches.hpp>
#include <verdant/nn/batches/labelled_images.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/evaluate/evaluate_images.hpp>
#include <verdant/nn/layers/recalibration.hpp>
#include <verdant/nn/models/net_state.hpp>

#include <concepts>
#include <cstdint>
#include <iterator>
#include <map>
#include <type_traits>
#include <utility>
#include <vector>

/// Judges many sub-networks on the same images.
namespace verdant::supernet {

/// Labelled images of any size, in batches on the device that computes, for many networks that see the same ones. The batches of a size stay in
/// memory where they are small enough; larger ones come from their files each time.
/// @tparam Make `make(side)` gives the batches of images of side x side pixels, such as `nn::evaluation_batches`
template <std::invocable<int> Make>
class batches_by_size {
    using source_type = std::invoke_result_t<const Make&, int>;

public:
    /// @param most_bytes of the batches of one size that stay in memory
    explicit batches_by_size(Make make, at::Device device = at::kCPU, std::int64_t most_bytes = std::int64_t{1} << 29)
        : make_{std::move(make)}, device_{device}, most_bytes_{most_bytes} {}

    /// Calls `f(range of labelled images)` and returns what it returns. Not by several threads at once.
    template <class F>
    auto operator()(int side, const F& f) const {
        auto at = kept_.find(side);
        if (at == kept_.end()) {
            const auto batches = make_(side);
            const std::int64_t bytes = batches.images() * 3 * static_cast<std::int64_t>(sizeof(float)) * side * side;
            if (bytes > most_bytes_) return f(moved{batches, device_});
            at = kept_.emplace(side, batches.loaded()).first;
            for (auto& b : at->second) b = {b.images.to(device_), b.labels.to(device_)};
        }
        return f(std::as_const(at->second));
    }

private:
    struct moved {
        const source_type& from;
        at::Device device;

        struct iterator {
            typename source_type::iterator at;
            at::Device device;
            [[nodiscard]] nn::labelled_images operator*() const { return {at->images.to(device), at->labels.to(device)}; }
            iterator& operator++() {
                ++at;
                return *this;
            }
            [[nodiscard]] bool operator==(std::default_sentinel_t end) const { return at == end; }
        };
        [[nodiscard]] iterator begin() const { return {from.begin(), device}; }
        [[nodiscard]] static std::default_sentinel_t end() { return {}; }
    };

    Make make_;
    at::Device device_;
    std::int64_t most_bytes_;
    mutable std::map<int, std::vector<nn::labelled_images>> kept_; // by side
};

/// The sub-network that runs as the supernet does with it active, with weights of its own, and the statistics of its norms measured on these images:
/// those that the supernet holds are of many sub-networks (see `nn::recalibrating`).
/// @param calibration training images by size, see `batches_by_size`
template <class Supernet, class Calibration>
[[nodiscard]] typename Supernet::net_type calibrated(const Supernet& net, const typename Supernet::arch_type& a, const Calibration& calibration) {
    auto own = nn::clone(net.active(a));
    calibration(a.image_size, [&own](const auto& images) { nn::recalibrate(own, images); });
    return own;
}

/// Judges sub-networks of a supernet without training them: the statistics of norms are measured anew on training images, then other images are
/// classified (Cai et al., Once-for-All, ICLR 2020, section 4.1). The supernet stays as it is.
template <class Supernet, class Calibration, class Images>
class judge {
public:
    using arch_type = typename Supernet::arch_type;

    /// @param net, calibration, images outlive the judge; both sets by size, see `batches_by_size`
    judge(const Supernet& net, const Calibration& calibration, const Images& images) : net_{net}, calibration_{calibration}, images_{images} {}

    /// The score at the size of the sub-network. @throws error if there are no images
    [[nodiscard]] nn::image_score operator()(const arch_type& a) const {
        const auto own = calibrated(net_, a, calibration_);
        return images_(a.image_size, [&own](const auto& batches) { return nn::evaluate(own, batches); });
    }

private:
    const Supernet& net_;
    const Calibration& calibration_;
    const Images& images_;
};

} // namespace verdant::supernet
