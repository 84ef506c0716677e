#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/predictor/detail/equation_parser.hpp>
#include <verdant/predictor/detail/equation_program.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a predictor is to learn, as an equation of metrics: `(acc*100)/latency_gpu`.
namespace verdant::predictor {

/// The metrics that AutoBuild's corpora have (ge_utils/label_eq.py): average precisions, mIoU and panoptic quality, floating-point operations, top-1
/// accuracy as a share, latencies in ms, parameters.
inline constexpr std::array<std::string_view, 14> autobuild_metrics{"obj_det_AP",     "inst_seg_AP",   "sem_seg_mIoU",  "pan_seg_PQ", "flops_pan_seg",
                                                                    "flops_inst_seg", "flops_sem_seg", "flops_obj_det", "acc",        "flops",
                                                                    "latency_gpu",    "latency_cpu",   "latency_npu",   "n_params"};

/// An expression of Python over metrics, read once into a program: numbers, `+ - * / // % **`, comparisons (1 or 0), `a if c else b`, `and`, `or`,
/// `not`, `[a, b][i]`, the functions of NumPy that take and give numbers (`np.log10`, `np.maximum`, `np.where`, ...) and some of Python's own. All is
/// computed in doubles. Metrics are values and not text: -x**2 of a negative metric squares it.
class target_equation {
public:
    /// @param known the metrics that it may name
    /// @throws input_error for what is not such an expression, with a caret below the place; an unknown metric or function is told the nearest
    [[nodiscard]] static target_equation parse(std::string_view text, std::span<const std::string_view> known = autobuild_metrics) {
        target_equation e;
        e.text_ = text;
        e.code_ = detail::equation_code(text, known, e.metrics_);
        return e;
    }

    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    /// The metrics that it names, each once, in the order of their first use.
    [[nodiscard]] std::span<const std::string> metrics() const noexcept { return metrics_; }

    /// NaN or infinite where the equation has no value: where Python would raise an error, and where a function of NumPy is not defined.
    /// @param values one for each of `metrics()`, in that order
    /// @throws input_error for another number of them
    [[nodiscard]] double operator()(std::span<const double> values) const {
        if (values.size() != metrics_.size())
            throw input_error{"target equation", text_, std::to_string(metrics_.size()) + " values of metrics", std::to_string(values.size())};
        return detail::run_equation(code_, values);
    }

private:
    target_equation() = default;

    std::string text_;
    std::vector<detail::equation_step> code_;
    std::vector<std::string> metrics_;
};

/// Targets of the entries of a corpus that have one.
struct target_column {
    std::vector<double> values;
    std::vector<std::size_t> entries; ///< which ones the values are of, ascending
    std::vector<std::pair<std::string, std::size_t>> missing; ///< metrics of the equation that entries lack, and how many
    std::size_t incomplete = 0; ///< entries that lack one or more
    std::size_t undefined = 0; ///< complete entries for which the equation has no finite value

    [[nodiscard]] std::size_t dropped() const noexcept { return incomplete + undefined; }
    /// The place among `values` of the first that is greater than all before it. @pre there are some
    [[nodiscard]] std::size_t best() const { return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin()); }
};

/// Evaluates an equation over records of named metrics. Entries that lack one, or for which it has no value, are dropped and counted.
/// @param metric_of called as `metric_of(entry, name)`: the metric, or nothing (`std::optional<double>`)
/// @throws input_error where no entry is left
template <class MetricOf>
[[nodiscard]] target_column targets_of(const target_equation& equation, std::size_t entries, MetricOf metric_of) {
    target_column column;
    for (const auto& name : equation.metrics()) column.missing.emplace_back(name, 0);
    std::vector<double> values(column.missing.size());
    for (std::size_t i = 0; i < entries; ++i) {
        bool complete = true;
        for (std::size_t m = 0; m < values.size(); ++m) {
            const std::optional<double> value = metric_of(i, std::string_view{column.missing[m].first});
            if (value) values[m] = *value;
            else ++column.missing[m].second;
            complete = complete && value.has_value();
        }
        const double target = complete ? equation(values) : 0;
        if (!complete) ++column.incomplete;
        else if (!std::isfinite(target)) ++column.undefined;
        else {
            column.values.push_back(target);
            column.entries.push_back(i);
        }
    }
    std::erase_if(column.missing, [](const auto& m) { return m.second == 0; });
    if (column.values.empty()) {
        std::string found = entries == 0 ? std::string{"none"} : "none of " + std::to_string(entries);
        for (const auto& [name, count] : column.missing) found += "; " + std::to_string(count) + " lack " + name;
        if (column.undefined > 0) found += "; " + std::to_string(column.undefined) + " give no finite number";
        throw input_error{"targets", equation.text(), "entries with a target", found};
    }
    return column;
}

/// An equation as part of a file's name, as AutoBuild writes it: `acc100_div_latency_gpu`.
template <class = instantiated_when_used>
[[nodiscard]] std::string format_target(std::string_view equation) {
    std::string name;
    for (std::size_t i = 0; i < equation.size(); ++i) {
        const char c = equation[i];
        if (c == '/') name += "_div_";
        else if (std::string_view{". ()[]'*"}.find(c) == std::string_view::npos) name += c;
    }
    // What was removed may have stood between the two signs.
    std::string words;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool equal = i + 1 < name.size() && name[i + 1] == '=';
        if (name[i] != '<' && name[i] != '>') words += name[i];
        else {
            words += name[i] == '<' ? (equal ? "_lte_" : "_lt_") : (equal ? "_gte_" : "_gt_");
            i += equal;
        }
    }
    return words;
}
VERDANT_DEFINED_ONCE(std::string format_target<>(std::string_view));

} // namespace verdant::predictor
