#pragma once

#include <verdant/carbon/uncertain_footprint.hpp>
#include <verdant/goal/evaluator.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/goal/uncertain_metrics.hpp>
#include <verdant/space/point.hpp>

#include <memory>
#include <type_traits>
#include <utility>

/// Carbon with uncertain inputs beside what an evaluator measures.
namespace verdant {

namespace detail {

/// Whether an evaluator says what a footprint needs.
template <class E, class Space>
[[nodiscard]] consteval bool gives_area_and_energy() {
    if constexpr (single_evaluator<E, Space> && !batch_evaluator<E, Space>) {
        using record = provided_metrics<E, Space>;
        return record::template has<area> && record::template has<energy>;
    } else return false;
}

/// Why an evaluator cannot be given uncertain carbon: one static assertion.
template <class E, class Space>
struct uncertain_carbon_rejection {
    static constexpr bool value = true; // first, since clang forgets what follows a failed assertion
    static constexpr bool measured = gives_area_and_energy<E, Space>();
    static_assert(measured, "verdant: uncertain_carbon takes an evaluator of single points of this space that gives area and energy, such as "
                            "accelerator_estimator; see uncertain_carbon_rejection<...> in this message");
};

} // namespace detail

/// An evaluator whose record has, besides all that another one gives, draws of embodied, operational and total carbon: from its area and its energy
/// of one inference. The carbon that the other one gives, without uncertainty, stays there under its own name.
///
///     uncertain_carbon measure{accelerator_estimator{}, carbon::uncertain_footprint{inputs, {.seed = 7}}};
///     search<spaces::accelerator, minimize<latency>, minimize<quantile<total_carbon, 0.95>>, nsga2<>> robust{measure};
///
/// @tparam Evaluator of single points; as thread-safe as that
template <class Evaluator>
class uncertain_carbon {
public:
    uncertain_carbon(Evaluator measured, carbon::uncertain_footprint draws)
        : evaluator_{std::move(measured)}, footprint_{std::make_shared<const carbon::uncertain_footprint>(std::move(draws))} {}

    /// @throws what the evaluator throws; input_error as `carbon::uncertain_footprint`
    template <class Space>
        requires(detail::gives_area_and_energy<Evaluator, Space>())
    [[nodiscard]] auto operator()(const point<Space>& p) const {
        const auto known = evaluator_(p);
        using record = std::remove_cvref_t<decltype(known)>;
        uncertainty::draws<si::mass> made{footprint_->size()}, used{footprint_->size()}, whole{footprint_->size()};
        footprint_->embodied(known.template get<area>(), made);
        footprint_->operational(known.template get<energy>(), used);
        whole = made + used;
        return uncertain_metrics<record, drawn<embodied_carbon>, drawn<operational_carbon>, drawn<total_carbon>>{known, std::move(made),
                                                                                                                 std::move(used), std::move(whole)};
    }

    /// Why points of a space cannot be measured; searches name it where this is no evaluator of their space.
    template <class Space>
    using rejection = detail::uncertain_carbon_rejection<Evaluator, Space>;

    [[nodiscard]] const Evaluator& evaluator() const noexcept { return evaluator_; }
    [[nodiscard]] const carbon::uncertain_footprint& footprint() const noexcept { return *footprint_; }

private:
    Evaluator evaluator_;
    std::shared_ptr<const carbon::uncertain_footprint> footprint_; ///< copies share the draws
};

} // namespace verdant
