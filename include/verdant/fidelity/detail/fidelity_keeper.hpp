#pragma once

#include <verdant/error.hpp>
#include <verdant/fidelity/fidelity_result.hpp>
#include <verdant/fidelity/fidelity_schedule.hpp>
#include <verdant/goal/pending_trial.hpp>
#include <verdant/goal/trial_origin.hpp>
#include <verdant/search/job.hpp>
#include <verdant/search/search_consumption.hpp>
#include <verdant/search/storage.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/space/point_text.hpp>
#include <verdant/space/value_text.hpp>
#include <verdant/study/storage_ref.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace verdant::detail {

/// Keeps a multi-fidelity search in a storage, and gives back what is kept. The search goes on by asking the same questions again and being told what
/// is kept, in the order kept: decisions follow from these alone, so that no state needs to be saved. Without a storage it keeps nothing.
/// @tparam Session `search_session<...>`
template <class Session>
class fidelity_keeper {
public:
    using space_type = typename Session::space_type;
    using goals_type = typename Session::goals_type;
    using metrics_type = typename Session::metrics_type;
    using point_type = point<space_type>;
    using trial_type = typename Session::trial_type;

    /// A measurement that is kept.
    struct kept {
        verdant::outcome<goals_type> outcome{};
        measurement_status status = measurement_status::completed;
        double fidelity = 1, cost = 0;
    };

    fidelity_keeper() = default;
    explicit fidelity_keeper(const storage_ref& storage) : storage_{storage} {}

    /// Opens the study or begins it. Throws input_error where the storage holds another one.
    void open(const study_description& description) {
        if (!storage_) return;
        starts_ = description.start_points.size();
        auto study = opened_study(*storage_, description);
        if (!study) return;
        asks_ = study->asks.size();
        metered_runs_ = study->consumption.size();
        for (const auto& one : study->consumption) {
            consumed_before_ += one;
            emitted_before_ += emitted_alone<>(one);
        }
        for (auto& t : study->trials) trials_[t.number] = std::move(t);
        for (const auto& p : study->pending) pending_[p.number] = true;
        read(study->evaluations);
        resumed_ = order_.size();
    }

    /// How many measurements came from an earlier run.
    [[nodiscard]] std::size_t resumed() const noexcept { return resumed_; }

    /// Keeps what this run has consumed, where the storage does. @returns that of all runs that are known
    /// @param of_run the run, and the shares of its workers in the order in which they came
    search_consumption consumed(std::span<const search_consumption> of_run) {
        auto all = consumed_before_;
        for (std::size_t i = 0; i < of_run.size(); ++i) {
            if (storage_ && storage_->meters()) storage_->consumed(metered_runs_ + i, of_run[i]);
            all += of_run[i];
        }
        return all;
    }
    /// What earlier runs emitted that are known, without their workers in other processes, as observers know it of this one.
    [[nodiscard]] si::mass emitted_before() const noexcept { return emitted_before_; }

    /// The next kept measurement of a trial.
    [[nodiscard]] std::optional<kept> take(std::uint64_t number) {
        const auto at = known_.find(number);
        if (at == known_.end() || at->second.empty()) return std::nullopt;
        auto one = std::move(at->second.front());
        at->second.pop_front();
        return one;
    }
    /// Says that one of them was told.
    void told_again() { --left_; }
    /// Whether kept measurements are still to be told.
    [[nodiscard]] bool replays() const noexcept { return left_ > 0; }
    /// The trials of the kept measurements, in the order kept.
    [[nodiscard]] const std::vector<std::uint64_t>& order() const noexcept { return order_; }

    /// Keeps a question, unless an earlier run did.
    void asks(const Session& before, std::size_t n, std::size_t stale) {
        const auto number = asked_++;
        if (!storage_ || number < asks_) return;
        stored_state state{.repeated = before.repeated(), .stale = stale};
        std::copy_n(before.random().state().begin(), state.random.size(), state.random.begin());
        storage_->begin({.number = number,
                         .first_trial = before.trials().size(),
                         .points = n,
                         .wanted = before.trials().size() + before.pending().size() + n,
                         .first_number = before.trials().size() + before.pending().size()},
                        state);
    }
    /// Keeps that a trial is pending. Throws input_error where the kept trial of this number is of another point.
    void posed(const pending_trial<space_type>& one) {
        if (!storage_) return;
        if (const auto t = trials_.find(one.number); t != trials_.end()) {
            if (t->second.parameters != texts(one.point))
                throw input_error{storage_->name(), "trial " + std::to_string(one.number),
                                  to_string(one.point) + ", which the optimizer proposes (have its options or its version changed?)",
                                  "another point"};
        } else if (storage_->keeps_pending() && !pending_[one.number]) {
            pending_[one.number] = true;
            storage_->submit({one.number, texts(one.point)});
        }
    }
    /// Keeps a measurement with the reports before it. On any thread, one call at a time.
    void measured(std::uint64_t number, const kept& one) {
        if (!storage_) return;
        for (const auto& r : one.outcome.reported)
            storage_->measure({.number = number, .fidelity = r.fidelity, .cost = 0, .status = "reported", .metrics = numbers(r.values), .times = {}});
        const bool failed = one.status == measurement_status::failed;
        storage_->measure({.number = number,
                           .fidelity = one.fidelity,
                           .cost = one.cost,
                           .status = std::string{measurement_status_text(one.status)},
                           .metrics = failed ? std::vector<double>{} : numbers(one.outcome.values),
                           .message = one.outcome.failure,
                           .times = one.outcome.times});
    }
    /// Keeps a trial as it is now. While kept measurements are told again, what they come to is there already.
    void trial(const trial_type& t, std::uint64_t told) {
        if (!storage_) return;
        if (replays()) {
            late_.push_back(t.number);
            return;
        }
        write(t, told);
    }
    /// Writes what an earlier run had no time to, once all kept measurements are told.
    /// @param find `number -> pair of trial and place in the order told`
    template <class Find>
    void catch_up(const Find& find) {
        if (replays() || late_.empty()) return;
        std::sort(late_.begin(), late_.end());
        late_.erase(std::unique(late_.begin(), late_.end()), late_.end());
        for (const auto number : std::exchange(late_, {})) {
            const auto [t, told] = find(number);
            write(*t, told);
        }
    }

private:
    void write(const trial_type& t, std::uint64_t told) {
        stored_trial now{
            .number = t.number, .parameters = texts(t.point), .completed = t.completed(), .message = t.message, .times = t.times, .told = told};
        if (t.number < starts_) now.origin = trial_origin::start_point;
        if (t.completed()) now.metrics = numbers(t.values);
        const auto before = trials_.find(t.number);
        if (before == trials_.end()) storage_->add(now);
        else if (before->second.completed == now.completed && before->second.metrics == now.metrics && before->second.message == now.message) return;
        else if (storage_->corrects()) storage_->replace(now);
        trials_[t.number] = std::move(now);
    }

    void read(const std::vector<stored_evaluation>& all) {
        std::unordered_map<std::uint64_t, std::vector<reported_values<goals_type>>> on_the_way;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto& e = all[i];
            const auto place = "evaluation " + std::to_string(i);
            const auto fail = [&](std::string_view expected, const std::string& instead) {
                throw input_error{storage_->name(), place, expected, instead};
            };
            if (!(e.fidelity > 0 && e.fidelity <= 1)) fail("a fidelity above 0, at most 1", std::to_string(e.fidelity));
            if (!(e.cost >= 0 && e.cost < 1e300)) fail("a cost of 0 or more", std::to_string(e.cost));
            const bool failed = e.status == "failed";
            if (!failed && e.status != "reported" && e.status != "completed" && e.status != "stopped")
                fail("reported, completed, failed or stopped", '\'' + e.status + '\'');
            metrics_type values{};
            if (!failed) values = read_values(e, place);
            auto& reports = on_the_way[e.number];
            if (e.status == "reported") {
                // Reports whose measurement was not kept any more are those of an earlier run; they were made again.
                if (!reports.empty() && reports.back().fidelity >= e.fidelity) reports.clear();
                reports.push_back({e.fidelity, values});
                continue;
            }
            kept one{.fidelity = e.fidelity, .cost = e.cost};
            one.status = failed ? measurement_status::failed : e.status == "stopped" ? measurement_status::stopped : measurement_status::completed;
            one.outcome.values = values;
            one.outcome.failure = failed ? (e.message.empty() ? "failed" : e.message) : std::string{};
            one.outcome.times = e.times;
            one.outcome.stopped = one.status == measurement_status::stopped;
            one.outcome.reported = std::exchange(reports, {});
            known_[e.number].push_back(std::move(one));
            order_.push_back(e.number);
            ++left_;
        }
    }
    [[nodiscard]] metrics_type read_values(const stored_evaluation& e, const std::string& place) const {
        std::array<double, metrics_type::size()> values{};
        if (e.metrics.size() != values.size())
            throw input_error{storage_->name(), place, std::to_string(values.size()) + " metrics", std::to_string(e.metrics.size())};
        std::copy(e.metrics.begin(), e.metrics.end(), values.begin());
        const auto read = metrics_type::from_si_values(values);
        if (const auto nan = nan_metric(read); !nan.empty()) throw input_error{storage_->name(), place + ", " + std::string{nan}, "a number", "none"};
        return read;
    }
    [[nodiscard]] static std::vector<double> numbers(const metrics_type& values) {
        const auto all = values.si_values();
        return {all.begin(), all.end()};
    }
    [[nodiscard]] static std::vector<std::string> texts(const point_type& p) {
        std::vector<std::string> all;
        for (std::size_t i = 0; i < p.size(); ++i)
            all.push_back(view_of<space_type>.active(i, p) ? value_text(view_of<space_type>, i, p[i]) : std::string{});
        return all;
    }

    std::optional<storage_ref> storage_{};
    search_consumption consumed_before_{.runs = 0};
    si::mass emitted_before_{};
    std::uint64_t metered_runs_ = 0;
    std::unordered_map<std::uint64_t, stored_trial> trials_; ///< as they are kept
    std::unordered_map<std::uint64_t, bool> pending_;
    std::unordered_map<std::uint64_t, std::deque<kept>> known_;
    std::vector<std::uint64_t> order_, late_;
    std::uint64_t asks_ = 0, asked_ = 0;
    std::size_t left_ = 0, resumed_ = 0, starts_ = 0;
};

} // namespace verdant::detail
