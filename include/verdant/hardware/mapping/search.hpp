#pragma once

#include <verdant/hardware/mapping/detail/stages.hpp>
#include <verdant/hardware/mapping/loop_nest.hpp>
#include <verdant/hardware/mapping/result.hpp>
#include <verdant/hardware/mapping/target.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

namespace verdant::hardware {

namespace detail {

template <class = instantiated_when_used>
[[nodiscard]] mapping_result searched_mapping(const loop_bounds& bounds, const mapping_target& target, long long max_work) {
    require_valid(bounds);
    require_valid(target);
    thread_local mapping_stages stages;
    return stages.run(bounds, target, max_work);
}
VERDANT_DEFINED_ONCE(mapping_result searched_mapping<>(const loop_bounds&, const mapping_target&, long long));

} // namespace detail

/// The mapping search of the Simba-like optimizer that the published results used, with its pruning and its order of ties
/// (docs/estimator.md 4): factors are exact divisors, eight promising loop orders, three stages that fix registers and PE array, L2 tile and
/// core grid, then the global buffer tile, each by energy times cycles. Single-threaded; a pure function, callable from several threads.
/// Cycles and energies are those of the original to the last bit unless the compiler fuses multiplications with additions
/// (`-ffp-contract=fast` on a target that has them), which moves them by an ulp.
struct mapping_search {
    /// Limit of work in elementary steps of 20 to 30 ns: on the published accelerators a search takes 10^2 to 10^5 of them, convolutions on
    /// hundreds of cores up to 10^8. Beyond it the result is a failure with `mapping_constraint::search_budget`, the same on every machine.
    long long max_work = 200'000'000;

    /// @throws input_error if the bounds or the target are illegal; see `require_valid`
    template <class Deferred = instantiated_when_used>
    [[nodiscard]] mapping_result operator()(const loop_bounds& bounds, const mapping_target& target) const {
        return detail::searched_mapping<Deferred>(bounds, target, max_work);
    }
};

static_assert(mapper<mapping_search>);

} // namespace verdant::hardware
