#pragma once

#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/report/detail/html_text.hpp>
#include <verdant/report/detail/report_figures.hpp>
#include <verdant/study/study_columns.hpp>
#include <verdant/text/json_text.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// What a report's script reads: the trials that it draws, and the figures.
namespace verdant::detail {

/// The rows of the trials that are drawn: all, or those of fronts and the others evenly thinned.
[[nodiscard]] inline std::vector<std::uint32_t> drawn_rows(const study_columns& table, const report_figures& figures, std::size_t most) {
    std::vector<std::uint32_t> rows;
    const auto n = table.trials();
    if (n <= most) {
        for (std::size_t t = 0; t < n; ++t) rows.push_back(static_cast<std::uint32_t>(t));
        return rows;
    }
    rows = figures.front;
    for (const auto& p : figures.pairs) rows.insert(rows.end(), p.rows.begin(), p.rows.end());
    for (std::size_t i = 0; i < most; ++i) rows.push_back(static_cast<std::uint32_t>(i * n / most));
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

/// How many bytes of a report a trial takes at least.
[[nodiscard]] inline std::size_t bytes_of_trial(const study_columns& table) {
    std::size_t bytes = 4 + 1 + 4 + 4 + 2 + 4 * table.metrics.size();
    for (const auto& p : table.parameters) bytes += p.values.size() < 255 ? 1 : p.values.size() < 65535 ? 2 : 4;
    return bytes * 4 / 3 + 1;
}

/// The product of the units of the objectives as text, and in SI units.
struct volume_unit {
    std::string text{};
    double factor = 1;

    explicit volume_unit(const study_columns& table) {
        for (const auto& o : table.objectives) {
            const auto& m = table.metrics[o.metric];
            factor *= m.factor;
            if (!m.unit.empty()) text += (text.empty() ? "" : " ") + m.unit;
        }
    }
};

/// Writes the data of a report.
template <class = instantiated_when_used>
class basic_report_data {
public:
    basic_report_data(const study_columns& table, const report_figures& figures, std::vector<std::uint32_t> rows)
        : table_{table}, figures_{figures}, rows_{std::move(rows)}, place_(table.trials(), study_columns::absent) {
        for (std::size_t i = 0; i < rows_.size(); ++i) place_[rows_[i]] = static_cast<std::uint32_t>(i);
    }

    /// @param reload seconds after which a page loads itself again; 0 for never
    [[nodiscard]] std::string text(double reload) const {
        std::string out = "{\"live\":" + script_number(reload) +
                          ",\"parameters\":" + script_list(table_.parameters, [this](const auto& p) { return parameter(p); }) +
                          ",\"metrics\":" + script_list(table_.metrics, [this](const auto& m) { return metric(m); });
        out += ",\"objectives\":" + script_list(table_.objectives, [](const study_columns::objective& o) {
                   return "{\"metric\":" + std::to_string(o.metric) + ",\"maximized\":" + (o.maximized ? "true" : "false") + '}';
               });
        out += ",\"constraints\":" + std::to_string(table_.constraints.size());
        out += ",\"number\":" + numbers<std::uint32_t>("u4", [this](auto t) { return static_cast<std::uint32_t>(table_.numbers[t]); });
        out += ",\"state\":" + numbers<std::uint8_t>("u1", [this](auto t) { return static_cast<std::uint8_t>(table_.outcomes[t]); });
        out += ",\"start\":" + numbers<float>("f4", [this](auto t) { return static_cast<float>(table_.times[t].started - figures_.began); });
        out += ",\"end\":" + numbers<float>("f4", [this](auto t) { return static_cast<float>(table_.times[t].ended - figures_.began); });
        out +=
            ",\"lane\":" + numbers<std::uint16_t>("u2", [this](auto t) { return static_cast<std::uint16_t>(std::min(figures_.lanes[t], 65535U)); });
        out += ",\"front\":" + places(figures_.front);
        out += ",\"pairs\":" + script_list(figures_.pairs, [this](const pair_front& p) {
                   return "{\"x\":" + std::to_string(p.x) + ",\"y\":" + std::to_string(p.y) + ",\"rows\":" + places(p.rows) + '}';
               });
        return out + volumes() + importances() + outcomes() + '}';
    }

private:
    /// As bytes; whole numbers that stay the same or go up by one each time, as those of trials do, as the first of them, the step, and how many
    /// there are.
    template <class Number, class Value>
    [[nodiscard]] std::string numbers(std::string_view type, const Value& value) const {
        if constexpr (std::is_integral_v<Number>) {
            for (const std::uint64_t step : {0U, 1U}) {
                const auto is_next = [&](auto a, auto b) {
                    return static_cast<std::uint64_t>(value(b)) == static_cast<std::uint64_t>(value(a)) + step;
                };
                if (rows_.size() < 9 || std::adjacent_find(rows_.begin(), rows_.end(), [&](auto a, auto b) { return !is_next(a, b); }) != rows_.end())
                    continue;
                return "[\"" + std::string{type} + "\",[" + std::to_string(value(rows_[0])) + ',' + std::to_string(step) + ',' +
                       std::to_string(rows_.size()) + "]]";
            }
        }
        std::vector<unsigned char> bytes;
        bytes.reserve(rows_.size() * sizeof(Number));
        for (const auto t : rows_) append_bytes(bytes, static_cast<Number>(value(t)));
        return "[\"" + std::string{type} + "\",\"" + base64(bytes) + "\"]";
    }
    [[nodiscard]] std::string parameter(const study_columns::parameter& p) const {
        const auto code = [&](auto t) { return p.codes[t]; };
        const auto n = p.values.size();
        return "{\"name\":" + json_text(p.name) + ",\"number\":" + (p.kind == "integer" || p.kind == "real" ? "true" : "false") +
               ",\"values\":" + script_list(p.values, [](const auto& v) { return json_text(v); }) + ",\"codes\":" +
               (n < 255     ? numbers<std::uint8_t>("u1", code)
                : n < 65535 ? numbers<std::uint16_t>("u2", code)
                            : numbers<std::uint32_t>("u4", code)) +
               '}';
    }
    [[nodiscard]] std::string metric(const study_columns::metric& m) const {
        const auto value = [&](auto t) { return m.values[t] / m.factor; };
        return "{\"name\":" + json_text(m.name) + ",\"unit\":" + json_text(m.unit) +
               ",\"values\":" + (rows_.size() <= 4000 ? numbers<double>("f8", value) : numbers<float>("f4", value)) + '}';
    }
    [[nodiscard]] std::string places(const std::vector<std::uint32_t>& rows) const {
        return script_list(rows, [this](auto t) { return std::to_string(place_[t]); });
    }
    [[nodiscard]] std::string volumes() const {
        const volume_unit unit{table_};
        const auto steps = [&](const std::vector<volume_step>& all, bool time) {
            return script_list(all, [&](const volume_step& s) {
                return '[' + (time ? rounded_text(s.seconds, 9) : std::to_string(s.trials)) + ',' + script_number(s.volume / unit.factor) + ']';
            });
        };
        return ",\"volume\":{\"unit\":" + json_text(unit.text) + ",\"trials\":" + steps(figures_.by_trials, false) +
               ",\"time\":" + steps(figures_.by_time, true) + '}';
    }
    [[nodiscard]] std::string importances() const {
        std::string out = ",\"importance\":[";
        for (std::size_t o = 0; o < figures_.importances.size(); ++o) {
            const auto& shares = figures_.importances[o].shares;
            out += (o == 0 ? "{\"metric\":" : ",{\"metric\":") + std::to_string(table_.objectives[o].metric) + ",\"alone\":" +
                   script_list(
                       shares.alone,
                       [](const surrogate::variance_share& s) { return '[' + rounded_text(s.mean, 6) + ',' + rounded_text(s.deviation, 6) + ']'; }) +
                   '}';
        }
        return out + ']';
    }
    [[nodiscard]] std::string outcomes() const {
        const auto n = std::max<std::size_t>(1, table_.trials()), bin = (n + 49) / 50;
        std::vector<std::array<std::size_t, 3>> bins((n + bin - 1) / bin);
        for (std::size_t t = 0; t < table_.trials(); ++t) ++bins[t / bin][static_cast<std::size_t>(table_.outcomes[t])];
        return ",\"bin\":" + std::to_string(bin) + ",\"outcomes\":" + script_list(bins, [](const auto& b) {
                   return '[' + std::to_string(b[0]) + ',' + std::to_string(b[1]) + ',' + std::to_string(b[2]) + ']';
               });
    }

    const study_columns& table_;
    const report_figures& figures_;
    std::vector<std::uint32_t> rows_, place_;
};

} // namespace verdant::detail
