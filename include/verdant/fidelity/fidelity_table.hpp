#pragma once

#include <verdant/fidelity/fidelity_options.hpp>
#include <verdant/fidelity/fidelity_result.hpp>
#include <verdant/fidelity/fidelity_schedule.hpp>
#include <verdant/report/report.hpp>
#include <verdant/space/value_text.hpp>
#include <verdant/text/number.hpp>
#include <verdant/text/utc.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Multi-fidelity searches as tables and CSV.
namespace verdant {

/// The unit of a budget in words: `whole evaluations` or `seconds`.
[[nodiscard]] constexpr std::string_view cost_unit_text(cost_unit unit) { return unit == cost_unit::seconds ? "seconds" : "whole evaluations"; }

namespace detail {

/// The name of a column for a scale: `epochs`, `resolution [px]`.
[[nodiscard]] inline std::string scale_column(const fidelity_view& scale) {
    std::string name{scale.name};
    if (!scale.unit.empty() && scale.unit != scale.name) name += " [" + std::string{scale.unit} + ']';
    return name;
}

} // namespace detail

/// What was measured at each fidelity, and what it cost: how many measurements were completed, stopped there, or failed. The last row
/// has the sums.
template <class Space, class Goals>
[[nodiscard]] report fidelity_table(const fidelity_result<Space, Goals>& result, int digits = 5) {
    struct row {
        std::size_t completed = 0, stopped = 0, failed = 0;
        double cost = 0;
    };
    std::map<double, row> rows;
    for (const auto r : result.rungs()) rows[r];
    row sum;
    for (const auto& e : result.evaluations()) {
        if (e.status == measurement_status::reported) continue;
        for (auto* one : {&rows[e.fidelity], &sum}) {
            one->completed += e.status == measurement_status::completed ? 1 : 0;
            one->stopped += e.status == measurement_status::stopped ? 1 : 0;
            one->failed += e.status == measurement_status::failed ? 1 : 0;
            one->cost += e.cost;
        }
    }
    const auto number = [&](double value) { return digits == 0 ? exact_text(value) : rounded_text(value, digits); };
    report made{{detail::scale_column(result.scale()), "completed", "stopped", "failed", "cost [" + std::string{cost_unit_text(result.unit())} + ']'}, {}};
    const auto write = [&](std::string name, const row& r) {
        made.rows.push_back({std::move(name), std::to_string(r.completed), std::to_string(r.stopped), std::to_string(r.failed), number(r.cost)});
    };
    for (const auto& [share, r] : rows) write(number(result.scale().value_at(share)), r);
    write("all", sum);
    return made;
}

/// Every measurement, in the order taken note of: the trial's number, the fidelity on its scale, what came of it, its cost, parameters, metrics,
/// message. `csv_text` writes it as CSV.
/// @param options `times` adds when, `digits` rounds metrics and costs; `status` is not read
template <class Space, class Goals>
[[nodiscard]] report evaluation_table(const fidelity_result<Space, Goals>& result, const report_options& options = {}) {
    using metric_columns = detail::metric_columns<typename Goals::metrics_type>;
    std::vector<std::string> named;
    for (const auto name : names<Space>()) named.emplace_back(name);
    metric_columns::name(named);
    report made{{"trial", detail::scale_column(result.scale()), "status", "cost [" + std::string{cost_unit_text(result.unit())} + ']'}, {}};
    std::vector<std::string> last{"message"};
    if (options.times) last.insert(last.end(), {"started", "ended", "seconds"});
    for (auto& name : named) {
        auto taken = made.columns;
        taken.insert(taken.end(), last.begin(), last.end());
        made.columns.push_back(detail::free_name(std::move(name), taken));
    }
    made.columns.insert(made.columns.end(), last.begin(), last.end());
    const auto number = [&](double value) { return options.digits == 0 ? exact_text(value) : rounded_text(value, options.digits); };
    for (const auto& e : result.evaluations()) {
        auto& row = made.rows.emplace_back();
        row = {std::to_string(e.number), number(result.scale().value_at(e.fidelity)), std::string{measurement_status_text(e.status)}, number(e.cost)};
        for (std::size_t p = 0; p < e.point.size(); ++p)
            row.push_back(view_of<Space>.active(p, e.point) ? value_text(view_of<Space>, p, e.point[p]) : std::string{});
        if (e.status != measurement_status::failed) metric_columns::write(e.values, row, number);
        else row.resize(row.size() + Goals::metrics_type::size());
        row.push_back(io::valid_utf8(e.message));
        if (options.times) {
            row.push_back(utc_text(e.times.started));
            row.push_back(utc_text(e.times.ended));
            row.push_back(e.times.known() ? exact_text(e.times.duration().value()) : std::string{});
        }
    }
    return made;
}

} // namespace verdant
