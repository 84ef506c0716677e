#pragma once

#include <verdant/space/point.hpp>
#include <verdant/space/space.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What was measured of one network, of any space.
namespace verdant::tabular {

/// A number that was measured of a network, under the name that a table calls it. One that was not measured is absent; it is never NaN.
struct recorded_metric {
    std::string name;                  ///< `val_top1`, `train_time`, `macs`, `latency_zcu102`, `throughput_a100`
    double mean = 0;                   ///< in `unit`
    std::optional<double> deviation{}; ///< population standard deviation over repetitions, in `unit`; nothing where it was measured once
    std::string unit{};                ///< `%`, `s`, `1e6`, `ms`, `images/s`; empty where the name alone says what it is

    friend bool operator==(const recorded_metric&, const recorded_metric&) = default;
};

/// A network, and what was measured of it. Two records may be of the same network, which was measured twice.
/// @tparam S the space that it is a point of
template <search_space S>
struct network_record {
    std::uint64_t id = 0; ///< of the record, in its table or folder
    point<S> architecture{};
    std::vector<recorded_metric> metrics{};
    std::vector<std::pair<std::string, std::string>> provenance{}; ///< how it was measured, such as {"engine", "onednn"}; may be empty

    /// A metric by its name; null where it was not measured.
    [[nodiscard]] const recorded_metric* find(std::string_view name) const {
        for (const auto& m : metrics)
            if (m.name == name) return &m;
        return nullptr;
    }
    /// Adds a metric, or puts it in the place of the one of its name.
    void set(recorded_metric metric) {
        for (auto& m : metrics)
            if (m.name == metric.name) {
                m = std::move(metric);
                return;
            }
        metrics.push_back(std::move(metric));
    }

    friend bool operator==(const network_record&, const network_record&) = default;
};

} // namespace verdant::tabular
