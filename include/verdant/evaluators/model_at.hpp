#pragma once

#include <verdant/hardware/fidelity.hpp>
#include <verdant/hardware/lowered_model.hpp>
#include <verdant/space/point.hpp>
#include <verdant/workload/graph/fusion.hpp>

#include <concepts>
#include <utility>

/// Customisation point: which model a point stands for. `co_design_costs` calls, found by argument-dependent lookup,
///
///     model_at(point, base) -> model
///
/// where `base` is what the evaluator was given, and holds what the space does not vary. Write the function beside your space or beside your base:
///
///     namespace mine {
///     struct space : verdant::space<verdant::param<"layers", verdant::range<2, 8>>, verdant::nest<"hw", verdant::spaces::accelerator>> {};
///     struct stack { int layers, width; };
///     verdant::workload::model operators(const stack&);
///     stack model_at(const verdant::point<space>& p, stack base) { base.layers = p.get<"layers">(); return base; }
///     }
///
/// Equal points must give equal models, and the function is called from several threads at once.
namespace verdant::detail {

/// A type whose operators are known: `operators(m)`, found by argument-dependent lookup, is what an inference runs.
template <class M>
concept has_operators = requires(const M& m) {
    { operators(m) } -> std::convertible_to<workload::model>;
};

} // namespace verdant::detail

namespace verdant {

/// What the hardware model estimates: a `hardware::lowered_model`, a `workload::model`, or a type `M` with a function `operators(const M&)` beside it
/// that gives a `workload::model`, for example `workload::clip_config`.
template <class M>
concept estimable_model = std::same_as<M, hardware::lowered_model> || std::same_as<M, workload::model> || detail::has_operators<M>;

/// Whether `model_at(point<Space>, Base)` exists.
template <class Base, class Space>
concept model_base_for = search_space<Space> && requires(const point<Space>& p, const Base& base) { model_at(p, base); };

/// The type of the model that a point of `Space` stands for.
template <class Base, search_space Space>
    requires model_base_for<Base, Space>
using model_at_t = std::remove_cvref_t<decltype(model_at(std::declval<const point<Space>&>(), std::declval<const Base&>()))>;

/// What an evaluator takes as its base where it is given none. Specialise it beside a base of your own, with a function `value()`; a base without it
/// must be given.
template <class Base>
struct default_base;

/// One model at all points: what is searched is the hardware.
template <search_space Space>
[[nodiscard]] constexpr const hardware::lowered_model& model_at(const point<Space>&, const hardware::lowered_model& base) noexcept {
    return base;
}

} // namespace verdant

namespace verdant::detail {

template <class Base>
concept has_default_base = requires { default_base<Base>::value(); };

/// `model_at` gives something that the hardware model estimates.
template <class Base, class Space>
concept gives_model = model_base_for<Base, Space> && estimable_model<model_at_t<Base, Space>>;

/// A model reduced to tasks; one that is already is taken as it is.
template <hardware::fidelity_policy Fidelity, estimable_model Model>
[[nodiscard]] constexpr decltype(auto) lowered(const Model& m) {
    if constexpr (std::same_as<Model, hardware::lowered_model>) return m;
    else if constexpr (std::same_as<Model, workload::model>) return hardware::lower<Fidelity>(m);
    else return hardware::lower<Fidelity>(operators(m));
}

} // namespace verdant::detail
