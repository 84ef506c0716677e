#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/number.hpp>
#include <verdant/workload/latency/latency_csv.hpp>
#include <verdant/workload/latency/latency_layers.hpp>
#include <verdant/workload/latency/latency_table.hpp>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <unistd.h>

/// Collects a latency table by measuring layers.
namespace verdant::workload {

/// Where latencies come from; tables of different origin must not be mixed.
struct latency_origin {
    std::string space;  ///< name of the space of networks
    std::string device; ///< name of the processor or graphics card
    int threads = 1;
    int batch = 1;

    friend bool operator==(const latency_origin&, const latency_origin&) = default;
};

/// A measured layer, and the median beside the mean.
struct latency_measurement {
    latency_entry entry;
    double median = 0; ///< milliseconds
};

/// Latency tables that are being measured, in a file that is whole at any time: after an interruption, measuring goes on with what is missing. The
/// file is a table for `read_latency_csv` with the columns space, device, threads, batch, resolution, key, count, mean_ms, std_ms, median_ms.
template <class = instantiated_when_used>
class basic_latency_collection {
public:
    /// Takes what the file holds, if there is one. @throws file_error; input_error that names line and column if the file is no such table, or one of
    /// another origin
    basic_latency_collection(std::string path, latency_origin origin);

    [[nodiscard]] bool has(int resolution, std::string_view key) const {
        const auto table = tables_.find(resolution);
        return table != tables_.end() && table->second.has(key);
    }

    /// Adds a layer and writes the file. @throws input_error if it is there already or no latency; file_error
    void add(int resolution, const std::string& key, const latency_measurement& m);

    [[nodiscard]] const latency_tables& tables() const { return tables_; }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] const latency_origin& origin() const { return origin_; }

private:
    std::string path_;
    latency_origin origin_;
    io::csv_table rows_;
    latency_tables tables_;
};

template <class Deferred>
basic_latency_collection<Deferred>::basic_latency_collection(std::string path, latency_origin origin)
    : path_{std::move(path)}, origin_{std::move(origin)} {
    rows_.columns = {"space", "device", "threads", "batch", "resolution", "key", "count", "mean_ms", "std_ms", "median_ms"};
    if (::access(path_.c_str(), F_OK) != 0) return;
    auto found = io::read_csv(path_);
    const std::pair<const char*, std::string> facts[]{
        {"space", origin_.space}, {"device", origin_.device}, {"threads", std::to_string(origin_.threads)}, {"batch", std::to_string(origin_.batch)}};
    for (const auto& [name, wanted] : facts) {
        const auto column = found.column(name);
        for (std::size_t r = 0; r < found.rows.size(); ++r)
            if (const auto& have = found.rows[r][column]; have != wanted)
                throw input_error{path_, "line " + std::to_string(found.lines[r]) + ", column '" + name + '\'', "'" + wanted + "', as measured now",
                                  "'" + have + '\''};
    }
    const auto median_column = rows_.columns.size() - 1;
    if (found.columns != rows_.columns) throw input_error{path_, "header", "the columns that a measurement writes", "others"};
    tables_ = parse_latency_csv(io::csv_text(found), path_);
    // Tables have no medians, but what is written again was looked at.
    for (std::size_t r = 0; r < found.rows.size(); ++r)
        if (const double median = found.number(r, median_column); !(median >= 0) || !std::isfinite(median))
            throw input_error{path_, "line " + std::to_string(found.lines[r]) + ", column 'median_ms'", "a median of milliseconds",
                              '\'' + found.rows[r][median_column] + '\''};
    rows_.rows = std::move(found.rows);
}

template <class Deferred>
void basic_latency_collection<Deferred>::add(int resolution, const std::string& key, const latency_measurement& m) {
    // What is written must be read back, or all that was measured before would be lost with it.
    if (!(m.median >= 0) || !std::isfinite(m.median))
        throw input_error{path_, "resolution " + std::to_string(resolution) + ", " + key, "a median of milliseconds", exact_text(m.median)};
    tables_.try_emplace(resolution, path_ + ", resolution " + std::to_string(resolution)).first->second.add(key, m.entry);
    rows_.rows.push_back({origin_.space, origin_.device, std::to_string(origin_.threads), std::to_string(origin_.batch), std::to_string(resolution),
                          key, std::to_string(m.entry.count), exact_text(m.entry.mean), exact_text(m.entry.spread), exact_text(m.median)});
    io::write_file(path_, io::csv_text(rows_));
}
VERDANT_DEFINED_ONCE(class basic_latency_collection<>);
/// The collection of latencies, as programs name it.
using latency_collection = basic_latency_collection<>;

/// What `collect_latencies` reports after each layer.
struct latency_progress {
    std::size_t done = 0; ///< layers that the file has
    std::size_t all = 0;
    std::size_t measured = 0; ///< by this call
    int resolution = 0;
    const latency_layer* layer = nullptr; ///< the last one
    latency_measurement measurement{};
};

/// The layers to measure at a resolution.
struct resolution_layers {
    int resolution = 0;
    std::vector<latency_layer> layers;
};

/// Measures the layers that a collection does not have yet.
/// @param measure called as `measure(layer)`, gives a `latency_measurement`
/// @param report  called as `report(progress)` after each layer
/// @throws input_error if the collection holds layers that are not among these; what `measure` throws, everything before it kept
template <class Measure, std::invocable<const latency_progress&> Report>
    requires std::convertible_to<std::invoke_result_t<Measure&, const latency_layer&>, latency_measurement>
void collect_latencies(latency_collection& collection, const std::vector<resolution_layers>& wanted, Measure&& measure, Report&& report) {
    latency_progress progress;
    for (const auto& [resolution, layers] : wanted) {
        std::set<std::string_view> keys;
        for (const auto& layer : layers) {
            keys.insert(layer.key);
            progress.done += collection.has(resolution, layer.key) ? 1 : 0;
        }
        progress.all += layers.size();
        if (const auto table = collection.tables().find(resolution); table != collection.tables().end())
            for (const auto& [key, entry] : table->second.entries())
                if (!keys.contains(key))
                    throw input_error{collection.path(), "resolution " + std::to_string(resolution), "layers of " + collection.origin().space, key};
    }
    for (const auto& [resolution, layers] : wanted)
        for (const auto& layer : layers) {
            if (collection.has(resolution, layer.key)) continue;
            progress.resolution = resolution;
            progress.layer = &layer;
            progress.measurement = measure(layer);
            collection.add(resolution, layer.key, progress.measurement);
            ++progress.done;
            ++progress.measured;
            report(static_cast<const latency_progress&>(progress));
        }
}

} // namespace verdant::workload
