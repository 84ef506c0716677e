#pragma once

#include <verdant/goal/pending_trial.hpp>
#include <verdant/search/job.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/space/point.hpp>
#include <verdant/study/detail/kept_texts.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

/// Trials as storages keep them.
namespace verdant::detail {

/// The text of each value; empty where a parameter does not exist.
template <search_space Space>
[[nodiscard]] std::vector<std::string> stored_values(const point<Space>& p) {
    std::array<std::uint32_t, parameter_count<Space>> indices{};
    std::copy(p.indices().begin(), p.indices().end(), indices.begin());
    return stored_texts(view_of<Space>, indices);
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
