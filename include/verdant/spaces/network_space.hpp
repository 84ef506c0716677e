#pragma once

#include <verdant/space/point.hpp>
#include <verdant/space/restrict.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/spaces/mnasnet/mnasnet_costs.hpp>
#include <verdant/spaces/mnasnet/mnasnet_net.hpp>
#include <verdant/spaces/once_for_all/elastic_costs.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>
#include <verdant/workload/convnet/residual_costs.hpp>

#include <concepts>
#include <type_traits>

namespace verdant::spaces {

/// A space whose points are networks: derived from `once_for_all` or `ofa_resnet`, or `mnasnet`.
template <class S>
concept network_space = elastic_space<S> || resnet_space<S> || std::same_as<S, mnasnet>;

/// The costs of a ResNet's point; see `workload::cost_of` for the meaning of its peak.
template <resnet_space S>
[[nodiscard]] constexpr workload::block_cost cost_of(const point<S>& p) {
    return workload::cost_of(net_of(p));
}

namespace detail {

template <class Elements>
struct narrowed_from {
    using type = void;
};
template <class Element>
    requires requires { typename Element::narrowed_space; }
struct narrowed_from<verdant::detail::element_list<Element>> {
    using type = typename Element::narrowed_space;
};

/// Where the network is in a space: the space itself, what it restricts, or what it nests below `net`.
template <class S>
[[nodiscard]] consteval auto find_network() {
    if constexpr (!search_space<S>) return std::type_identity<void>{};
    else if constexpr (spaces::network_space<S>) return std::type_identity<S>{};
    else if constexpr (!std::is_void_v<typename narrowed_from<typename S::elements>::type>)
        return find_network<typename narrowed_from<typename S::elements>::type>();
    else return find_network<typename verdant::detail::find_nested<"net", 0, typename S::elements>::space_type>();
}
template <class S>
using network_in = typename decltype(find_network<S>())::type;

} // namespace detail

/// A space that holds a network: a `network_space`, `fix` or `restrict` of one, or a space that nests one below `net`.
template <class S>
concept holds_network = search_space<S> && !std::is_void_v<verdant::spaces::detail::network_in<S>>;

/// The network of a point, as a point of its own space.
template <holds_network S>
[[nodiscard]] constexpr auto network_of(const point<S>& p) {
    using network = verdant::spaces::detail::network_in<S>;
    using inner = typename verdant::spaces::detail::narrowed_from<typename S::elements>::type;
    if constexpr (std::is_same_v<network, S>) return p;
    else if constexpr (!std::is_void_v<inner>) return network_of(point_cast<inner>(p));
    else return network_of(p.template nested<"net">());
}

} // namespace verdant::spaces
