#pragma once

#include <verdant/carbon/consumption/consumption_meter.hpp>
#include <verdant/error.hpp>
#include <verdant/search/search_options.hpp>
#include <verdant/text/number.hpp>
#include <verdant/units.hpp>

#include <concepts>
#include <string>

namespace verdant::carbon {

/// An observer that ends a search politely when what the search itself emits reaches a budget; of a kept study, all its runs that were metered
/// together:
///
///     carbon::consumption_meter meter{carbon::place::europe};
///     carbon::carbon_budget budget{meter, 500.0 * grams_co2e{}};
///     study{...}.run(options, storage, meter, budget);
///
/// The meter has to be a part of the run, too. Trials under way are completed, so that what is emitted exceeds the budget by what they take. Worker
/// processes of a dispatcher count no more than the meter has of them, in earlier runs, too: their own shares are not in it.
class carbon_budget {
public:
    /// @param meter not owned @param most above 0
    /// @throws input_error for another budget
    carbon_budget(consumption_meter& meter, si::mass most) : meter_{meter}, most_{most} {
        if (!(most.value() > 0)) throw input_error{"carbon budget", "", "a mass above 0 g CO2e", exact_text(in<grams_co2e>(most)) + " g CO2e"};
    }

    /// Refused: a number without a unit.
    template <class Amount>
        requires(!std::convertible_to<const Amount&, si::mass>)
    carbon_budget(consumption_meter& metered, const Amount&) : meter_{metered} {
        constexpr bool is_mass = sizeof(Amount) == 0;
        static_assert(is_mass, "verdant: a carbon budget is a mass; write its unit, for example carbon_budget{meter, 500.0 * grams_co2e{}}");
    }

    void started(const search_state& state) { before_ = state.emitted_before; }
    /// Whether it is reached. Any thread may ask.
    [[nodiscard]] bool stop_requested() { return before_ + meter_.emitted() >= most_; }

private:
    consumption_meter& meter_;
    si::mass most_{}, before_{};
};

} // namespace verdant::carbon
