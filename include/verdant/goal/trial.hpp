#pragma once

#include <verdant/goal/goal.hpp>
#include <verdant/space/point.hpp>

#include <array>
#include <cstdint>
#include <string>

namespace verdant {

enum class trial_status : std::uint8_t {
    completed, ///< every metric of the goals was measured
    failed     ///< the evaluator threw or gave NaN; `message` says what
};

/// One point and what was found out about it.
/// @tparam Goals `goals<...>`
template <search_space Space, class Goals>
struct trial {
    std::uint64_t number = 0; ///< position in the study, from 0
    verdant::point<Space> point{};
    trial_status status = trial_status::completed;
    typename Goals::metrics_type values{};
    std::array<double, Goals::objective_count> objectives{}; ///< to be minimised, SI units
    double violation = 0;                                    ///< 0 where every constraint holds
    std::string message{};                                   ///< of a failed trial

    [[nodiscard]] bool completed() const noexcept { return status == trial_status::completed; }
    /// Completed, and every constraint holds.
    [[nodiscard]] bool feasible() const noexcept { return completed() && violation == 0; }
    template <metric_like M>
    [[nodiscard]] const typename M::value_type& get() const { return values.template get<M>(); }

    friend bool operator==(const trial&, const trial&) = default;
};

} // namespace verdant
