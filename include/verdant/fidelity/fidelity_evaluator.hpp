#pragma once

#include <verdant/fidelity/fidelity_scale.hpp>
#include <verdant/fidelity/measurement.hpp>
#include <verdant/goal/evaluator.hpp>
#include <verdant/search/evaluation.hpp>
#include <verdant/search/job.hpp>

#include <concepts>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

/// What an evaluator at a fidelity is, and how jobs are measured with several.
namespace verdant {

namespace detail {

template <class E, class Space, class Scale>
concept value_evaluator = std::invocable<const E&, const point<Space>&, at_fidelity<Scale>> &&
                          metrics_record<std::invoke_result_t<const E&, const point<Space>&, at_fidelity<Scale>>>;
template <class E, class Space, class Scale>
concept measurement_evaluator = std::invocable<const E&, const point<Space>&, measurement<Scale>&> &&
                                metrics_record<std::invoke_result_t<const E&, const point<Space>&, measurement<Scale>&>>;

} // namespace detail

/// Measures one point at a fidelity: a callable `(const point<Space>&, at_fidelity<Scale>) -> metrics<...>`, or one that takes a
/// `measurement<Scale>&` instead, by which it reports values on the way, and learns what it may go on from.
template <class E, class Space, class Scale>
concept fidelity_evaluator = detail::value_evaluator<E, Space, Scale> || detail::measurement_evaluator<E, Space, Scale>;

namespace detail {

// Asked in this order, so that a generic callable is asked for one form alone.
template <class E, class Space, class Scale>
struct fidelity_record : provided<E, Space> {};
template <class E, class Space, class Scale>
    requires value_evaluator<E, Space, Scale>
struct fidelity_record<E, Space, Scale> {
    using type = std::invoke_result_t<const E&, const point<Space>&, at_fidelity<Scale>>;
};
template <class E, class Space, class Scale>
    requires(!value_evaluator<E, Space, Scale> && measurement_evaluator<E, Space, Scale>)
struct fidelity_record<E, Space, Scale> {
    using type = std::invoke_result_t<const E&, const point<Space>&, measurement<Scale>&>;
};

/// Judges reports while measurements are under way.
template <class Goals>
class report_judge {
public:
    [[nodiscard]] virtual measurement_step judge(std::uint64_t number, double share, const typename Goals::metrics_type& values) = 0;

protected:
    ~report_judge() = default;
};

/// The judge as evaluators know it. Measurements that a dispatcher has forgotten may outlive the run: then there is nobody to ask, and they are to
/// stop.
template <class Goals>
class lasting_judge {
public:
    explicit lasting_judge(report_judge<Goals>& run) : run_{&run} {}
    [[nodiscard]] measurement_step judge(std::uint64_t number, double share, const typename Goals::metrics_type& values) {
        const std::scoped_lock lock{mutex_};
        return run_ != nullptr ? run_->judge(number, share, values) : measurement_step::stop;
    }
    /// The run has ended.
    void leave() {
        const std::scoped_lock lock{mutex_};
        run_ = nullptr;
    }

private:
    std::mutex mutex_;
    report_judge<Goals>* run_;
};

/// What ended a run from within an evaluator: the first exception. Evaluators may call it on any thread.
class run_ending {
public:
    void take(const std::exception_ptr& why) {
        const std::scoped_lock lock{mutex_};
        if (why_ == nullptr) why_ = why;
    }
    /// Throws it, where there is one.
    void rethrow() const {
        const std::scoped_lock lock{mutex_};
        if (why_ != nullptr) std::rethrow_exception(why_);
    }

private:
    mutable std::mutex mutex_;
    std::exception_ptr why_;
};

/// What the evaluators of a run have of it. Each run has its own, so that several runs of one search at once know nothing of each other.
template <class Goals>
struct measuring_place {
    std::string folder{}; ///< for checkpoints; empty for none
    std::shared_ptr<lasting_judge<Goals>> judge{}; ///< null where nobody judges
    std::shared_ptr<run_ending> ending{}; ///< null where no run is asked: for workers elsewhere
};

template <class... M>
void set_named(metrics<M...>& record, const named_value& one) {
    const auto set = [&]<class Metric>() {
        if (Metric::name() == one.name) record.template set<Metric>(from_si<typename Metric::value_type>(one.value));
    };
    (set.template operator()<M>(), ...);
}

/// Takes the reports of one measurement into its outcome.
template <class Goals>
class outcome_reports final : public report_sink {
public:
    outcome_reports(std::uint64_t number, outcome<Goals>& out, const measuring_place<Goals>& place)
        : number_{number}, out_{out}, judge_{place.judge.get()}, ending_{place.ending.get()} {}
    measurement_step report(double share, std::span<const named_value> values) override {
        if (out_.stopped || !out_.failure.empty()) return measurement_step::stop;
        auto record = out_.values;
        for (const auto& one : values) {
            if (one.value != one.value) out_.fail(std::string{one.name} + " is NaN");
            set_named(record, one);
        }
        if (!out_.failure.empty()) return measurement_step::stop;
        out_.reported.push_back({share, record});
        if (judge_ != nullptr && judge_->judge(number_, share, record) == measurement_step::stop) {
            out_.stopped = true;
            return measurement_step::stop;
        }
        return measurement_step::go_on;
    }
    void started_over() override { out_.started_over = true; }
    void cannot_go_on(const std::exception_ptr& why) override {
        if (ending_ != nullptr) ending_->take(why);
    }

private:
    std::uint64_t number_;
    outcome<Goals>& out_;
    lasting_judge<Goals>* judge_;
    run_ending* ending_;
};

/// Measures jobs: evaluators that know no fidelity first, so that reports hold their metrics; then the others.
template <class Space, class Goals, class Scale, class... E>
class fidelity_measure {
public:
    fidelity_measure(measuring_place<Goals> place, std::shared_ptr<const std::tuple<E...>> evaluators)
        : place_{std::move(place)}, evaluators_{std::move(evaluators)} {}

    void operator()(const job<Space>& trial, outcome<Goals>& out) const {
        std::apply([&](const E&... e) { (plain(e, trial, out), ...); }, *evaluators_);
        outcome_reports<Goals> sink{trial.number, out, place_};
        std::apply([&](const E&... e) { (at(e, trial, out, sink), ...); }, *evaluators_);
        if (out.stopped && out.failure.empty()) out.values = out.reported.back().values;
    }

private:
    template <class One>
    static void plain(const One& evaluator, const job<Space>& trial, outcome<Goals>& out) {
        if constexpr (!fidelity_evaluator<One, Space, Scale>) {
            if (!out.failure.empty()) return;
            if constexpr (seeded_evaluator<One, Space>) {
                random_stream random{trial.seed};
                out.merge(evaluator(trial.point, random));
            } else if constexpr (std::invocable<const One&, const point<Space>&>) out.merge(evaluator(trial.point)); // any other has been reported
        }
    }
    template <class One>
    void at(const One& evaluator, const job<Space>& trial, outcome<Goals>& out, report_sink& sink) const {
        if constexpr (value_evaluator<One, Space, Scale>) {
            if (out.failure.empty() && !out.stopped) out.merge(evaluator(trial.point, at_fidelity<Scale>{Scale::value_at(trial.fidelity)}));
        } else if constexpr (measurement_evaluator<One, Space, Scale>) {
            if (!out.failure.empty() || out.stopped) return;
            measurement<Scale> m{trial.number, trial.fidelity, trial.reached, trial.seed, place_.folder, sink};
            const auto values = evaluator(trial.point, m);
            if (!out.stopped) out.merge(values);
        }
    }

    measuring_place<Goals> place_;
    std::shared_ptr<const std::tuple<E...>> evaluators_; ///< of all runs
};

} // namespace detail

} // namespace verdant
