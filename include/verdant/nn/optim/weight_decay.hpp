#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

namespace verdant::nn {

/// Which parameters of a model an optimiser lets decay: called as `rule(name, axes)` with the name of a parameter and the number of its axes, once
/// for each parameter that is added, it says whether that one decays. Optimisers know no models; what decays is a fact of a recipe.
template <class Rule>
concept decay_rule = requires(const Rule& rule, std::string_view name, std::int64_t axes) {
    { rule(name, axes) } -> std::same_as<bool>;
};

/// All parameters, as torch.optim does with a single group of parameters. What optimisers do unless told otherwise.
struct decay_all {
    [[nodiscard]] constexpr bool operator()(std::string_view, std::int64_t) const noexcept { return true; }
};

/// Matrices and tensors of more axes; biases, weights of norms and other vectors and scalars do not.
struct decay_matrices {
    [[nodiscard]] constexpr bool operator()(std::string_view, std::int64_t axes) const noexcept { return axes >= 2; }
};

} // namespace verdant::nn
