#pragma once

#include <verdant/error.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/pareto/growing_hypervolume.hpp>
#include <verdant/search/observer.hpp>
#include <verdant/search/option_slips.hpp>
#include <verdant/text/number.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

/// Ends a search that finds hardly more.
namespace verdant {

/// When a search finds too little to go on.
struct stagnation_options {
    double gain = 0.001;      ///< relative gain of hypervolume, above 0: less than this ends the search
    std::size_t trials = 100; ///< over so many trials on end, at least 1
};

namespace detail {

// As in `option_slips.hpp`: the names that are written by mistake, between the right ones and in their order.
struct misspelt_stagnation {
    any_argument gain{}, gains{}, min_gain{}, tolerance{}, threshold{}, trials{}, trails{}, trial{}, n_trials{}, patience{}, window{};
};

} // namespace detail

/// An observer that ends a search politely when the hypervolume has grown by less than a share over the last trials. While there is none, since
/// nothing feasible lies within the thresholds yet, it waits. It goes by trials as they are told, so that it ends a search at the same trial however
/// it is evaluated and however often it was resumed.
/// @tparam Search the type of the study: `stagnation<study> enough{{.gain = 0.001, .trials = 200}}; study{...}.run({.trials = 5000}, enough);`
template <class Search>
class stagnation {
public:
    using trial_type = typename Search::trial_type;

    /// @param limits of the study, where it changed them; the hypervolume is measured to these
    /// @throws input_error for options that end no search or every one, and where an objective has no threshold
    explicit stagnation(const stagnation_options& options = {}, const typename Search::goals_type::limits_type& limits = Search::goals_type::limits())
        : options_{options}, reference_{reference_of(limits)}, volume_{reference_} {
        require_count("stagnation", "trials", options.trials, 1);
        if (!(options.gain > 0 && std::isfinite(options.gain))) throw input_error{"stagnation", "gain", "a share above 0", exact_text(options.gain)};
    }

    /// Refused, with a sentence that says what to write: an option is misspelt.
    template <class Wrong = void>
    explicit stagnation(const detail::misspelt_stagnation&, const detail::any_argument& = {}) : stagnation{} {
        static_assert(detail::fits<Wrong>, "verdant: stagnation takes no such options: one is misspelt or out of order; write stagnation<study> "
                                           "enough{{.gain = 0.001, .trials = 100}};");
    }

    void started(const search_state&) {
        volume_ = pareto::growing_hypervolume{reference_};
        before_.assign(options_.trials, 0.0);
        told_ = 0;
    }

    [[nodiscard]] search_step told(const trial_type& t, const search_state&) {
        if (t.feasible()) volume_.add(t.objectives);
        auto& oldest = before_[told_++ % options_.trials];
        const auto then = oldest;
        oldest = volume_.volume();
        return then > 0 && volume_.volume() - then < options_.gain * then ? search_step::stop : search_step::go_on;
    }

private:
    [[nodiscard]] static std::vector<double> reference_of(const typename Search::goals_type::limits_type& limits) {
        const auto reference = Search::goals_type::reference(limits);
        for (const auto r : reference)
            if (!std::isfinite(r))
                throw input_error{"stagnation", "limits", "a threshold of each objective, up to which the hypervolume is measured", "none of some"};
        return {reference.begin(), reference.end()};
    }

    stagnation_options options_;
    std::vector<double> reference_;
    pareto::growing_hypervolume volume_;
    std::vector<double> before_; ///< the volume after each of the last trials
    std::size_t told_ = 0;
};

/// Refused, with a sentence that says what to write.
template <class Search>
    requires(!detail::is_study<Search>)
class stagnation<Search> : public detail::observer_of_nothing {
    static_assert(detail::study_argument<Search>::value);

public:
    explicit stagnation(const stagnation_options& = {}, ...) {}
};
template <class... Arguments>
stagnation(const Arguments&...) -> stagnation<detail::no_study>;

} // namespace verdant
