#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/file_lock.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/numeric/prediction_errors.hpp>
#include <verdant/space/json.hpp>
#include <verdant/space/point.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

/// What the points of a reduced space were worth, in a file that several processes fill (AutoBuild: eval_topk_ofa.py).
namespace verdant {

/// A point of the order and the metrics that it was given, by name.
template <search_space S>
struct ordered_result {
    point<S> who{};
    std::map<std::string, double> metrics;

    friend bool operator==(const ordered_result&, const ordered_result&) = default;
};

/// By the places of the points in the order of scores.
template <search_space S>
using ordered_results = std::map<std::uint64_t, ordered_result<S>>;

namespace detail {

/// Waits for the lock of a file that others fill.
class patient_lock {
public:
    /// @throws file_error where it is not free after `patience`, or cannot be made
    explicit patient_lock(const std::string& file, std::chrono::milliseconds patience) : lock_{taken(file, patience)} {}

private:
    [[nodiscard]] static io::detail::study_lock taken(const std::string& file, std::chrono::milliseconds patience) {
        const auto end = std::chrono::steady_clock::now() + patience;
        for (;;) {
            try {
                return io::detail::study_lock{file, "evaluation"};
            } catch (const file_error& e) {
                // That of the lock file itself is another error than that it is taken.
                if (e.path() != file || std::chrono::steady_clock::now() >= end) throw;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{2});
        }
    }
    io::detail::study_lock lock_;
};

} // namespace detail

/// Reads the results in a text. @throws input_error that names the source and the entry
template <search_space S>
[[nodiscard]] ordered_results<S> parse_ordered_results(std::string_view text, std::string_view source) {
    using json = nlohmann::ordered_json;
    const auto file = io::parse_json<json>(text, source);
    if (!file.is_object()) throw input_error{source, "", "an object of results", file.type_name()};
    ordered_results<S> results;
    for (const auto& [key, value] : file.items()) {
        const auto place = "entry '" + key.substr(0, 40) + '\'';
        std::uint64_t number = 0;
        const auto read = std::from_chars(key.data(), key.data() + key.size(), number);
        if (read.ec != std::errc{} || read.ptr != key.data() + key.size() || (key.size() > 1 && key[0] == '0'))
            throw input_error{source, place, "the place of a point as its name", "another"};
        if (!value.is_object() || !value.contains("arch") || !value.contains("metrics") || !value["metrics"].is_object())
            throw input_error{source, place, "an object with arch and metrics", "another"};
        ordered_result<S> result;
        result.who = point_from_json<S>(value["arch"], std::string{source} + ", " + place);
        for (const auto& [name, metric] : value["metrics"].items()) {
            if (metric.is_null()) { // JSON has no other word for what is not a number
                result.metrics[name] = std::numeric_limits<double>::quiet_NaN();
                continue;
            }
            if (metric == "inf" || metric == "-inf") {
                result.metrics[name] = (metric == "inf" ? 1 : -1) * std::numeric_limits<double>::infinity();
                continue;
            }
            if (!metric.is_number()) throw input_error{source, place + ", metrics", "numbers, or 'inf' or '-inf'", metric.type_name()};
            result.metrics[name] = metric.template get<double>();
        }
        results.emplace(number, std::move(result));
    }
    return results;
}

/// The text of results, which `parse_ordered_results` reads back: what is not a number is null, infinite ones are the texts `"inf"` and `"-inf"`.
template <search_space S>
[[nodiscard]] std::string ordered_results_text(const ordered_results<S>& results) {
    auto file = nlohmann::ordered_json::object();
    for (const auto& [place, result] : results) {
        auto& entry = file[std::to_string(place)];
        entry["arch"] = point_json(result.who);
        auto& metrics = entry["metrics"] = nlohmann::ordered_json::object();
        for (const auto& [name, value] : result.metrics)
            if (std::isinf(value)) metrics[name] = value > 0 ? "inf" : "-inf"; // as in `study_json`
            else metrics[name] = value;
    }
    return file.dump(1) + '\n';
}

/// Reads a file of results; none where there is no file. @throws file_error or input_error, which name the file
template <search_space S>
[[nodiscard]] ordered_results<S> read_ordered_results(const std::string& path) {
    if (!std::filesystem::exists(path)) return {};
    return parse_ordered_results<S>(io::read_file(path), path);
}

/// Adds results to those in a file, under a lock, so that processes may share it. What is there already stays; the original drops what is new to an
/// existing file.
/// @param patience how long to wait for others
/// @throws file_error or input_error, which name the file; also where others hold it for too long, and where a place has another point there
template <search_space S>
void merge_ordered_results(const ordered_results<S>& results, const std::string& path,
                           std::chrono::milliseconds patience = std::chrono::seconds{60}) {
    const detail::patient_lock lock{path, patience};
    auto all = read_ordered_results<S>(path);
    for (const auto& [place, result] : results) {
        auto& there = all.emplace(place, result).first->second;
        if (there.who != result.who)
            throw input_error{path, "entry '" + std::to_string(place) + '\'', "the point that stands there in this order",
                              "that of another reduced space"};
        there.metrics.insert(result.metrics.begin(), result.metrics.end());
    }
    io::write_file(path, ordered_results_text<S>(all));
}

/// Evaluates a slice of the points of an order, but for those that the file has, and adds to the file after each few. Stopped at any time and started
/// again, it goes on; processes with different slices, or after each other with the same one, may share a file.
/// @param order    `score_order<S>`, or `random_order<S>`, whose results need a file of their own for each seed
/// @param evaluate `point -> std::map<std::string, double>`
/// @param at_once  results between two writes
/// @return the results of the slice, those of before included
/// @throws what `merge_ordered_results` throws, and what `evaluate` does, with all results before it in the file
template <search_space S, class Order, class Evaluate>
ordered_results<S> evaluate_in_order(Order order, std::uint64_t first, std::uint64_t count, const std::string& path, Evaluate&& evaluate,
                                     std::size_t at_once = 64) {
    require_count("evaluation in order", "at_once", at_once, 1);
    auto known = read_ordered_results<S>(path);
    ordered_results<S> slice, fresh;
    order.skip(first);
    for (; count > 0; --count) {
        const auto next = order.next();
        if (!next) break;
        if (const auto found = known.find(next->place); found != known.end()) {
            if (found->second.who != next->who)
                throw input_error{path, "entry '" + std::to_string(next->place) + '\'', "the point that stands there in this order",
                                  "that of another reduced space"};
            slice.insert(*found);
            continue;
        }
        try {
            fresh[next->place] = slice[next->place] = ordered_result<S>{next->who, evaluate(next->who)};
        } catch (...) { // a stop, or the failure of one point, loses nothing of those before it
            fresh.erase(next->place);
            if (!fresh.empty()) merge_ordered_results<S>(fresh, path);
            throw;
        }
        if (fresh.size() >= at_once) merge_ordered_results<S>(std::exchange(fresh, {}), path);
    }
    if (!fresh.empty()) merge_ordered_results<S>(fresh, path);
    return slice;
}

/// Mean, deviation, least and greatest of a metric.
struct metric_summary {
    std::size_t count = 0;
    double mean = 0, deviation = 0, least = 0, greatest = 0;
};

/// Of the results that have a finite one; all but `count` is NaN where none has.
template <search_space S>
[[nodiscard]] metric_summary summary_of(const ordered_results<S>& results, std::string_view metric) {
    std::vector<double> values;
    for (const auto& [place, result] : results)
        if (const auto found = result.metrics.find(std::string{metric}); found != result.metrics.end() && std::isfinite(found->second))
            values.push_back(found->second);
    constexpr auto none = std::numeric_limits<double>::quiet_NaN();
    if (values.empty()) return {0, none, none, none, none};
    const auto m = surrogate::moments_of(std::span<const double>{values});
    const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
    return {values.size(), m.mean, m.deviation(), *least, *greatest};
}

} // namespace verdant
