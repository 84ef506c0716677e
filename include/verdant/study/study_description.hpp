#pragma once

#include <verdant/goal/goal.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/meta/type_name.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/space/constraint_text.hpp>
#include <verdant/space/text.hpp>
#include <verdant/text/number.hpp>
#include <verdant/version.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Describes a study as storages keep it: space, goals, optimizer.
namespace verdant {

namespace detail {

[[nodiscard]] inline std::string stored_kind(value_kind kind) {
    switch (kind) {
    case value_kind::integer: return "integer";
    case value_kind::floating: return "real";
    case value_kind::boolean: return "boolean";
    default: return "text";
    }
}

/// All values of a domain; of one that only a range can be, its ends and its size.
[[nodiscard]] inline std::string stored_domain(const space_view& space, std::size_t p) {
    const auto n = space.domain_size(p);
    if (n > 4096) return domain_text(space, p) + " (" + std::to_string(n) + " values)";
    std::string text;
    for (std::size_t i = 0; i < n; ++i) text += (i == 0 ? "" : ", ") + quoted_where_needed(value_text(space, p, i));
    return text;
}

template <class = instantiated_when_used>
void describe_space(const space_view& space, study_description& study) {
    for (std::size_t p = 0; p < space.size(); ++p)
        study.parameters.push_back({std::string{space.name(p)}, stored_kind(space.kind(p)), stored_domain(space, p),
                                    space.conditional(p) ? expression_text{space}(space.guard(p)) : std::string{}});
    for (std::size_t c = 0; c < space.constraint_count(); ++c) study.constraints.push_back(constraint_text(space, c));
}
VERDANT_DEFINED_ONCE(void describe_space<>(const space_view&, study_description&));

template <class Goals>
void describe_goals(const typename Goals::limits_type& limits, study_description& study) {
    constexpr auto none = std::numeric_limits<double>::quiet_NaN();
    std::size_t o = 0, c = 0;
    Goals::for_each([&]<class G>() {
        using metric = typename G::metric_type;
        stored_goal one{"track", std::string{metric::name()}, std::string{metric::unit::symbol()}, metric::unit::factor, none, none, none};
        if constexpr (objective<G>) {
            one.kind = G::maximized ? "maximize" : "minimize";
            one.threshold = limits.threshold[o++];
        } else if constexpr (constraint<G>) {
            one.kind = "subject_to";
            one.low = limits.low[c];
            one.high = limits.high[c++];
        }
        study.goals.push_back(std::move(one));
    });
}

template <class Record>
struct metric_names;
template <class... M>
struct metric_names<metrics<M...>> {
    [[nodiscard]] static std::vector<std::string> all() { return {std::string{M::name()}...}; }
};

/// An option as it is kept: `0.25`, `true`; enumerators as their numbers.
template <plain_option T>
[[nodiscard]] std::string option_text(const T& value) {
    if constexpr (std::same_as<T, bool>) return value ? "true" : "false";
    else if constexpr (std::is_enum_v<T>) return std::to_string(static_cast<std::int64_t>(value));
    else if constexpr (std::is_arithmetic_v<T>) return exact_text(value);
    else return std::string{std::string_view{value}};
}

/// Writes the options that studies record into a description.
class option_list {
public:
    explicit option_list(study_description& study) : study_{study} {}
    void type(const std::string& name, std::string_view text) const { study_.options.push_back({name, std::string{text}}); }
    template <class T>
    void value(const std::string& name, const T& value) const {
        study_.options.push_back({name, option_text(value)});
    }
    template <class T>
    void unrecorded(const std::string&, const T&) const {}

private:
    study_description& study_;
};

/// An optimizer says what it is by `static constexpr std::string_view name()` and the list `described` of its options (meta/members.hpp), so that
/// a study of other options is refused with their names. One without them is told apart by the points it proposes.
template <class Optimizer>
void describe_optimizer(const typename Optimizer::options& options, study_description& study) {
    if constexpr (requires { std::string_view{Optimizer::name()}; }) study.optimizer = std::string_view{Optimizer::name()};
    else study.optimizer = type_name<Optimizer>();
    if constexpr (described_struct<typename Optimizer::options>) for_each_option(options, option_list{study});
}

/// This library and its version: `verdant 0.1.0`.
[[nodiscard]] inline std::string library_text() {
    return "verdant " + std::to_string(VERDANT_VERSION_MAJOR) + '.' + std::to_string(VERDANT_VERSION_MINOR) + '.' +
           std::to_string(VERDANT_VERSION_PATCH);
}

} // namespace detail

/// A study in words and numbers.
/// @param limits of the goals, in SI units
/// @param batch  points that the search asks for at once
template <class Space, class Goals, class Optimizer>
[[nodiscard]] study_description describe_study(const typename Goals::limits_type& limits, const typename Optimizer::options& options,
                                               std::uint64_t seed, std::uint64_t batch) {
    study_description study{.seed = seed, .batch = batch, .library = detail::library_text()};
    detail::describe_space(view_of<Space>, study);
    detail::describe_goals<Goals>(limits, study);
    study.metrics = detail::metric_names<typename Goals::metrics_type>::all();
    detail::describe_optimizer<Optimizer>(options, study);
    return study;
}

} // namespace verdant
