// Measures the layers of a space, then whole networks of it.
#pragma once

#include "../terminal/progress.hpp"
#include "../terminal/stop.hpp"
#include "../terminal/validators.hpp"
#include "options.hpp"
#include "report.hpp"
#include "space.hpp"

#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/core/timing.hpp>
#include <verdant/nn/evaluate/latency_meter.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/study/result_folder.hpp>
#include <verdant/units.hpp>
#include <verdant/workload/latency/latency_collection.hpp>
#include <verdant/workload/latency/latency_yaml.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace measure_latency {

namespace fs = std::filesystem;

/// After a stop.
inline constexpr auto going_on = "what is measured is kept, and the same command goes on";

/// Measures all layers that are not in the folder yet, and writes a table for each resolution.
template <class Meter>
void measure_layers(const settings& s, const measured_space& space, const Meter& meter, workload::latency_collection& collection) {
    const fs::path out{s.out};
    // [measure]
    std::vector<workload::resolution_layers> wanted;
    for (const int r : s.resolutions) wanted.push_back({r, space.layers(r)});
    std::size_t layers = 0;
    for (const auto& w : wanted) layers += w.layers.size();
    terminal::progress line{"layers", static_cast<double>(layers), terminal::in_logs::tenths};
    std::size_t measured = 0;
    workload::collect_latencies(
        collection, wanted,
        [&meter](const workload::latency_layer& layer) -> workload::latency_measurement {
            const auto t = meter(layer);
            return {{t.mean, t.deviation, t.count}, t.median};
        },
        [&](const workload::latency_progress& p) {
            if (measured == 0) line.skip(static_cast<double>(p.done - p.measured)); // those of earlier runs
            measured = p.measured;
            line.at(static_cast<double>(p.measured), std::to_string(p.resolution) + ": " + p.layer->key);
            terminal::leave_if_asked("measure_latency", going_on);
        });
    for (const int r : s.resolutions)
        workload::write_latency_yaml((out / (std::to_string(r) + "_lookup_table.yaml")).string(), workload::table_of(collection.tables(), r));
    // [/measure]
    line.finish();
    std::cout << space.name << " on " << collection.origin().device << ", " << s.threads << (s.threads == 1 ? " thread" : " threads") << ": "
              << layers << " layers, " << measured << " of them measured now\n";
}

/// What an earlier call measured of whole networks; nothing where the file is not there or has other columns.
inline std::vector<std::vector<std::string>> earlier_networks(const std::string& file, const std::vector<std::string>& columns) {
    if (!fs::exists(file)) return {};
    auto table = vd::io::read_csv(file);
    if (table.columns != columns) return {};
    return std::move(table.rows);
}

/// The mean of a row of an earlier call; nothing where mean, deviation or median is no number that a measurement gives, so that the network is measured anew.
inline std::optional<double> kept_mean(const std::vector<std::string>& row) {
    const auto number = [&row](std::size_t column) { return terminal::number_in<double>(row[column]).value_or(-1); };
    for (const std::size_t column : {4U, 5U, 6U})
        if (const auto x = number(column); !(x >= 0 && std::isfinite(x))) return std::nullopt;
    return number(4) > 0 ? std::optional{number(4)} : std::nullopt;
}

/// Measures random networks as a whole and compares them with the sums of the tables. Those of an earlier call are kept as far as they are the same.
template <class Meter>
measured_networks measure_networks(const settings& s, const measured_space& space, const Meter& meter,
                                   const workload::latency_collection& collection) {
    vd::random_stream random{s.seed};
    measured_networks out;
    out.table.columns = {"resolution", "d", "ks", "e", "measured_ms", "std_ms", "median_ms", "table_ms", "error"};
    const auto file = (fs::path{s.out} / "networks.csv").string();
    const auto earlier = earlier_networks(file, out.table.columns);
    bool same = true; // so far
    terminal::progress line{"whole networks", static_cast<double>(s.networks), terminal::in_logs::tenths};
    for (int i = 0; i < s.networks; ++i) {
        terminal::leave_if_asked("measure_latency", going_on);
        const int resolution = s.resolutions[static_cast<std::size_t>(i) % s.resolutions.size()];
        const auto drawn = space.draw(random, resolution);
        const double sum = vd::in<vd::milliseconds>(workload::latency_of(drawn.net, workload::table_of(collection.tables(), resolution)));
        std::vector<std::string> row{std::to_string(resolution), drawn.depths, drawn.kernels, drawn.expands};
        const auto n = static_cast<std::size_t>(i);
        same = same && n < earlier.size() && std::equal(row.begin(), row.end(), earlier[n].begin());
        const auto kept = same ? kept_mean(earlier[n]) : std::nullopt;
        same = kept.has_value();
        double mean = 0;
        if (same) {
            mean = *kept;
            row.insert(row.end(), earlier[n].begin() + 4, earlier[n].begin() + 7);
            ++out.earlier;
        } else {
            const auto whole = meter(drawn.net);
            mean = whole.mean;
            for (const double x : {whole.mean, whole.deviation, whole.median}) row.push_back(vd::rounded_text(x, 9));
        }
        row.push_back(vd::rounded_text(sum, 9));
        row.push_back(vd::rounded_text(sum / mean - 1, 6));
        out.all.add(sum, mean);
        out.by_resolution[resolution].add(sum, mean);
        out.points.emplace_back(mean, sum);
        out.table.rows.push_back(std::move(row));
        if (!same) vd::io::write_file(file, vd::io::csv_text(out.table));
        line.advance(1);
    }
    // What an earlier call measured of more networks stays.
    for (auto n = static_cast<std::size_t>(s.networks); same && n < earlier.size(); ++n) out.table.rows.push_back(earlier[n]);
    return out;
}

template <vd::nn::device_policy Device>
void measure(const settings& s, const measured_space& space) {
    const bool on_card = !Device::device().is_cpu();
    const vd::nn::thread_scope threads{s.threads};
    // A card returns before its work is done; several calls in a row hide the start of each, as whole networks do.
    const bool processor_time = s.clock == "processor";
    if (processor_time && (on_card || s.threads != 1)) throw vd::input_error{"--clock", "", "wall for several threads or a graphics card", s.clock};
    const vd::nn::latency_meter<Device> meter{{.warm_up = s.warm_up,
                                               .repetitions = s.repetitions,
                                               .calls = on_card ? 10 : 1,
                                               .clock = processor_time ? vd::nn::timing_clock::processor : vd::nn::timing_clock::wall},
                                              s.batch};
    const auto device = vd::nn::device_name(Device::device()) + (processor_time ? ", processor time" : "");
    vd::result_folder out{s.out};
    out.keep();
    workload::latency_collection collection{out.file("latency.csv"), {space.name, device, s.threads, s.batch}};
    out.claim("settings.txt", {{"--warm-up", std::to_string(s.warm_up)}, {"--repetitions", std::to_string(s.repetitions)}});
    measure_layers(s, space, meter, collection);
    if (s.networks == 0) return;
    const auto found = measure_networks(s, space, meter, collection);
    const auto& measured_on = collection.origin().device;
    write_networks(s, found, {{"space", space.name}, {"device", measured_on}, {"threads", s.threads}, {"batch", s.batch}, {"seed", s.seed}},
                   space.name + " on " + measured_on);
}

} // namespace measure_latency
