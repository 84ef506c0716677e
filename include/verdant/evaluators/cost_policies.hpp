#pragma once

#include <verdant/carbon/life.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/area.hpp>
#include <verdant/hardware/fidelity.hpp>
#include <verdant/hardware/mapping/cache.hpp>
#include <verdant/hardware/monotone_mapping.hpp>
#include <verdant/hardware/mapping/result.hpp>

#include <concepts>
#include <cstddef>
#include <type_traits>

/// The policies that `co_design_costs` takes, told apart by concept.
namespace verdant::detail {

// The roles of policies of `co_design_costs`: who plays one, and who does where nobody was named.

struct mapper_role {
    template <class P>
    static constexpr bool played_by = hardware::mapper<P>;
    using usual = void; // see usual_mapper
};
struct fidelity_role {
    template <class P>
    static constexpr bool played_by = hardware::fidelity_policy<P>;
    using usual = hardware::faithful;
};
struct area_role {
    template <class P>
    static constexpr bool played_by = hardware::area_policy<P>;
    using usual = hardware::published;
};
/// Stands for the accelerator of the point.
struct accelerator_of_point {};
struct accelerator_role {
    template <class P>
    static constexpr bool played_by = std::same_as<P, hardware::accelerator>;
    using usual = accelerator_of_point;
};

/// What footprints assume.
struct life_role {
    template <class P>
    static constexpr bool played_by = std::same_as<P, carbon::life>;
};

/// The mapper of estimates of a fidelity, where none is named.
template <class Fidelity>
using usual_mapper = std::conditional_t<Fidelity::maps_to_whole_grid, hardware::mapping_cache<>, hardware::monotone_mapping<>>;

template <class Role, class... Policies>
struct find_player {
    using type = typename Role::usual;
};
template <class Role, class First, class... Rest>
struct find_player<Role, First, Rest...>
    : std::conditional_t<Role::template played_by<First>, std::type_identity<First>, find_player<Role, Rest...>> {};

/// Policies told apart by concept, in any order. One type may play several roles.
template <class... Policies>
struct cost_policies {
    template <class Role>
    static constexpr std::size_t players = (std::size_t{0} + ... + (Role::template played_by<Policies> ? 1 : 0));

    using fidelity = typename find_player<fidelity_role, Policies...>::type;
    using named_mapper = typename find_player<mapper_role, Policies...>::type;
    using mapper = std::conditional_t<std::is_void_v<named_mapper>, usual_mapper<fidelity>, named_mapper>;
    using area = typename find_player<area_role, Policies...>::type;
    using accelerator = typename find_player<accelerator_role, Policies...>::type;
    static constexpr bool fixed_accelerator = std::same_as<accelerator, hardware::accelerator>;
    static constexpr bool names_fidelity = players<fidelity_role> > 0;
};

/// Every policy has a role, and no role is played twice.
template <class... Policies>
struct cost_policies_check {
    static constexpr bool done = true; // first, since clang forgets what follows a failed assertion
    template <class P>
    static constexpr bool plays = mapper_role::played_by<P> || fidelity_role::played_by<P> || area_role::played_by<P> ||
                                  accelerator_role::played_by<P> || life_role::played_by<P>;
    template <class Role>
    static constexpr bool single = cost_policies<Policies...>::template players<Role> <= 1;

    static constexpr bool all_play = (plays<Policies> && ...);
    static_assert(all_play, "verdant: a policy of co_design_costs has no role; give a mapper, a fidelity policy such as hardware::corrected, an area "
                            "policy such as hardware::live, a fixed hardware::accelerator or a carbon::life, see cost_policies_check<...> in this message");
    static constexpr bool once = single<mapper_role> && single<fidelity_role> && single<area_role> && single<accelerator_role> && single<life_role>;
    static_assert(once, "verdant: two policies of co_design_costs have the same role; keep one mapper, one fidelity policy, one area policy, one "
                        "accelerator and one life, see cost_policies_check<...> in this message");
};

/// What a constructor is given besides the base: each part is of a policy's type or says what footprints assume, and no policy is missing.
template <class Policies, class... Parts>
struct constructor_parts;
template <class... Policies, class... Parts>
struct constructor_parts<cost_policies<Policies...>, Parts...> {
    template <class Part>
    static constexpr bool known = std::same_as<Part, carbon::life> || (std::same_as<Part, Policies> || ...);
    template <class Part>
    static constexpr std::size_t times = (std::size_t{0} + ... + (std::same_as<Part, Parts> ? 1 : 0));
    template <class Part>
    static constexpr bool there = times<Part> > 0 || (std::is_default_constructible_v<Part> && !std::same_as<Part, hardware::accelerator>);

    static constexpr bool all_known = (known<Parts> && ...);
    static_assert(all_known, "verdant: the constructor of an evaluator is given what is none of its policies; write co_design_costs{base, parts...}, "
                             "whose type follows from the parts, see constructor_parts<...> in this message");
    static constexpr bool once = !all_known || ((times<Parts> == 1) && ...);
    static_assert(once, "verdant: the constructor of an evaluator is given two parts of one type; leave one out, see constructor_parts<...> in this message");
    static constexpr bool complete = !all_known || (there<Policies> && ...);
    static_assert(complete,
                  "verdant: the constructor of an evaluator lacks a part that has no default; give it the fixed accelerator, or the mapper, "
                  "see constructor_parts<...> in this message");
};

/// The one of `parts` whose type is `T`, or a `T` made without arguments.
template <class T>
[[nodiscard]] constexpr T part_or_default() {
    return T{};
}
template <class T, class First, class... Rest>
[[nodiscard]] constexpr T part_or_default(const First& first, const Rest&... rest) {
    if constexpr (std::same_as<T, First>) return first;
    else return part_or_default<T>(rest...);
}

} // namespace verdant::detail
