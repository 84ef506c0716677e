#pragma once

#include <verdant/search/result.hpp>
#include <verdant/search/search_options.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/space/value_text.hpp>
#include <verdant/study/study_description.hpp>

#include <cstddef>
#include <string>
#include <utility>

namespace verdant {

/// A result as storages keep a study: without the types of its program, and without questions and states, which a result does not hold.
/// `study_result` is the way back.
/// @param options the options that the search ran with
template <class Space, class Goals, class OptimizerOptions>
[[nodiscard]] stored_study stored_study_of(const search_result<Space, Goals>& result, const search_options<OptimizerOptions>& options) {
    stored_study study{.description = {.seed = result.seed().value_or(options.seed), .batch = options.batch, .library = detail::library_text()}};
    auto& d = study.description;
    detail::describe_space(view_of<Space>, d);
    detail::describe_goals<Goals>(result.limits(), d);
    d.metrics = detail::metric_names<typename Goals::metrics_type>::all();
    d.optimizer = result.optimizer();
    if constexpr (described_struct<OptimizerOptions>) for_each_option(options.optimizer, detail::option_list{d});
    for (const auto& t : result.trials()) {
        stored_trial one{.number = t.number, .completed = t.completed(), .message = t.message, .origin = t.origin, .times = t.times};
        for (std::size_t p = 0; p < t.point.size(); ++p)
            one.parameters.push_back(view_of<Space>.active(p, t.point) ? value_text(view_of<Space>, p, t.point[p]) : std::string{});
        if (t.completed()) {
            const auto values = t.values.si_values();
            one.metrics.assign(values.begin(), values.end());
        }
        study.trials.push_back(std::move(one));
    }
    if (result.consumption()) study.consumption.push_back(*result.consumption());
    return study;
}

} // namespace verdant
