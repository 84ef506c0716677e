#pragma once

#include <verdant/error.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/optimizer/separable/exact_front.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

/// Exact search of separable metrics.
namespace verdant {

/// Proposes the points of the exact front, ordered by the first objective, and ends. A search with it needs as many trials as the front has points,
/// and finds it all: `exact_front` gives the same with a certificate.
///
///     search<my_space, minimize<latency>, maximize<score>, separable_search<table_latency<my_space>, my_scores>>
///
/// @tparam E evaluators of the metrics that are optimised or constrained, which say of themselves how these are made of blocks
/// (`separable_evaluator`)
template <class... E>
struct separable_search : optimizer_policy_base {
    struct options {
        std::optional<std::tuple<E...>> costs{}; ///< must give what the evaluators of the search measure; there is no default
        double epsilon = 0; ///< as `exact_front_options::epsilon`
        std::size_t probes = 256; ///< as `exact_front_options::probes`
        std::size_t batch = 256; ///< points asked for at once; it does not change their order
    };
    [[nodiscard]] static constexpr std::string_view name() { return "separable_search"; }

    template <class Space, class Goals>
    class engine {
    public:
        /// Throws input_error where there are no evaluators, and for a batch of 0 points.
        explicit engine(const options& o, const typename Goals::limits_type& limits = Goals::limits()) : options_{o}, limits_{limits} {
            require_count("separable_search", "batch", o.batch, 1);
            if (!o.costs) throw input_error{"separable_search", "costs", "the evaluators of the metrics", "none"};
        }

        [[nodiscard]] std::vector<point<Space>> ask(random_stream&, std::size_t n) {
            solve();
            std::vector<point<Space>> points;
            for (; points.size() < n && given_ < points_.size(); ++given_) points.push_back(points_[given_]);
            return points;
        }
        void tell(std::span<const trial<Space, Goals>>) {}
        [[nodiscard]] std::size_t preferred_batch() const { return options_.batch; }
        /// Why its points are the whole front.
        [[nodiscard]] const separable_certificate& certificate() {
            solve();
            return certificate_;
        }

        /// How many points were given.
        [[nodiscard]] std::string save() const { return (state_writer{} << std::uint64_t{given_}).text(); }
        void restore(std::string_view saved, std::span<const trial<Space, Goals>>) {
            state_reader read{saved, "separable_search"};
            std::uint64_t given = 0;
            read >> given;
            read.finish();
            if (given > 0) solve();
            if (given > points_.size())
                throw input_error{"separable_search", "costs", "a front of at least " + std::to_string(given) + " points, as the saved search had",
                                  std::to_string(points_.size())};
            given_ = static_cast<std::size_t>(given);
        }

    private:
        void solve() {
            if (solved_) return;
            solved_ = true;
            const auto front = std::apply(
                [&](const auto&... e) {
                    return exact_front_within<Space, Goals>(limits_, {.epsilon = options_.epsilon, .probes = options_.probes}, e...);
                },
                *options_.costs);
            for (const auto& t : front) points_.push_back(t.point);
            certificate_ = front.certificate;
        }

        options options_;
        typename Goals::limits_type limits_;
        std::vector<point<Space>> points_;
        separable_certificate certificate_;
        std::size_t given_ = 0;
        bool solved_ = false;
    };
};

} // namespace verdant
