#pragma once

#include <verdant/error.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/search/evaluation.hpp>
#include <verdant/search/session.hpp>
#include <verdant/search/storage.hpp>
#include <verdant/search/study_description.hpp>
#include <verdant/search/study_difference.hpp>
#include <verdant/search/thread_pool.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <pthread.h>

namespace verdant::detail {

/// Keeps a running search in a storage, and puts a session where a kept one was: just before its last question, which is then asked again, with
/// those of its trials that are kept already taken from the storage. Questions, not trials, are what the state is kept at, since all trials of a
/// question follow from it and their evaluators.
template <class Space, class Goals, class Storage>
class study_keeper {
public:
    using trial_type = trial<Space, Goals>;
    using metrics_type = typename Goals::metrics_type;

    explicit study_keeper(Storage& storage) : storage_{storage} {}
    study_keeper(const study_keeper&) = delete;
    study_keeper& operator=(const study_keeper&) = delete;
    ~study_keeper() { pthread_mutex_destroy(&mutex_); }

    /// Opens the study or begins it; gives the batches on end without a new point. Throws input_error where the storage holds another study.
    template <class Optimizer, class Session, class Options>
    std::size_t start(Session& session, const Options& o, std::size_t batch) {
        const auto description = describe_study<Space, Goals, Optimizer>(session.limits(), o.optimizer, o.seed, batch);
        wanted_points_ = batch;
        auto study = storage_.load();
        if (!study) {
            storage_.create(description);
            return 0;
        }
        require_same_study(study->description, description, source());
        resumed_ = study->trials.size();
        asks_ = study->asks.size();
        read_trials(*study);
        if (study->asks.empty()) return 0;
        last_ = study->asks.back();
        pending_ = true;
        cut_ = cut_batch(study->asks);
        const auto before = static_cast<std::size_t>(last_.first_trial);
        if constexpr (savable_engine<typename Session::engine_type, Space, Goals>) {
            if (study->state.optimizer) {
                for (std::size_t i = 0; i < before; ++i) session.take(trials_[i].point, trials_[i].values, trials_[i].failure);
                restore(session, study->state);
                return static_cast<std::size_t>(study->state.stale);
            }
        }
        for (std::size_t a = 0; a + 1 < study->asks.size(); ++a) replay(session, study->asks[a]);
        if (session.trials().size() != before) disagree(before, std::to_string(before) + " trials before the last question", session.trials().size());
        return static_cast<std::size_t>(study->state.stale);
    }

    /// How many trials came from the storage.
    [[nodiscard]] std::size_t resumed() const { return resumed_; }
    [[nodiscard]] bool kept(std::uint64_t number) const { return number < trials_.size() && trials_[static_cast<std::size_t>(number)].there; }

    /// How many points to ask for; keeps the question. @param n as many as there would be without a storage
    template <class Session>
    std::size_t next(const Session& session, std::size_t n, std::size_t total, std::size_t stale) {
        const auto wanted = std::min<std::uint64_t>(total, std::numeric_limits<std::int64_t>::max()); // what databases take for a number
        if (std::exchange(pending_, false)) {
            if (wanted <= last_.wanted) cut_ = 0;
            return static_cast<std::size_t>(last_.points);
        }
        // A question that the end of a shorter run cut off is completed first, so that a longer run goes on as if it had been meant from the start.
        if (cut_ > 0) n = std::min(n, wanted_points_ - std::exchange(cut_, 0));
        stored_state state{.repeated = session.repeated(), .stale = stale};
        std::copy_n(session.random().state().begin(), state.random.size(), state.random.begin());
        if constexpr (savable_engine<typename Session::engine_type, Space, Goals>) state.optimizer = session.engine().save();
        storage_.begin({.number = asks_++, .first_trial = session.trials().size(), .points = n, .wanted = wanted}, state);
        return n;
    }

    /// What the points are worth: kept, or measured now and kept as soon as it is known.
    template <class X>
    std::vector<outcome<Goals>> evaluate(const evaluation<Space, Goals>& measure, std::span<const point<Space>> points, std::uint64_t seed,
                                         std::uint64_t first, X& run) {
        std::vector<outcome<Goals>> found(points.size());
        std::vector<std::size_t> open;
        std::vector<point<Space>> open_points;
        for (std::size_t i = 0; i < points.size(); ++i) {
            if (kept(first + i)) {
                const auto& t = proposed(first + i, points[i]);
                found[i].values = t.values;
                found[i].failure = t.failure;
            } else {
                open.push_back(i);
                open_points.push_back(points[i]);
            }
        }
        auto measured = measure(
            std::span<const point<Space>>{open_points}, seed, [&](std::size_t i) { return first + open[i]; }, run,
            [&](std::size_t i, const outcome<Goals>& o) { keep(first + open[i], open_points[i], o); });
        if (failed_) std::rethrow_exception(failed_);
        for (std::size_t i = 0; i < open.size(); ++i) found[open[i]] = std::move(measured[i]);
        return found;
    }

private:
    struct kept_trial {
        bool there = false;
        verdant::point<Space> point{};
        metrics_type values{};
        std::string failure{};
    };

    [[nodiscard]] std::string source() const { return std::string{std::as_const(storage_).name()}; }
    [[noreturn]] void disagree(std::uint64_t trial, std::string_view expected, std::size_t found) const {
        throw input_error{source(), "trial " + std::to_string(trial), expected, std::to_string(found)};
    }

    template <class Session>
    void restore(Session& session, const stored_state& state) const {
        try {
            session.restore(state.random, state.repeated, *state.optimizer);
        } catch (const input_error& e) {
            throw input_error{source(), e.source() + (e.place().empty() ? "" : ", ") + e.place(), e.expected(), e.found()};
        }
    }

    void read_trials(const stored_study& study) {
        // Trials of the last question may be there in any selection, and there are not more of them than points asked for.
        const auto complete = study.asks.empty() ? 0 : study.asks.back().first_trial;
        const auto most = study.asks.empty() ? 0 : complete + study.asks.back().points;
        for (const auto& t : study.trials) {
            const auto place = "trial " + std::to_string(t.number);
            if (t.number >= most) throw input_error{source(), place, "no trial that was not asked for", "one"};
            if (kept(t.number)) throw input_error{source(), place, "one trial of this number", "two"};
            if (trials_.size() <= t.number) trials_.resize(static_cast<std::size_t>(t.number) + 1);
            trials_[static_cast<std::size_t>(t.number)] = read_trial(t, place);
        }
        for (std::uint64_t i = 0; i < complete; ++i)
            if (!kept(i)) throw input_error{source(), "trial " + std::to_string(i), "a trial", "none"};
    }

    [[nodiscard]] kept_trial read_trial(const stored_trial& t, const std::string& place) const {
        constexpr auto parameters = parameter_count<Space>;
        kept_trial read{.there = true};
        if (t.parameters.size() != parameters)
            throw input_error{source(), place, std::to_string(parameters) + " parameters", std::to_string(t.parameters.size())};
        for (std::size_t p = 0; p < parameters; ++p) {
            const auto index = find_value(view_of<Space>, p, t.parameters[p]);
            if (index == view_of<Space>.domain_size(p))
                throw input_error{source(), place + ", " + std::string{view_of<Space>.name(p)}, "one of " + domain_text(view_of<Space>, p),
                                  '\'' + t.parameters[p] + '\''};
            read.point[p] = static_cast<typename verdant::point<Space>::index_type>(index);
        }
        if (!read.point.feasible()) throw input_error{source(), place, "a feasible point", to_string(read.point)};
        if (!t.completed) {
            read.failure = t.message.empty() ? "failed" : t.message;
            return read;
        }
        std::array<double, metrics_type::size()> values{};
        if (t.metrics.size() != values.size())
            throw input_error{source(), place, std::to_string(values.size()) + " metrics", std::to_string(t.metrics.size())};
        std::copy(t.metrics.begin(), t.metrics.end(), values.begin());
        read.values = metrics_type::from_si_values(values);
        if (const auto nan = nan_metric(read.values); !nan.empty()) throw input_error{source(), place + ", " + std::string{nan}, "a number", "none"};
        return read;
    }

    /// The kept trial of this number. Throws input_error where it is not of the point that the optimizer proposes.
    [[nodiscard]] const kept_trial& proposed(std::uint64_t number, const point<Space>& p) const {
        if (!kept(number)) throw input_error{source(), "trial " + std::to_string(number), to_string(p), "no trial"};
        const auto& t = trials_[static_cast<std::size_t>(number)];
        if (t.point != p)
            throw input_error{source(), "trial " + std::to_string(number),
                              to_string(p) + ", which the optimizer proposes (have its options or its version changed?)", to_string(t.point)};
        return t;
    }

    template <class Session>
    void replay(Session& session, const stored_ask& ask) {
        for (const auto& p : session.ask(static_cast<std::size_t>(ask.points))) {
            if (session.tell_known(p) != nullptr) continue;
            const auto& t = proposed(session.trials().size(), p);
            if (t.failure.empty()) session.tell(p, t.values);
            else session.tell_failure(p, t.failure);
        }
    }

    /// How many points of its batch the last question and those that completed it have asked for; 0 for whole ones.
    [[nodiscard]] std::size_t cut_batch(const std::vector<stored_ask>& asks) const {
        std::uint64_t asked = 0, wanted = 0;
        for (const auto& a : asks) {
            asked = a.wanted > wanted ? (asked + a.points) % wanted_points_ : a.points % wanted_points_;
            wanted = a.wanted;
        }
        return static_cast<std::size_t>(asked);
    }

    /// Called by any thread. What goes wrong is thrown when all tasks are done, since tasks do not throw.
    void keep(std::uint64_t number, const point<Space>& p, const outcome<Goals>& o) {
        const mutex_hold hold{mutex_};
        if (failed_) return;
        try {
            stored_trial t{.number = number, .completed = o.failure.empty(), .message = o.failure};
            for (std::size_t i = 0; i < p.size(); ++i) t.parameters.push_back(value_text(view_of<Space>, i, p[i]));
            if (t.completed) {
                const auto values = o.values.si_values();
                t.metrics.assign(values.begin(), values.end());
            }
            storage_.add(t);
        } catch (...) { failed_ = std::current_exception(); }
    }

    Storage& storage_;
    std::vector<kept_trial> trials_;
    stored_ask last_{};
    std::uint64_t asks_ = 0;
    std::size_t resumed_ = 0, wanted_points_ = 1, cut_ = 0;
    bool pending_ = false;
    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
    std::exception_ptr failed_{};
};

} // namespace verdant::detail
