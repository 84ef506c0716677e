#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/goal.hpp>
#include <verdant/goal/trial.hpp>
#include <verdant/space/value_text.hpp>
#include <verdant/text/number.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The tables that Accel-NASBench's searches write.
namespace verdant::tabular {

/// Whose tables.
enum class log_form : std::uint8_t {
    random,    ///< epoch, the best, the mean of the best five, the best and the mean of the epoch
    evolution, ///< cycle, the best
    controller ///< epoch, the best, means of the best five and twenty, baseline, loss; with two objectives what the second is for the best and the best five
};

/// Whether quirks of the original are kept.
enum class reference_compat : std::uint8_t {
    off,
    on ///< the best of a random search is that before the epoch, at first the first sample
};

/// What the columns of objectives hold where a program learns it when it runs.
struct log_columns {
    std::vector<std::string> names{}; ///< one an objective; none: those of the metrics
    std::vector<double> factors{}; ///< one an objective, with which values are multiplied, such as -1 for what a program turned round; none: 1
};

/// The tables of a search, epoch by epoch, in the units of the metrics (Accel-NASBench, anb_eval/*_objective/*.py): a row an epoch, and one a design.
/// Designs are ranked by the first objective, in the direction of the goal; failed and infeasible ones have rows among the designs and no rank.
template <class Space, class Goals>
class epoch_log {
public:
    using trial_type = trial<Space, Goals>;
    static constexpr std::size_t objectives = Goals::objective_count;

    /// @throws input_error for columns that are not one an objective
    explicit epoch_log(log_form form, reference_compat compat = reference_compat::off, const log_columns& columns = {})
        : form_{form}, compat_{compat} {
        std::vector<std::string> names;
        Goals::for_each([&]<class G>() {
            if constexpr (objective<G>) {
                using metric = typename G::metric_type;
                names.push_back(std::string{metric::name()});
                facts_[names.size() - 1] = {.unit = metric::unit::factor, .maximized = G::maximized};
            }
        });
        for (const auto n : {columns.names.size(), columns.factors.size()})
            if (n != 0 && n != objectives)
                throw input_error{"epoch log", "columns", std::to_string(objectives) + ", one an objective", std::to_string(n)};
        if (!columns.names.empty()) names = columns.names;
        for (std::size_t o = 0; o < columns.factors.size(); ++o) facts_[o].shown = columns.factors[o];
        switch (form) {
        case log_form::random: epochs_ = "epoch,top1,top5_mean,epoch_max,epoch_mean\n"; break;
        case log_form::evolution: epochs_ = "cycle,best\n"; break;
        case log_form::controller:
            epochs_ = objectives == 1
                          ? "epoch,top1,top5_mean,top20_mean,baseline,loss\n"
                          : "epoch,top1,top5_mean," + field("top1_" + names[1]) + ',' + field("top5_" + names[1] + "_mean") + ",baseline,loss\n";
        }
        designs_ = "epoch";
        for (const auto& n : names) designs_ += ',' + field(n);
        for (std::size_t p = 0; p < view_of<Space>.size(); ++p) designs_ += ',' + field(std::string{view_of<Space>.name(p)});
        designs_ += '\n';
    }

    /// A design of the epoch that is under way.
    void add(const trial_type& t) {
        entry e;
        for (std::size_t o = 0; o < objectives; ++o)
            e.values[o] = (facts_[o].maximized ? -t.objectives[o] : t.objectives[o]) / facts_[o].unit * facts_[o].shown;
        designs_ += std::to_string(epoch_);
        for (const auto v : e.values) designs_ += ',' + (t.completed() ? exact_text(v) : std::string{});
        for (std::size_t p = 0; p < t.point.size(); ++p) designs_ += ',' + field(value_of_design(t.point, p));
        designs_ += '\n';
        if (!t.feasible()) return;
        if (first_.empty()) first_.push_back(e);
        sum_ += e.values[0];
        ++count_;
        if (count_ == 1 || better(e, most_)) most_ = e;
        // Equal ones stay in the order in which they came.
        const auto at = std::upper_bound(best_.begin(), best_.end(), e, [this](const entry& a, const entry& b) { return better(a, b); });
        if (static_cast<std::size_t>(at - best_.begin()) < kept) best_.insert(at, e);
        if (best_.size() > kept) best_.pop_back();
    }

    /// Ends an epoch. One without any good design so far has empty fields.
    /// @param baseline, loss of a controller after it
    void end_epoch(std::optional<double> baseline = std::nullopt, std::optional<double> loss = std::nullopt) {
        epochs_ += std::to_string(epoch_);
        const auto put = [&](bool there, double value) { epochs_ += ',' + (there ? exact_text(value) : std::string{}); };
        const bool some = !best_.empty();
        switch (form_) {
        case log_form::random:
            put(some, compat_ == reference_compat::on ? lagging() : some ? best_[0].values[0] : 0);
            put(some, mean_of(5, 0));
            put(count_ > 0, most_.values[0]);
            put(count_ > 0, sum_ / static_cast<double>(std::max<std::size_t>(count_, 1)));
            break;
        case log_form::evolution: put(some, some ? best_[0].values[0] : 0); break;
        case log_form::controller:
            put(some, some ? best_[0].values[0] : 0);
            put(some, mean_of(5, 0));
            if constexpr (objectives == 1) put(some, mean_of(20, 0));
            else {
                put(some, some ? best_[0].values[1] : 0);
                put(some, mean_of(5, 1));
            }
            put(baseline.has_value(), baseline.value_or(0));
            put(loss.has_value(), loss.value_or(0));
        }
        epochs_ += '\n';
        if (some) before_ = best_[0];
        ++epoch_;
        sum_ = 0;
        count_ = 0;
    }

    /// Epochs that ended.
    [[nodiscard]] std::size_t epochs() const noexcept { return epoch_; }
    /// A row an epoch, as CSV.
    [[nodiscard]] const std::string& epoch_table() const noexcept { return epochs_; }
    /// A row a design, as CSV: its epoch, its objectives, the values of its parameters.
    [[nodiscard]] const std::string& design_table() const noexcept { return designs_; }

private:
    static constexpr std::size_t kept = 20;

    struct entry {
        std::array<double, objectives> values{};
    };
    struct objective_facts {
        double unit = 1;
        bool maximized = false;
        double shown = 1;
    };

    /// A text as a field of CSV: names and labels may have what parts fields.
    [[nodiscard]] static std::string field(const std::string& text) {
        if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
        std::string quoted = "\"";
        for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
        return quoted + '"';
    }
    /// Truth values are 1 and 0, as in tables of records.
    [[nodiscard]] static std::string value_of_design(const point<Space>& p, std::size_t parameter) {
        const auto& space = view_of<Space>;
        return space.kind(parameter) == value_kind::boolean ? std::to_string(space.code_of(parameter, p[parameter]))
                                                            : value_text(space, parameter, p[parameter]);
    }
    [[nodiscard]] bool better(const entry& a, const entry& b) const {
        return (facts_[0].maximized == (facts_[0].shown > 0)) ? a.values[0] > b.values[0] : a.values[0] < b.values[0];
    }
    [[nodiscard]] double mean_of(std::size_t n, std::size_t o) const {
        n = std::min(n, best_.size());
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i) sum += best_[i].values[o];
        return n == 0 ? 0 : sum / static_cast<double>(n);
    }
    [[nodiscard]] double lagging() const { return before_ ? before_->values[0] : first_.empty() ? 0 : first_[0].values[0]; }

    log_form form_;
    reference_compat compat_;
    std::array<objective_facts, objectives> facts_{};
    std::string epochs_, designs_;
    std::vector<entry> best_, first_; ///< the best so far, the best first; the first sample
    std::optional<entry> before_; ///< the best when the last epoch ended
    entry most_{}; ///< of the epoch
    double sum_ = 0;
    std::size_t count_ = 0, epoch_ = 0;
};

} // namespace verdant::tabular
