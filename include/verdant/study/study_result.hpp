#pragma once

#include <verdant/error.hpp>
#include <verdant/search/search_consumption.hpp>
#include <verdant/search/start_points.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/space/value_text.hpp>
#include <verdant/study/study_description.hpp>
#include <verdant/study/study_difference.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant {

/// The result of a study that was read from a file, as a program has it that knows its type: trials, front, hypervolume. Thresholds and bounds are
/// those of the file; optimizer, seed and batch do not matter.
/// @tparam Search the type of the study: its space and goals are those of the file
/// @param source what errors call the study: a file's name
/// @throws input_error that names all differences of space and goals, or the first trial that does not fit
template <class Search>
[[nodiscard]] typename Search::result_type study_result(const stored_study& study, std::string_view source) {
    using space = typename Search::space_type;
    using goals = typename Search::goals_type;
    using metrics_type = typename goals::metrics_type;
    auto limits = goals::limits();
    std::size_t o = 0, c = 0, at = 0;
    goals::for_each([&]<class G>() {
        if (at >= study.description.goals.size()) return;
        const auto& g = study.description.goals[at++];
        if constexpr (objective<G>) limits.threshold[o++] = g.threshold;
        else if constexpr (constraint<G>) limits.low[c] = g.low, limits.high[c++] = g.high;
    });
    auto wanted = describe_study<space, goals, typename Search::optimizer_type>(limits, {}, study.description.seed, study.description.batch);
    wanted.optimizer = study.description.optimizer;
    wanted.options = study.description.options;
    wanted.start_points = study.description.start_points;
    wanted.order = study.description.order;
    require_same_study(study.description, wanted, source);

    auto session = Search::ask_tell({.seed = study.description.seed}, limits);
    std::vector<point<space>> starts, points;
    std::set<point<space>> seen;
    // In the order told, as a search gives them; where that is not the order of the numbers, some of these may still be pending.
    auto trials = study.trials;
    const bool by_number = study.description.order != "as_completed";
    if (!by_number)
        std::sort(trials.begin(), trials.end(),
                  [](const stored_trial& a, const stored_trial& b) { return a.told != b.told ? a.told < b.told : a.number < b.number; });
    for (const auto& t : trials) {
        const auto place = "trial " + std::to_string(t.number);
        if (by_number && t.number != points.size()) throw input_error{source, place, "trial " + std::to_string(points.size()), "another one"};
        if (t.parameters.size() != parameter_count<space>)
            throw input_error{source, place, std::to_string(parameter_count<space>) + " parameters", std::to_string(t.parameters.size())};
        point<space> p;
        for (std::size_t i = 0; i < t.parameters.size(); ++i) {
            const auto name = std::string{view_of<space>.name(i)};
            const bool exists = view_of<space>.active(i, p);
            if (!exists && t.parameters[i].empty()) continue;
            const auto index = find_value(view_of<space>, i, t.parameters[i]);
            if (index == view_of<space>.domain_size(i) || (!exists && index != 0))
                throw input_error{source, place + ", " + name, exists ? "a value of its domain" : "nothing, since it does not exist there",
                                  '\'' + t.parameters[i] + '\''};
            p[i] = static_cast<typename point<space>::index_type>(index);
        }
        require_feasible(p, source, place);
        if (!seen.insert(p).second) throw input_error{source, place, "a point that no trial before has", to_string(p)};
        points.push_back(p);
        if (t.origin == trial_origin::start_point) starts.push_back(p);
    }
    session.start_with(start_points<space>{starts});
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto& t = trials[i];
        metrics_type values;
        if (t.completed) {
            std::array<double, metrics_type::size()> numbers{};
            if (t.metrics.size() != numbers.size())
                throw input_error{source, "trial " + std::to_string(i), std::to_string(numbers.size()) + " metrics",
                                  std::to_string(t.metrics.size())};
            std::copy(t.metrics.begin(), t.metrics.end(), numbers.begin());
            values = metrics_type::from_si_values(numbers);
            if (const auto nan = detail::nan_metric(values); !nan.empty())
                throw input_error{source, "trial " + std::to_string(i) + ", " + std::string{nan}, "a number", "none"};
        }
        session.take(t.number, points[i], values, t.completed ? "" : t.message.empty() ? "failed" : t.message, t.times);
    }
    auto result = session.result();
    if (!study.consumption.empty()) {
        search_consumption all{.runs = 0};
        for (const auto& one : study.consumption) all += one;
        result.set_consumption(std::move(all));
    }
    return result;
}

} // namespace verdant
