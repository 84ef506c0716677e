#pragma once

#include <verdant/error.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// A sub-network chosen by its kernels, ratios, depths and widths.
namespace verdant::supernet {

/// What is wanted of one kind of choice: nothing, one value for all places, or one each, where those without a value keep theirs.
template <class T>
class place_values {
public:
    place_values() = default;
    // NOLINTBEGIN(google-explicit-constructor): written as a plain value, or as a list
    place_values(T everywhere) : everywhere_{everywhere} {}
    place_values(std::vector<std::optional<T>> each) : each_{std::move(each)} {}
    // NOLINTEND(google-explicit-constructor)

    /// @param what the name in errors @throws input_error for more values than places
    template <std::size_t N>
    void apply_to(std::array<T, N>& values, const std::string& what) const {
        if (each_.size() > N) throw input_error{"sub-network", what, "at most " + std::to_string(N) + " values", std::to_string(each_.size())};
        if (everywhere_) values.fill(*everywhere_);
        for (std::size_t i = 0; i < each_.size(); ++i)
            if (each_[i]) values[i] = *each_[i];
    }

private:
    std::optional<T> everywhere_{};
    std::vector<std::optional<T>> each_{};
};

/// A sub-network as the originals' `set_active_subnet` takes it (elastic_nn/networks/ofa_mbv3.py).
struct subnet_choice {
    place_values<int> ks{};   ///< kernels; residual spaces have none
    place_values<double> e{}; ///< ratios
    place_values<int> d{};    ///< depths; those above the blocks of a stage become as many
    place_values<int> w{};    ///< indices of widths, of residual spaces only
    std::optional<int> image_size{};
};

/// The sub-network with what was chosen in place of its own values.
template <spaces::elastic_space Space>
[[nodiscard]] typename Space::arch_type chosen_from(typename Space::arch_type a, const subnet_choice& c) {
    c.ks.apply_to(a.ks, "ks");
    c.e.apply_to(a.e, "e");
    c.d.apply_to(a.d, "d");
    for (std::size_t s = 0; s < Space::stages; ++s) a.d[s] = std::min(a.d[s], Space::family.stages[s].blocks);
    a.image_size = c.image_size.value_or(a.image_size);
    return a;
}
template <spaces::resnet_space Space>
[[nodiscard]] spaces::resnet_arch chosen_from(spaces::resnet_arch a, const subnet_choice& c) {
    c.e.apply_to(a.e, "e");
    c.d.apply_to(a.d, "d");
    c.w.apply_to(a.w, "w");
    for (auto& d : a.d) d = std::min(d, Space::resnet.most_extra);
    a.image_size = c.image_size.value_or(a.image_size);
    return a;
}

} // namespace verdant::supernet
