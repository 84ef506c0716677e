#pragma once

#include <verdant/fidelity/fidelity_result.hpp>
#include <verdant/fidelity/fidelity_schedule.hpp>
#include <verdant/fidelity/fidelity_table.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/report/report.hpp>
#include <verdant/report/study_json.hpp>
#include <verdant/search/result.hpp>
#include <verdant/space/json.hpp>
#include <verdant/study/study_description.hpp>
#include <verdant/text/utc.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <string>
#include <utility>

namespace verdant {

/// A multi-fidelity search as JSON: space, goals, how it ran, every measurement in the order taken note of, the trials that were measured whole and
/// their front. Metrics are as of `study_json`; fidelities are values of the scale, costs in the unit of the budget.
template <class Space, class Goals>
[[nodiscard]] nlohmann::ordered_json fidelity_json(const fidelity_result<Space, Goals>& result) {
    using detail::ordered_json;
    const auto& found = result.found();
    ordered_json all{{"format", "verdant multi-fidelity search"}, {"version", 1}, {"library", detail::library_text()}};
    all["space"] = detail::space_json(view_of<Space>);
    all["goals"] = detail::goals_json<Goals>(found.limits());
    auto rungs = ordered_json::array();
    for (const auto r : result.rungs()) rungs.push_back(result.scale().value_at(r));
    all["scale"] = {{"name", result.scale().name}, {"unit", result.scale().unit}, {"whole", result.scale().whole()}, {"rungs", std::move(rungs)}};
    all["run"] = {{"policy", result.policy()},
                  {"optimizer", found.optimizer()},
                  {"seed", found.seed() ? ordered_json(*found.seed()) : ordered_json(nullptr)},
                  {"budget", result.budget()},
                  {"cost", result.cost()},
                  {"cost_unit", cost_unit_text(result.unit())},
                  {"trials", found.trials().size()},
                  {"stopped", result.out_of_budget() ? "budget" : stop_reason_text(found.reason())},
                  {"known_points_proposed", found.repeated()}};
    auto measured = ordered_json::array();
    for (const auto& e : result.evaluations()) {
        ordered_json one{{"trial", e.number},
                         {"fidelity", result.scale().value_at(e.fidelity)},
                         {"status", measurement_status_text(e.status)},
                         {"cost", e.cost},
                         {"point", point_json(e.point)}};
        if (e.status != measurement_status::failed) detail::metrics_json<typename Goals::metrics_type>::put(e.values, one);
        else one["message"] = detail::text_json(e.message);
        if (!std::isnan(e.times.started)) one["started"] = utc_text(e.times.started);
        if (!std::isnan(e.times.ended)) one["ended"] = utc_text(e.times.ended);
        if (e.times.known()) one["seconds"] = e.times.duration().value();
        measured.push_back(std::move(one));
    }
    all["evaluations"] = std::move(measured);
    auto whole = ordered_json::array(), front = ordered_json::array();
    for (const auto& t : result.whole().trials()) whole.push_back(t.number);
    for (const auto& t : result) front.push_back(t.number);
    all["whole"] = std::move(whole);
    all["front"] = std::move(front);
    return all;
}

} // namespace verdant
