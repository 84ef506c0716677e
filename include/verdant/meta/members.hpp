#pragma once

#include <verdant/meta/fixed_string.hpp>
#include <verdant/meta/type_name.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

/// The list of an aggregate's members, by which options are described once.
namespace verdant {

/// What a member is to those who read a description.
enum class member_role : unsigned char {
    option,     ///< a number, truth value, enumerator or text; or a struct, whose members are called `name.member`
    inlined,    ///< a struct whose members are called as if they stood in this one
    policy,     ///< a function object: its type is one option, its members are options called `name.member`
    type,       ///< a function object of which only the type is an option: what it holds is its state
    unrecorded, ///< an option that kept studies do not hold
};

/// One member of a described struct.
/// @tparam Name    as the source code has it
/// @tparam Pointer the pointer to the member
template <fixed_string Name, auto Pointer, member_role Role = member_role::option>
struct member {
    static constexpr member_role role = Role;
    static constexpr auto pointer = Pointer;
    [[nodiscard]] static constexpr std::string_view name() { return Name.view(); }
};

/// A type that is an option of a struct although no member has it.
template <fixed_string Name, class Type>
struct named_type {};

/// The members of a struct, in order, given once and read by studies that are kept, their JSON, command lines and Boost.Hana:
///
///     struct options {
///         std::size_t children = 8;
///         using described = members<member<"children", &options::children>>;
///     };
///
/// A struct whose members are not all listed is refused by `search` and wherever else its description is read.
template <class... Entries>
struct members {};

/// A struct with a list of its members.
template <class Struct>
concept described_struct = requires { typename Struct::described; };

namespace detail {

/// Becomes anything, in expressions that are not evaluated.
struct any_value {
    template <class T>
    operator T() const; // NOLINT(google-explicit-constructor): initialises a member of any type
};

template <class Struct, std::size_t... I>
[[nodiscard]] consteval bool takes_values(std::index_sequence<I...>) {
    return requires { Struct{(static_cast<void>(I), any_value{})...}; };
}
/// Whether a struct is known to have more than `Count` direct members and bases. One that is not an aggregate, or has a member that cannot be made
/// from `any_value`, is not known to.
template <class Struct, std::size_t Count>
[[nodiscard]] consteval bool has_more_members_than() {
    if constexpr (std::is_aggregate_v<Struct> && !std::is_array_v<Struct>) return takes_values<Struct>(std::make_index_sequence<Count + 1>{});
    else return false;
}

template <class Class, class Type>
[[nodiscard]] consteval std::type_identity<Class> class_of_member(Type Class::*) {
    return {};
}

/// What may be wrong with a description.
enum class description_fault : unsigned char { none, member_missing, named_twice, part_not_described };

template <class Struct>
[[nodiscard]] consteval description_fault fault_in_description();

/// The values that can be written as one text.
template <class T>
concept plain_option = std::is_arithmetic_v<T> || std::is_enum_v<T> || std::convertible_to<const T&, std::string_view>;

/// Whether a member is a struct whose own members are options.
template <class Type>
[[nodiscard]] consteval bool is_part(member_role role) {
    return role == member_role::inlined || role == member_role::policy || (role == member_role::option && !plain_option<Type>);
}

/// What an entry counts: a direct member, an inherited one, or none.
template <class Struct, class Entry>
struct entry_facts {
    static constexpr std::size_t direct = 0;
    static constexpr bool inherited = false;
    static constexpr std::string_view name{};
    static constexpr auto fault = description_fault::none;
};
template <class Struct, fixed_string Name, auto Pointer, member_role Role>
struct entry_facts<Struct, member<Name, Pointer, Role>> {
    static constexpr bool inherited = !std::same_as<typename decltype(class_of_member(Pointer))::type, Struct>;
    static constexpr std::size_t direct = inherited ? 0 : 1;
    static constexpr std::string_view name = Name.view();
    using type = std::remove_cvref_t<decltype(std::declval<Struct&>().*Pointer)>;
    [[nodiscard]] static consteval description_fault fault_of_part() {
        if constexpr (is_part<type>(Role)) return fault_in_description<type>();
        else return description_fault::none;
    }
    static constexpr auto fault = fault_of_part();
};

template <class Struct, class... Entries>
[[nodiscard]] consteval description_fault fault_in_list(members<Entries...>) {
    // Inherited members are initialised together, by their base.
    constexpr std::size_t listed = (std::size_t{0} + ... + entry_facts<Struct, Entries>::direct) +
                                   ((false || ... || entry_facts<Struct, Entries>::inherited) ? 1 : 0);
    if (has_more_members_than<Struct, listed>()) return description_fault::member_missing;
    const std::array<std::string_view, sizeof...(Entries)> names{entry_facts<Struct, Entries>::name...};
    for (std::size_t i = 0; i < names.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (!names[i].empty() && names[i] == names[j]) return description_fault::named_twice;
    auto fault = description_fault::none;
    static_cast<void>(((fault = entry_facts<Struct, Entries>::fault, fault != description_fault::none) || ...));
    return fault;
}

template <class Struct>
consteval description_fault fault_in_description() {
    if constexpr (described_struct<Struct>) return fault_in_list<Struct>(typename Struct::described{});
    else return has_more_members_than<Struct, 0>() ? description_fault::part_not_described : description_fault::none; // nothing needs no list
}

/// Reports what is wrong with a struct's list `described` and those of its parts; nothing where it has none.
template <class Struct>
struct description_check {
    static constexpr bool value = true;
};
template <described_struct Struct>
struct description_check<Struct> {
    static constexpr auto fault = fault_in_description<Struct>();
    static constexpr bool complete = fault != description_fault::member_missing, once = fault != description_fault::named_twice,
                          deep = fault != description_fault::part_not_described;
    static_assert(complete, "verdant: a member of this struct is not described; add member<\"name\", &options::name> to its list `described`");
    static_assert(once, "verdant: the list `described` of this struct names a member twice; give each member once");
    static_assert(deep, "verdant: a part of these options has members and no list of them; add using described = "
                        "members<member<\"name\", &part::name>, ...> to it");
    static constexpr bool value = true; // a false one would add a second error below the first
};

template <class Struct, class Visitor>
void visit_options(Struct& options, const std::string& prefix, Visitor& visit);

template <class Entry>
struct option_visit;
template <fixed_string Name, class Type>
struct option_visit<named_type<Name, Type>> {
    template <class Struct, class Visitor>
    static void run(Struct&, const std::string& prefix, Visitor& visit) {
        visit.type(prefix + std::string{Name.view()}, type_name<Type>());
    }
};
template <fixed_string Name, auto Pointer, member_role Role>
struct option_visit<member<Name, Pointer, Role>> {
    template <class Struct, class Visitor>
    static void run(Struct& options, const std::string& prefix, Visitor& visit) {
        auto& value = options.*Pointer;
        using type = std::remove_cvref_t<decltype(value)>;
        const auto name = prefix + std::string{Name.view()};
        if constexpr (Role == member_role::type || Role == member_role::policy) visit.type(name, type_name<type>());
        if constexpr (is_part<type>(Role)) visit_options(value, Role == member_role::inlined ? prefix : name + '.', visit);
        else if constexpr (Role == member_role::unrecorded) visit.unrecorded(name, value);
        else if constexpr (Role == member_role::option) visit.value(name, value);
    }
};

template <class Struct, class Visitor, class... Entries>
void visit_entries(Struct& options, const std::string& prefix, Visitor& visit, members<Entries...>) {
    (option_visit<Entries>::run(options, prefix, visit), ...);
}

template <class Struct, class Visitor>
void visit_options(Struct& options, const std::string& prefix, Visitor& visit) {
    if constexpr (described_struct<Struct>) visit_entries(options, prefix, visit, typename Struct::described{});
}

} // namespace detail

/// Visits all options of a described struct, those of its parts and policies included, in the order of its description.
/// @param visit has `type(name, text)` for the type of a policy, `value(name, value)` for a number, enumerator or text, and
///              `unrecorded(name, value)` for a member of any type that kept studies do not hold; `name` is a std::string
template <described_struct Struct, class Visitor>
void for_each_option(Struct& options, Visitor&& visit) {
    static_assert(detail::description_check<std::remove_cv_t<Struct>>::value);
    detail::visit_options(options, std::string{}, visit);
}

} // namespace verdant
