#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/evaluator.hpp>
#include <verdant/goal/goal.hpp>
#include <verdant/search/executor.hpp>

#include <boost/hana/for_each.hpp>
#include <boost/hana/tuple.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace verdant::detail {

/// What the evaluators found out about a point.
template <class Goals>
struct outcome {
    typename Goals::metrics_type values{};
    std::string failure{}; ///< empty where every evaluator gave numbers

    /// Takes those of the measured values that the goals ask for.
    template <class... M>
    void merge(const metrics<M...>& found) {
        (merge_one<M>(found), ...);
    }
    /// The first failure counts.
    void fail(const std::string& why) {
        if (failure.empty()) failure = why.empty() ? "an exception without a text" : why;
    }

private:
    template <class M, class Record>
    void merge_one(const Record& found) {
        if constexpr (Goals::metrics_type::template has<M>) {
            values.template set<M>(found.template get<M>());
            if (!nan_metric(metrics<M>{found.template get<M>()}).empty()) fail(std::string{M::name()} + " is NaN");
        }
    }
};

// Checks are classes, made where a search is made and not deeper, so that compilers list few steps between the mistake and the user's line.

template <class Evaluator, class Space>
struct evaluator_argument {
    static constexpr bool evaluates = evaluator_for<Evaluator, Space>;
    static_assert(
        evaluates,
        "verdant: an argument of the search is no evaluator of its space; write a callable point<Space> -> metrics<...>, see Evaluator above");
    static constexpr bool value = true; // a false one would add a second error below the first
};

template <class Metric, std::size_t Providers>
struct provided_once {
    static constexpr bool some = Providers > 0, several = Providers > 1;
    static_assert(
        some,
        "verdant: no evaluator provides the metric of a goal; pass the search an evaluator that returns metrics<...> with it, see Metric above");
    static_assert(!several, "verdant: two evaluators provide the same metric; leave it out of one of them, see Metric above");
    static constexpr bool value = true;
};

/// The first metric that not exactly one evaluator provides, and how many do.
template <class Metric = void, std::size_t Providers = 1>
struct provision {
    using metric = Metric;
    static constexpr std::size_t providers = Providers;
};
template <class Wanted, class... Records>
struct find_provision {
    using type = provision<>;
};
template <class M, class... Rest, class... Records>
struct find_provision<metrics<M, Rest...>, Records...> {
    static constexpr std::size_t count = (std::size_t{0} + ... + (Records::template has<M> ? 1 : 0));
    using type = typename std::conditional_t<count == 1, find_provision<metrics<Rest...>, Records...>, std::type_identity<provision<M, count>>>::type;
};
/// `Evaluators` that are none are reported by themselves.
template <class Goals, class Space, class... Evaluators>
using provision_of = typename std::conditional_t<(evaluator_for<Evaluators, Space> && ...),
                                                 find_provision<typename Goals::metrics_type, provided_metrics<Evaluators, Space>...>,
                                                 std::type_identity<provision<>>>::type;

/// The evaluators of a study behind one boundary: the type of a search names its goals, not who measures them.
/// Single ones are called first, in order, then those that take batches; a point for which one failed is not shown to the next.
template <class Space, class Goals>
class evaluation {
public:
    template <class... Evaluators>
    explicit evaluation(Evaluators... evaluators) {
        if constexpr ((evaluator_for<Evaluators, Space> && ...)) {
            using all = boost::hana::tuple<Evaluators...>;
            evaluators_ = shared{all(std::move(evaluators)...)};
            single_ = &evaluate_one<all>;
            batch_ = &evaluate_batch<all>;
            batched_ = (batch_evaluator<Evaluators, Space> || ...);
        }
    }

    /// Evaluates points; what an evaluator throws becomes the failure of its trial.
    /// @param number (i) -> number of the trial of point i: its random stream is derived from (seed, number)
    /// @param done   (i, outcome) is called as soon as point i is finished, on any thread; it does not throw
    template <executor X, class Number, class Done>
    [[nodiscard]] std::vector<outcome<Goals>> operator()(std::span<const point<Space>> points, std::uint64_t seed, const Number& number, X& run,
                                                         const Done& done) const {
        std::vector<outcome<Goals>> out(points.size());
        if (points.empty()) return out;
        run(points.size(), [&](std::size_t i) {
            auto random = random_stream::derive(seed, number(i));
            single_(evaluators_.get(), points[i], random, out[i]);
            if (!batched_) done(i, out[i]);
        });
        if (!batched_) return out;
        batch_(evaluators_.get(), points, out);
        for (std::size_t i = 0; i < out.size(); ++i) done(i, out[i]);
        return out;
    }

private:
    template <class F>
    static void guarded(outcome<Goals>& out, F&& f) {
        try {
            f();
        } catch (const std::exception& e) { out.fail(e.what()); } catch (...) {
            out.fail("an exception that is no std::exception");
        }
    }

    template <class All>
    static void evaluate_one(const void* all, const point<Space>& p, random_stream& random, outcome<Goals>& out) {
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
    static void evaluate_batch(const void* all, std::span<const point<Space>> points, std::span<outcome<Goals>> out) {
        boost::hana::for_each(*static_cast<const All*>(all), [&]<class E>(const E& evaluator) {
            if constexpr (batch_evaluator<E, Space>) {
                const auto failed = [](const outcome<Goals>& o) { return !o.failure.empty(); };
                if (std::none_of(out.begin(), out.end(), failed)) return ask_batch(evaluator, points, out);
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

    /// What std::shared_ptr would be: <memory> would take a tenth of the time that a search takes to compile.
    class shared {
        struct kept {
            const void* object;
            void (*destroy)(const kept*);
            std::atomic<std::size_t> owners{1};
        };
        template <class All>
        struct kept_all : kept {
            All all;
            explicit kept_all(All&& a) : kept{&all, [](const kept* k) { delete static_cast<const kept_all*>(k); }}, all{std::move(a)} {}
        };

    public:
        shared() = default;
        template <class All>
        explicit shared(All all) : kept_{new kept_all<All>{std::move(all)}} {}
        shared(const shared& other) noexcept : kept_{other.kept_} {
            if (kept_ != nullptr) ++kept_->owners;
        }
        shared& operator=(shared other) noexcept {
            std::swap(kept_, other.kept_);
            return *this;
        }
        ~shared() {
            if (kept_ != nullptr && --kept_->owners == 0) kept_->destroy(kept_);
        }
        [[nodiscard]] const void* get() const { return kept_->object; }

    private:
        kept* kept_ = nullptr;
    };

    shared evaluators_;
    void (*single_)(const void*, const point<Space>&, random_stream&, outcome<Goals>&) = nullptr;
    void (*batch_)(const void*, std::span<const point<Space>>, std::span<outcome<Goals>>) = nullptr;
    bool batched_ = false; ///< some evaluator takes batches
};

} // namespace verdant::detail
