#pragma once

#include <verdant/error.hpp>
#include <verdant/spaces/once_for_all/comp_ofa.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/narrow.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>

#include <array>
#include <string>
#include <string_view>
#include <type_traits>

/// The spaces that programs offer by name.
namespace verdant::spaces {

/// The name of a space in files and on command lines: those of MOOFA's configuration files (moofa, supernet models of `model_configs.yaml`), with the
/// width where it is not 1. Specialise it for a space of your own to have it in a catalogue.
template <class Space>
inline constexpr std::string_view catalogue_name{};
template <>
inline constexpr std::string_view catalogue_name<ofa_mobilenet_v3<1.0>>{"OFA"};
template <>
inline constexpr std::string_view catalogue_name<ofa_mobilenet_v3<1.2>>{"OFA_1.2"};
template <>
inline constexpr std::string_view catalogue_name<comp_ofa>{"CompOFA"};
template <>
inline constexpr std::string_view catalogue_name<moofa_v1>{"MOOFA_V1"};
template <>
inline constexpr std::string_view catalogue_name<moofa_v2>{"MOOFA_V2"};
template <>
inline constexpr std::string_view catalogue_name<moofa_v3>{"MOOFA_V3"};
template <>
inline constexpr std::string_view catalogue_name<ofa_proxyless<1.3>>{"Proxyless"};
template <>
inline constexpr std::string_view catalogue_name<narrow_ofa>{"narrow_OFA"};
template <>
inline constexpr std::string_view catalogue_name<narrow_moofa>{"narrow_MOOFA"};

/// Spaces that a program chooses from by name when it runs. What it does with one is compiled once for each.
template <elastic_space... Spaces>
struct catalogue {
    static_assert((!catalogue_name<Spaces>.empty() && ...),
                  "verdant: a space of this catalogue has no name; specialise verdant::spaces::catalogue_name for it");

    /// In the order of the spaces.
    static constexpr std::array<std::string_view, sizeof...(Spaces)> names{catalogue_name<Spaces>...};

    /// Calls `f(std::type_identity<Space>{})` for the space of that name. @return what `f` returns, of one type for all spaces
    /// @throws input_error with all names if there is none of that name
    template <class F>
    static auto visit(std::string_view name, const F& f) {
        return visit_from<Spaces...>(name, f);
    }

private:
    template <class First, class... Rest, class F>
    static auto visit_from(std::string_view name, const F& f) {
        if (name == catalogue_name<First>) return f(std::type_identity<First>{});
        if constexpr (sizeof...(Rest) > 0) {
            return visit_from<Rest...>(name, f);
        } else {
            std::string all;
            for (const auto known : names) all += (all.empty() ? "" : ", ") + std::string{known};
            throw input_error{"space", "", "one of " + all, "'" + std::string{name} + "'"};
            return f(std::type_identity<First>{}); // never; it gives the type
        }
    }
};

/// The spaces of the publications.
using published_catalogue = catalogue<ofa_mobilenet_v3<1.0>, ofa_mobilenet_v3<1.2>, comp_ofa, moofa_v1, moofa_v2, moofa_v3, ofa_proxyless<1.3>>;

} // namespace verdant::spaces
