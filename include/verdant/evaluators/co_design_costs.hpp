#pragma once

#include <verdant/carbon/life.hpp>
#include <verdant/evaluators/cost_policies.hpp>
#include <verdant/evaluators/hardware_costs.hpp>
#include <verdant/evaluators/model_at.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/estimator.hpp>
#include <verdant/hardware/lowered_model.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>

#include <concepts>

/// The evaluator of what a model costs on an accelerator, for any space that has one or both.
namespace verdant::detail {

/// The accelerator of a point: the point itself, or what it has below `hw`.
template <class Space>
concept gives_accelerator = spaces::accelerator_space<Space> || spaces::co_design_space<Space>;

/// Why an evaluator cannot measure points of a space: one static assertion.
template <class Space, class Base, bool FixedAccelerator>
struct costs_rejection {
    static constexpr bool value = true; // first, since clang forgets what follows a failed assertion
    static constexpr bool has_model = model_base_for<Base, Space>;
    static_assert(has_model,
                  "verdant: no function model_at(point, base) gives the model of these points; write one beside the space or the base, see "
                  "costs_rejection<...> in this message");
    static constexpr bool has_operators = !has_model || gives_model<Base, Space>;
    static_assert(has_operators, "verdant: what model_at gives for these points is no model; write a function operators(model) beside its type that "
                                 "gives a workload::model, see costs_rejection<...> in this message");
    static constexpr bool has_accelerator = !has_model || FixedAccelerator || gives_accelerator<Space>;
    static_assert(has_accelerator, "verdant: this space has no accelerator; nest spaces::accelerator below hw, or give the evaluator a fixed one, "
                                   "co_design_costs{base, accelerator}, see costs_rejection<...> in this message");
};

/// What an evaluator answers for a point that it cannot measure. It is no record of metrics, so searches see that it is no evaluator of that space.
struct no_costs : hardware_costs {};

} // namespace verdant::detail

namespace verdant {

/// The evaluator of models on accelerators: latency, energy, area, throughput and carbon of the model that a point stands for, see `model_at`, on the
/// accelerator that the point is or that it has below `hw`, or on a fixed one. Thread-safe; copies share what the mapping search remembers.
/// A point on which an operator of its model cannot be mapped throws infeasible_error that names operator and constraint, so its trial fails.
///
///     co_design_costs cost{workload::clip_named("ViT-B-16")};                              // both towers and the accelerator are the point's
///     co_design_costs device{workload::clip_named("ViT-B-16"), hardware::h100_like.value}; // all models on one accelerator
///     co_design_costs other{workload::bert_base_uncased, hardware::corrected{}, hardware::live{}, carbon::life{.inferences = 1e6}};
///
/// @tparam Base     what the space does not vary, which `model_at` takes
/// @tparam Policies in any order, told apart by concept, one a role: a `hardware::mapper` (default `mapping_cache<>`,
///                  `monotone_mapping<>` where the fidelity policy is `corrected`), a `hardware::fidelity_policy` (`faithful`), a
/// `hardware::area_policy` (`published`), and `hardware::accelerator` where the
///                  constructor is given a fixed one
template <class Base, class... Policies>
class co_design_costs {
    static_assert(detail::cost_policies_check<Policies...>::done);
    using policies = detail::cost_policies<Policies...>;
    template <class Given>
    static constexpr bool lowers = std::same_as<Base, hardware::lowered_model> && estimable_model<Given> && !std::same_as<Given, Base>;
    template <class Space>
    static constexpr bool measures = detail::gives_model<Base, Space> && (policies::fixed_accelerator || detail::gives_accelerator<Space>);

public:
    using record = hardware_costs;
    using mapper = typename policies::mapper;
    using fidelity = typename policies::fidelity;
    using area_rule = typename policies::area;
    /// Whether all points are costed on an accelerator that the constructor is given.
    static constexpr bool fixed_accelerator = policies::fixed_accelerator;

    /// The published base and the assumptions of the published search, see `default_base`.
    co_design_costs()
        requires detail::has_default_base<Base>
        : co_design_costs{detail::constructor_parts<policies>{}, published_base()} {}

    /// @param base  what the space does not vary
    /// @param parts in any order: `carbon::life` (intensities, memory, number of inferences) and objects of the policies, of which those that can be
    ///              made without arguments may be left out
    template <class... Parts>
    explicit co_design_costs(const Base& base, const Parts&... parts)
        : co_design_costs{detail::constructor_parts<policies, Parts...>{}, base, parts...} {
        constexpr bool keeps_fidelity = !std::same_as<Base, hardware::lowered_model> || !policies::names_fidelity;
        static_assert(keeps_fidelity,
                      "verdant: a lowered model was lowered with a fidelity of its own; give the model itself, or leave out the fidelity "
                      "policy, see co_design_costs<...> in this message");
    }

    /// One model at all points, which is lowered once. Only where `Base` is `hardware::lowered_model`.
    template <class Model, class... Parts>
        requires lowers<Model>
    explicit co_design_costs(const Model& model, const Parts&... parts)
        : co_design_costs{detail::constructor_parts<policies, Parts...>{}, detail::lowered<fidelity>(model), parts...} {}

    /// The published base, with other parts.
    template <class First, class... Parts>
        requires detail::has_default_base<Base> && (!lowers<First>) && (!std::convertible_to<const First&, Base>) &&
                 (!std::same_as<First, co_design_costs>)
    explicit co_design_costs(const First& first, const Parts&... parts)
        : co_design_costs{detail::constructor_parts<policies, First, Parts...>{}, published_base(), first, parts...} {}

    /// What a point costs.
    /// @throws infeasible_error; what `model_at` throws; input_error if the accelerator has no legal geometry
    template <class Space>
        requires(measures<Space>)
    [[nodiscard]] record operator()(const point<Space>& p) const {
        if constexpr (fixed_accelerator) return estimate(model_at(p, base_), accelerator_);
        else if constexpr (spaces::accelerator_space<Space>) return estimate(model_at(p, base_), spaces::accelerator_of(p));
        else return estimate(model_at(p, base_), spaces::nested_accelerator_of(p));
    }
    /// Does not compile, and says why.
    template <search_space Space>
        requires(!measures<Space>)
    detail::no_costs operator()(const point<Space>&) const {
        static_assert(rejection<Space>::value);
        return {};
    }

    /// The same for a model and an accelerator of your own.
    template <estimable_model Model>
    [[nodiscard]] record estimate(const Model& model, const hardware::accelerator& a) const {
        return hardware_costs_of<area_rule>(estimator_(detail::lowered<fidelity>(model), a), a, life_);
    }
    /// The same for the base, as it is, on an accelerator of your own.
    [[nodiscard]] record estimate(const hardware::accelerator& a) const
        requires estimable_model<Base>
    {
        return estimate(base_, a);
    }

    [[nodiscard]] const Base& base() const noexcept { return base_; }
    [[nodiscard]] const carbon::life& life() const noexcept { return life_; }

    /// Why points of a space cannot be measured; searches name it where this is no evaluator of their space.
    template <class Space>
    using rejection = detail::costs_rejection<Space, Base, fixed_accelerator>;

private:
    [[nodiscard]] static constexpr Base published_base() {
        if constexpr (std::same_as<Base, hardware::lowered_model>) return detail::lowered<fidelity>(default_base<Base>::value());
        else return default_base<Base>::value();
    }

    template <class... Parts>
    co_design_costs(detail::constructor_parts<policies, Parts...>, const Base& base, const Parts&... parts)
        : base_{base}, accelerator_{detail::part_or_default<typename policies::accelerator>(parts...)},
          estimator_{detail::part_or_default<mapper>(parts...)}, life_{detail::part_or_default<carbon::life>(parts...)} {}

    Base base_;
    typename policies::accelerator accelerator_; ///< the fixed one, or an empty object
    hardware::estimator<mapper> estimator_;
    carbon::life life_;
};

template <class Base, class... Parts>
co_design_costs(Base, Parts...) -> co_design_costs<Base, Parts...>;

} // namespace verdant
