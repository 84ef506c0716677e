#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/area.hpp>
#include <verdant/hardware/divisor_bounds.hpp>
#include <verdant/hardware/estimate.hpp>
#include <verdant/hardware/lowered_model.hpp>
#include <verdant/hardware/mapping/bounds.hpp>
#include <verdant/hardware/mapping/loop_nest.hpp>
#include <verdant/hardware/mapping/result.hpp>
#include <verdant/hardware/mapping/target.hpp>
#include <verdant/hardware/technology.hpp>
#include <verdant/hardware/tensor_core.hpp>
#include <verdant/hardware/throughput.hpp>
#include <verdant/hardware/vector_core.hpp>
#include <verdant/meta/component/arrays.hpp>
#include <verdant/units.hpp>
#include <verdant/workload/graph/operator.hpp>

#include <xtensor/xbuilder.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xtensor.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <map>
#include <numeric>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

/// A sweep over many accelerators: closed-form costs of all operators on all of them at once, as lazy arrays of xtensor.
namespace verdant::hardware {

namespace detail {

/// Numbers distinct keys in the order in which they come.
template <class Key>
class numbering {
public:
    [[nodiscard]] std::size_t number(const Key& key) { return numbers_.try_emplace(key, numbers_.size()).first->second; }
    [[nodiscard]] std::size_t size() const { return numbers_.size(); }
    [[nodiscard]] auto begin() const { return numbers_.begin(); }
    [[nodiscard]] auto end() const { return numbers_.end(); }

private:
    std::map<Key, std::size_t> numbers_;
};

} // namespace detail

/// Closed-form costs of many accelerators and all operators of a model as lazy expressions of xtensor, to be combined, broadcast and reduced with
/// others: nothing is computed before an expression is assigned or an element is asked for, and no array of accelerators x operators exists unless
/// the caller makes one.
///
///     const hardware::sweep bounds{model, accelerators};
///     const xt::xtensor<double, 1> at_least = bounds.latency();   // s, of each accelerator
///     const double one = bounds.cycles()(7, 3);                   // operator 3 on accelerator 7
///
/// Values equal those of `estimate_with(Bounds{}, model, a)`, `area<Policy>(a)` and `tops(a)` to the last bit. They come sooner, since what depends
/// on the sides of the arrays or on the vector cores alone is computed once for all accelerators that share them.
/// Expressions refer to the sweep, which must outlive them.
/// @tparam Bounds `divisor_bound_mapper`, or `bound_mapper`, whose bounds are those of `lower_bound`
template <mapper Bounds = divisor_bound_mapper>
class sweep {
    static constexpr bool divisors = std::same_as<Bounds, divisor_bound_mapper>;
    static constexpr bool closed_form = divisors || std::same_as<Bounds, bound_mapper>;
    static_assert(closed_form, "verdant: a sweep knows closed forms only; choose divisor_bound_mapper or bound_mapper");

public:
    /// @throws input_error if an accelerator has no legal geometry
    sweep(const lowered_model& model, std::span<const accelerator> accelerators) : accelerators_{accelerators.begin(), accelerators.end()} {
        verdant::hardware::detail::numbering<std::pair<int, int>> sides;
        verdant::hardware::detail::numbering<std::tuple<int, int, long long>> vectors;
        for (const auto& a : accelerators_) {
            if (!has_legal_geometry(a)) throw input_error{"accelerator", "", legal_geometry_text, "one that is not so"};
            auto& c = chips_.emplace_back(chip{mapping_target_of(a)});
            c.array = sides.number({c.target.width, c.target.depth});
            c.grid = sides.number({c.target.cores_x, c.target.cores_y});
            c.vector = vectors.number({a.vector_width, a.vector_cores, effective_l2(a.l2_bytes, a.vector_width, 1)});
        }
        for (const auto& op : model.ops)
            operators_.push_back({op.core() == workload::core_kind::tensor, op.task, static_cast<std::size_t>(op.part),
                                  static_cast<double>(op.fused_cycles), op.times});
        tabulate_tensor(model, sides);
        tabulate_vector(model, vectors);
        accelerator_axis_ = xt::arange<std::size_t>(accelerators_.size());
        accelerator_column_.resize({accelerators_.size(), std::size_t{1}});
        std::iota(accelerator_column_.begin(), accelerator_column_.end(), std::size_t{0});
        operator_row_.resize({std::size_t{1}, operators_.size()});
        std::iota(operator_row_.begin(), operator_row_.end(), std::size_t{0});
    }

    [[nodiscard]] std::size_t accelerators() const noexcept { return accelerators_.size(); }
    [[nodiscard]] std::size_t operators() const noexcept { return operators_.size(); }

    /// Least cycles of one run of each operator, accelerators x operators, in the order of `lowered_model::ops`.
    [[nodiscard]] auto cycles() const {
        return each_pair([this](std::size_t a, std::size_t op) { return cycles_of(chips_[a], operators_[op]); });
    }
    /// Least pJ of one run of each operator, accelerators x operators.
    [[nodiscard]] auto picojoules() const {
        return each_pair([this](std::size_t a, std::size_t op) { return picojoules_of(chips_[a], operators_[op]); });
    }

    /// Least seconds of one inference, of each accelerator.
    [[nodiscard]] auto latency() const {
        return each([this](std::size_t a) {
            return add([&](const task& op) { return cycles_of(chips_[a], op) / int8_22nm::cycles_per_second * op.times; });
        });
    }
    /// Least joules of one inference, of each accelerator.
    [[nodiscard]] auto energy() const {
        return each([this](std::size_t a) {
            return add([&](const task& op) { return picojoules_of(chips_[a], op) * op.times; }) * verdant::picojoules::factor;
        });
    }
    /// Square metres of each accelerator; exact.
    template <area_policy Policy = published>
    [[nodiscard]] auto area() const {
        return each([this](std::size_t a) { return to_si(hardware::area<Policy>(accelerators_[a])); });
    }
    /// Peak throughput of each accelerator in 10^12 operations per second; exact.
    [[nodiscard]] auto tops() const {
        return each([this](std::size_t a) { return hardware::tops(accelerators_[a]); });
    }

private:
    struct chip {
        mapping_target target;
        std::size_t array = 0, grid = 0, vector = 0; ///< rows of the tables
    };
    struct task {
        bool tensor;
        std::size_t number, part; ///< among the tasks of its core; its component
        double fused_cycles, times;
    };

    template <class F>
    [[nodiscard]] auto each(F f) const {
        return xt::make_lambda_xfunction(std::move(f), accelerator_axis_);
    }
    template <class F>
    [[nodiscard]] auto each_pair(F f) const {
        return xt::make_lambda_xfunction(std::move(f), accelerator_column_, operator_row_);
    }

    [[nodiscard]] double cycles_of(const chip& c, const task& op) const {
        if (!op.tensor) return vector_[c.vector * vector_tasks_ + op.number].cycles;
        const auto& nest = nests_[op.number];
        if constexpr (divisors)
            return verdant::hardware::detail::cycles_with(nest, c.target, on(c.array, op).busy * on(c.grid, op).busy) + op.fused_cycles;
        else return minimum_cycles(nest, c.target) + op.fused_cycles;
    }

    [[nodiscard]] double picojoules_of(const chip& c, const task& op) const {
        if (!op.tensor) return vector_[c.vector * vector_tasks_ + op.number].energy_picojoules;
        const auto& nest = nests_[op.number];
        if constexpr (divisors) return verdant::hardware::detail::energy_with(nest, c.target, on(c.array, op).l2_accesses);
        else return minimum_energy(nest, c.target);
    }

    /// Component by component, as `estimate_with` does, on which the last bit depends.
    template <class Cost>
    [[nodiscard]] double add(Cost&& cost) const {
        std::array<double, workload::component_count + 1> parts{};
        for (const auto& op : operators_) parts[op.part] += cost(op);
        double all = parts[0];
        for (std::size_t i = 1; i < parts.size(); ++i) all += parts[i];
        return all;
    }

    /// What a nest does on an array of certain sides.
    struct spread {
        double busy, l2_accesses;
    };
    [[nodiscard]] const spread& on(std::size_t sides, const task& op) const { return spreads_[sides * nests_.size() + op.number]; }

    template <class Sides>
    void tabulate_tensor(const lowered_model& model, const Sides& sides) {
        nests_.assign(model.tensor_tasks.begin(), model.tensor_tasks.end());
        if constexpr (divisors) {
            spreads_.resize(sides.size() * nests_.size());
            for (const auto& [side, row] : sides)
                for (std::size_t t = 0; t < nests_.size(); ++t) {
                    const auto busy = static_cast<double>(busy_elements(macs(nests_[t]), side.first, side.second));
                    spreads_[row * nests_.size() + t] = {busy, verdant::hardware::detail::least_l2_accesses(nests_[t], busy)};
                }
        }
    }

    template <class Vectors>
    void tabulate_vector(const lowered_model& model, const Vectors& vectors) {
        vector_tasks_ = model.vector_tasks.size();
        vector_.resize(vectors.size() * vector_tasks_);
        for (const auto& [key, row] : vectors) {
            accelerator a{};
            std::tie(a.vector_width, a.vector_cores, a.l2_bytes) = key;
            const auto unit = vector_unit_of(a);
            for (std::size_t t = 0; t < vector_tasks_; ++t) vector_[row * vector_tasks_ + t] = vector_cost(model.vector_tasks[t], unit);
        }
    }

    std::vector<accelerator> accelerators_;
    std::vector<chip> chips_;
    std::vector<task> operators_;
    std::vector<loop_bounds> nests_;
    std::vector<spread> spreads_; ///< a row for each pair of sides, a column for each nest
    std::vector<op_cost> vector_; ///< a row for each kind of vector cores, a column for each task
    std::size_t vector_tasks_ = 0;
    xt::xtensor<std::size_t, 1> accelerator_axis_;
    xt::xtensor<std::size_t, 2> accelerator_column_, operator_row_;
};

} // namespace verdant::hardware
