#pragma once

#include <verdant/goal/goal.hpp>
#include <verdant/meta/type_name.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/search/storage.hpp>
#include <verdant/space/constraint_text.hpp>
#include <verdant/space/text.hpp>

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

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

inline void describe_space(const space_view& space, study_description& study) {
    for (std::size_t p = 0; p < space.size(); ++p)
        study.parameters.push_back({std::string{space.name(p)}, stored_kind(space.kind(p)), stored_domain(space, p),
                                    space.conditional(p) ? expression_text{space}(space.guard(p)) : std::string{}});
    for (std::size_t c = 0; c < space.constraint_count(); ++c) study.constraints.push_back(constraint_text(space, c));
}

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

/// What a policy calls its options by: `option("population", 100)`.
class option_list {
public:
    explicit option_list(study_description& study) : study_{study} {}
    template <class T>
    void operator()(std::string_view name, const T& value) const {
        std::string text;
        if constexpr (std::same_as<T, bool>) text = value ? "true" : "false";
        else if constexpr (std::is_enum_v<T>) text = std::to_string(static_cast<std::int64_t>(value));
        else if constexpr (std::is_arithmetic_v<T>) {
            char digits[32];
            text.assign(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
        } else text = std::string_view{value};
        study_.options.push_back({std::string{name}, std::move(text)});
    }

private:
    study_description& study_;
};

/// An optimizer says what it is by two static members, so that a study of other options is refused with their names:
/// `static constexpr std::string_view name()` and `template <class F> static void describe(const options& o, F&& option)`, which calls
/// `option("name", value)` for each option that points depend on. One without them is told apart by the points it proposes.
template <class Optimizer>
void describe_optimizer(const typename Optimizer::options& options, study_description& study) {
    if constexpr (requires { std::string_view{Optimizer::name()}; }) study.optimizer = std::string_view{Optimizer::name()};
    else study.optimizer = type_name<Optimizer>();
    if constexpr (requires(const option_list& list) { Optimizer::describe(options, list); }) Optimizer::describe(options, option_list{study});
}

} // namespace detail

/// A study in words and numbers.
/// @param limits of the goals, in SI units
/// @param batch  points that the search asks for at once
template <class Space, class Goals, class Optimizer>
[[nodiscard]] study_description describe_study(const typename Goals::limits_type& limits, const typename Optimizer::options& options,
                                               std::uint64_t seed, std::uint64_t batch) {
    study_description study{.seed = seed, .batch = batch};
    detail::describe_space(view_of<Space>, study);
    detail::describe_goals<Goals>(limits, study);
    study.metrics = detail::metric_names<typename Goals::metrics_type>::all();
    detail::describe_optimizer<Optimizer>(options, study);
    return study;
}

} // namespace verdant
