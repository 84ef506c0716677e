#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/tabular/network_record.hpp>
#include <verdant/text/closest_name.hpp>
#include <verdant/text/number.hpp>

#include <cctype>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

/// What records of networks hold, and what files call it.
namespace verdant::tabular {

/// A metric of records: what JSON and tables call it, its unit, and which numbers it can be.
struct record_field {
    std::string name;   ///< in JSON, and of the `recorded_metric`
    std::string column; ///< in tables
    std::string unit;
    double least = 0, most = std::numeric_limits<double>::max();

    friend bool operator==(const record_field&, const record_field&) = default;
};

/// The metrics of a collection of records. What is measured on devices needs no entry: its name, `latency_<device>`, `throughput_<device>` or
/// `energy_<device>`, says what it is.
struct record_schema {
    std::vector<record_field> metrics;    ///< of the trained network; a JSON record has all of them
    std::vector<record_field> model_info; ///< of the network itself; a JSON record has all of them
    std::vector<std::string> platforms;   ///< what is measured on devices, as a JSON record must list it, with null where it was not measured

    friend bool operator==(const record_schema&, const record_schema&) = default;
};

/// The schema of Accel-NASBench (anb_dataset/anb_dataset_jsons.tar.gz): shares of right answers in per cent, seconds of training on a node of four
/// GPUs, millions of multiply-accumulates and parameters, latencies and throughputs of six devices.
template <class = instantiated_when_used>
[[nodiscard]] record_schema accel_nas_bench_schema() {
    return {{{"val_top1", "val_top1", "%", 0, 100}, {"val_top5", "val_top5", "%", 0, 100}, {"train_time", "train_time_s", "s"}},
            {{"macs", "macs_M", "1e6"}, {"params", "params_M", "1e6"}},
            {"latency_zcu102", "latency_vck190", "throughput_a100", "throughput_3090", "throughput_tpuv2", "throughput_tpuv3", "throughput_zcu102",
             "throughput_vck190"}};
}
VERDANT_DEFINED_ONCE(record_schema accel_nas_bench_schema<>());

/// The same of networks that were trained and measured elsewhere: no device has to be there.
[[nodiscard]] inline record_schema open_schema() {
    auto schema = accel_nas_bench_schema();
    schema.platforms.clear();
    return schema;
}

/// The quantity of a name such as `latency_zcu102`, and its device; both empty where a name has another form.
struct platform_name {
    std::string_view quantity, device;

    [[nodiscard]] static platform_name of(std::string_view name) {
        for (const std::string_view quantity : {"latency", "throughput", "energy"}) {
            if (!name.starts_with(quantity) || name.size() < quantity.size() + 2 || name[quantity.size()] != '_') continue;
            const auto device = name.substr(quantity.size() + 1);
            for (const char c : device)
                if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '-' && c != '.') return {};
            return {quantity, device};
        }
        return {};
    }
    /// Milliseconds, images a second (of TPUs: and core), or joules an image; empty where the name has another form.
    [[nodiscard]] std::string_view unit() const {
        if (quantity == "latency") return "ms";
        if (quantity == "throughput") return device.starts_with("tpu") ? "images/s/core" : "images/s";
        return quantity == "energy" ? "J" : "";
    }
};

namespace detail {

/// Refuses a number that the metric cannot be. @param least it is above that where `above` is set
inline void require_metric(std::string_view source, std::string_view place, double value, double least, double most, bool above) {
    if (value <= most && (above ? value > least : value >= least)) return; // NaN is neither
    auto expected = (above ? "a number above " : "a number from ") + exact_text(least);
    if (most < std::numeric_limits<double>::max()) expected += " to " + exact_text(most);
    else if (!above) expected += " on";
    throw input_error{source, place, expected, exact_text(value)};
}

/// Refuses a metric in another unit than files have it in, which do not say it; one without a unit is in that of its name.
inline void require_unit_of(std::string_view source, std::string_view place, const recorded_metric& m, std::string_view unit) {
    if (!m.unit.empty() && m.unit != unit)
        throw input_error{source, place, unit.empty() ? "a plain number" : "a number in " + std::string{unit}, "one in '" + m.unit + '\''};
}

/// Refuses numbers that nothing measured on a device can be: a mean that is not above 0, a deviation below 0.
inline void require_platform_metric(std::string_view source, const std::string& place, const recorded_metric& m) {
    require_metric(source, place, m.mean, 0, std::numeric_limits<double>::max(), true);
    if (m.deviation) require_metric(source, place + ", standard deviation", *m.deviation, 0, std::numeric_limits<double>::max(), false);
}

} // namespace detail
} // namespace verdant::tabular
