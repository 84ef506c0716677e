#pragma once

#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/estimate.hpp>
#include <verdant/hardware/lowered_model.hpp>
#include <verdant/hardware/mapping/cache.hpp>
#include <verdant/hardware/mapping/result.hpp>
#include <verdant/hardware/technology.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/units.hpp>

#include <utility>
#include <vector>

namespace verdant::hardware {

namespace detail {

template <hardware::mapper Mapper>
[[nodiscard]] hardware::estimate estimated(const Mapper& map, const hardware::lowered_model& m, const hardware::accelerator& a) {
    return hardware::estimate_with(map, m, a);
}
VERDANT_DEFINED_ONCE(hardware::estimate estimated<hardware::mapping_cache<>>(const hardware::mapping_cache<>&, const hardware::lowered_model&,
                                                                             const hardware::accelerator&));

} // namespace detail

/// Estimates models on accelerators. One estimator may serve several threads: it only reads, and the default mapper remembers mappings
/// safely; results do not depend on who asked first. Copies share what the default mapper remembers.
///
///     const auto model = lower(workload::operators(workload::clip_named("ViT-B-16")));   // once
///     const estimator<> cost;                                                            // shared
///     const estimate e = cost(model, from_clusters(2, 64, 16, 256, 64, 4));
///
/// @tparam Mapper see `mapper`
template <mapper Mapper = mapping_cache<>>
class estimator {
public:
    estimator() = default;
    explicit estimator(Mapper map) : map_{std::move(map)} {}

    /// One inference of `m` on `a`.
    /// @throws infeasible_error naming operator and constraint, if a loop nest cannot be mapped; input_error if `a` has no legal geometry
    [[nodiscard]] estimate operator()(const lowered_model& m, const accelerator& a) const { return verdant::hardware::detail::estimated(map_, m, a); }

    /// The same, operator by operator, in the order of `m.ops`; each with the cost of one run and how often it runs.
    /// @throws as above
    [[nodiscard]] std::vector<op_estimate> breakdown(const lowered_model& m, const accelerator& a) const {
        std::vector<op_estimate> all;
        all.reserve(m.ops.size());
        verdant::hardware::detail::for_each_cost(m, a, map_, [&all](const lowered_op& op, double cycles, double energy) {
            all.push_back({{cycles / int8_22nm::cycles_per_second * seconds{}, energy * picojoules{}},
                           op.section,
                           op.name,
                           op.kind,
                           op.part,
                           op.source,
                           op.times});
        });
        return all;
    }

    /// The mapper, for example to ask a cache for its size.
    [[nodiscard]] const Mapper& map() const { return map_; }

private:
    Mapper map_{};
};

} // namespace verdant::hardware
