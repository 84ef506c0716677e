#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/evaluator.hpp>
#include <verdant/goal/goal.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/meta/type_name.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/search/job.hpp>

#include <boost/hana/for_each.hpp>
#include <boost/hana/tuple.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Evaluators with their types erased, after the compiler has checked that each metric has one provider.
namespace verdant {

namespace detail {

// Checks are classes, made where a search is made and not deeper, so that compilers list few steps between the mistake and the user's line.

template <class Evaluator, class Space>
struct evaluator_argument {
    static constexpr bool evaluates = evaluator_for<Evaluator, Space>;
    static_assert(evaluates, "verdant: an argument of the search is no evaluator of its space; write a callable point<Space> -> metrics<...>, see "
                             "evaluator_argument<...> in this message");
    static constexpr bool value = true; // a false one would add a second error below the first
};

/// One that takes the space for its point has been reported where it asks it for values.
template <class Evaluator, class Space>
    requires(!evaluator_for<Evaluator, Space>) && requires(const Evaluator& e, const Space& s) {
        e(s);
        { asked_for_values(reported_space<typename Space::elements>{}) } -> std::same_as<bool>;
    }
struct evaluator_argument<Evaluator, Space> {
    static constexpr bool value = true;
};

/// An evaluator may say itself why it does not measure points of a space, with a class `rejection<Space>` that holds the static assertion.
template <class Evaluator, class Space>
    requires(!evaluator_for<Evaluator, Space>) && requires { typename Evaluator::template rejection<Space>; }
struct evaluator_argument<Evaluator, Space> : Evaluator::template rejection<Space> {
    static constexpr bool value = true;
};

/// @tparam Drawn some evaluator gives draws of this metric, and no value
template <class Metric, std::size_t Providers, bool Drawn>
struct provided_once {
    static constexpr bool several = Providers > 1;
    static constexpr bool is_value = Providers > 0 || !Drawn;
    static_assert(is_value, "verdant: an evaluator gives draws of the metric of a goal, and no value; say what of the draws is wanted, for example "
                            "minimize<mean<total_carbon>> or minimize<quantile<total_carbon, 0.95>>, see provided_once<...> in this message");
    static constexpr bool has_draws = Providers > 0 || !requires { typename Metric::drawn_metric; };
    static_assert(has_draws,
                  "verdant: no evaluator gives draws of the metric of a quantile, mean or deviation; return uncertain_metrics<metrics<...>, "
                  "drawn<total_carbon>> from one, see provided_once<...> in this message");
    static constexpr bool some = Providers > 0 || !is_value || !has_draws;
    static_assert(some, "verdant: no evaluator provides the metric of a goal; pass the search an evaluator that returns metrics<...> with it, see "
                        "provided_once<...> in this message");
    static_assert(!several, "verdant: two evaluators provide the same metric; leave it out of one of them, see provided_once<...> in this message");
    static constexpr bool value = true;
};

/// The first metric that not exactly one evaluator provides, and how many do.
template <class Metric = void, std::size_t Providers = 1, bool Drawn = false>
struct provision {
    using metric = Metric;
    static constexpr std::size_t providers = Providers;
    static constexpr bool drawn = Drawn;
};
/// Whether a record has draws of a metric.
template <class Record, class Metric>
[[nodiscard]] consteval bool holds_draws() {
    if constexpr (requires { Record::template has_draws<Metric>; }) return Record::template has_draws<Metric>;
    else return false;
}
template <class Wanted, class... Records>
struct find_provision {
    using type = provision<>;
};
template <class M, class... Rest, class... Records>
struct find_provision<metrics<M, Rest...>, Records...> {
    static constexpr std::size_t count = (std::size_t{0} + ... + (Records::template has<M> ? 1 : 0));
    using type = typename std::conditional_t<count == 1, find_provision<metrics<Rest...>, Records...>,
                                             std::type_identity<provision<M, count, (holds_draws<Records, M>() || ...)>>>::type;
};
/// Arguments that are not evaluators, and records with a mistake, are reported by themselves.
template <class Goals, class Space, class... Evaluators>
using provision_of = typename std::conditional_t<(evaluator_for<Evaluators, Space> && ...) && (provided_metrics<Evaluators, Space>::is_sound && ...),
                                                 find_provision<typename Goals::metrics_type, provided_metrics<Evaluators, Space>...>,
                                                 std::type_identity<provision<>>>::type;

} // namespace detail

/// The evaluators of a study behind one boundary: the type of a search names its goals, not who measures them.
/// Single ones are called first, in order, then those that take batches; a point for which one failed is not shown to the next. What an evaluator
/// throws becomes the failure of its trial: its text, where it is an exception or a text.
template <class Space, class Goals>
class evaluator_set {
public:
    template <class... Evaluators>
    explicit evaluator_set(Evaluators... evaluators) {
        if constexpr ((evaluator_for<Evaluators, Space> && ...)) {
            using all = boost::hana::tuple<Evaluators...>;
            evaluators_ = std::make_shared<const all>(std::move(evaluators)...);
            single_ = &all_single<all>;
            if constexpr ((batch_evaluator<Evaluators, Space> || ...)) batch_ = &all_batches<all>;
            types_ = &names_of<Evaluators...>;
        }
    }

    /// The set of one callable that takes jobs whole, with their fidelity, and fills in what came of them:
    /// `(const job<Space>&, outcome<Goals>&) -> void`. What it throws is the failure of its trial, too.
    template <std::invocable<const job<Space>&, outcome<Goals>&> Measure>
    [[nodiscard]] static evaluator_set of_jobs(Measure measure) {
        evaluator_set made;
        made.evaluators_ = std::make_shared<const Measure>(std::move(measure));
        made.single_ = [](const void* m, const job<Space>& trial, outcome<Goals>& out) {
            guarded(out, [&] { (*static_cast<const Measure*>(m))(trial, out); });
        };
        made.types_ = &names_of<Measure>;
        return made;
    }

    /// Calls the evaluators of single points for one trial. Several threads may do so at once.
    void evaluate_one(const job<Space>& trial, outcome<Goals>& out) const {
        const detail::trial_stopwatch watch;
        single_(evaluators_.get(), trial, out);
        out.times = watch.until_now();
    }
    /// The types of the evaluators, as this compiler names them, by which processes of one program find out that theirs are the same.
    [[nodiscard]] std::vector<std::string> type_names() const { return types_ != nullptr ? types_() : std::vector<std::string>{}; }
    /// Whether some evaluators take batches: then trials are done only after `evaluate_batch`.
    [[nodiscard]] bool takes_batches() const noexcept { return batch_ != nullptr; }
    /// Calls the evaluators that take batches for trials that `evaluate_one` was called for. @param out one for each job @pre takes_batches()
    void evaluate_batch(std::span<const job<Space>> trials, std::span<outcome<Goals>> out) const {
        const detail::trial_stopwatch watch;
        std::vector<unsigned char> measured(out.size()); // what failed before takes no part in it
        for (std::size_t i = 0; i < out.size(); ++i) measured[i] = out[i].failure.empty() ? 1 : 0;
        batch_(evaluators_.get(), trials, out);
        const auto whole = watch.until_now();
        for (std::size_t i = 0; i < out.size(); ++i)
            if (auto& times = out[i].times; measured[i] != 0) times = {times.known() ? times.started : whole.started, whole.ended};
    }

private:
    template <class... Evaluators>
    [[nodiscard]] static std::vector<std::string> names_of() {
        return {std::string{type_name<Evaluators>()}...};
    }
    template <class F>
    static void guarded(outcome<Goals>& out, F&& f) {
        try {
            f();
        } catch (const std::exception& e) { out.fail(e.what()); } catch (const std::string& text) {
            out.fail(text);
        } catch (std::string_view text) { out.fail(std::string{text}); } catch (const char* text) {
            out.fail(text == nullptr ? "" : text);
        } catch (...) { out.fail("an exception that is no std::exception"); }
    }

    template <class All>
    static void all_single(const void* all, const job<Space>& trial, outcome<Goals>& out) {
        const auto& p = trial.point;
        auto random = random_stream{trial.seed};
        boost::hana::for_each(*static_cast<const All*>(all), [&]<class E>(const E& evaluator) {
            if constexpr (!batch_evaluator<E, Space>) {
                if (!out.failure.empty()) return;
                guarded(out, [&] {
                    if constexpr (seeded_evaluator<E, Space>) out.merge(evaluator(p, random));
                    else out.merge(evaluator(p));
                });
            }
        });
    }

    template <class All>
    static void all_batches(const void* all, std::span<const job<Space>> trials, std::span<outcome<Goals>> out) {
        std::vector<point<Space>> points;
        points.reserve(trials.size());
        for (const auto& t : trials) points.push_back(t.point);
        boost::hana::for_each(*static_cast<const All*>(all), [&]<class E>(const E& evaluator) {
            if constexpr (batch_evaluator<E, Space>) {
                const auto failed = [](const outcome<Goals>& o) { return !o.failure.empty(); };
                if (std::none_of(out.begin(), out.end(), failed)) return ask_batch(evaluator, std::span<const point<Space>>{points}, out);
                std::vector<point<Space>> left;
                std::vector<outcome<Goals>> found;
                for (std::size_t i = 0; i < out.size(); ++i) {
                    if (failed(out[i])) continue;
                    left.push_back(points[i]);
                    found.push_back(out[i]);
                }
                if (!left.empty()) ask_batch(evaluator, std::span<const point<Space>>{left}, std::span{found});
                for (auto next = found.begin(); auto& o : out)
                    if (!failed(o)) o = std::move(*next++);
            }
        });
    }

    template <class E>
    static void ask_batch(const E& evaluator, std::span<const point<Space>> points, std::span<outcome<Goals>> out) {
        try {
            const auto& found = evaluator(points);
            if (found.size() != points.size())
                throw error{"a batch evaluator gave " + std::to_string(found.size()) + " records for " + std::to_string(points.size()) + " points"};
            for (std::size_t i = 0; i < found.size(); ++i) out[i].merge(found[i]);
        } catch (...) {
            // One bad point must not fail its neighbours: each is tried alone.
            if (points.size() == 1) return guarded(out[0], [] { throw; });
            for (std::size_t i = 0; i < points.size(); ++i) ask_batch(evaluator, points.subspan(i, 1), out.subspan(i, 1));
        }
    }

    std::shared_ptr<const void> evaluators_; ///< copies of a search share them
    void (*single_)(const void*, const job<Space>&, outcome<Goals>&) = nullptr;
    void (*batch_)(const void*, std::span<const job<Space>>, std::span<outcome<Goals>>) = nullptr; ///< null where no evaluator takes batches
    std::vector<std::string> (*types_)() = nullptr;
};

} // namespace verdant
