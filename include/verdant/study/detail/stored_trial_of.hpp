#pragma once

#include <verdant/goal/pending_trial.hpp>
#include <verdant/search/job.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/value_text.hpp>

#include <cstddef>
#include <string>
#include <vector>

/// Trials as storages keep them.
namespace verdant::detail {

/// The text of each value; empty where a parameter does not exist.
template <search_space Space>
[[nodiscard]] std::vector<std::string> stored_values(const point<Space>& p) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < p.size(); ++i) all.push_back(view_of<Space>.active(i, p) ? value_text(view_of<Space>, i, p[i]) : std::string{});
    return all;
}

/// A trial that the optimizer asked for.
template <search_space Space, class Goals>
[[nodiscard]] stored_trial stored_trial_of(const pending_trial<Space>& one, const outcome<Goals>& what) {
    stored_trial t{.number = one.number,
                   .parameters = stored_values(one.point),
                   .completed = what.failure.empty(),
                   .message = what.failure,
                   .times = what.times};
    if (t.completed) {
        const auto numbers = what.values.si_values();
        t.metrics.assign(numbers.begin(), numbers.end());
    }
    return t;
}

} // namespace verdant::detail
