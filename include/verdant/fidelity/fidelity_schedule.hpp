#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

/// What decides which trial is measured next, and at which fidelity.
namespace verdant {

/// What came of a trial at a rung.
enum class measurement_status : std::uint8_t {
    reported,  ///< a value on the way
    completed,
    failed,
    stopped,   ///< ended on the way, as a policy judged its reports
};

/// The status in a word, as files have it: `reported`, `completed`, `failed`, `stopped`.
[[nodiscard]] constexpr std::string_view measurement_status_text(measurement_status s) {
    switch (s) {
    case measurement_status::reported: return "reported";
    case measurement_status::completed: return "completed";
    case measurement_status::failed: return "failed";
    default: return "stopped";
    }
}

/// What a policy learns of a measurement.
struct rung_score {
    std::uint64_t number = 0; ///< of the trial
    std::size_t rung = 0;     ///< from 0, the least; for a report that of the measurement that it is of
    measurement_status status = measurement_status::completed;
    std::span<const double> objectives{}; ///< to be minimised; empty where it failed
    double violation = 0;                 ///< of the constraints; infinite for what cannot be built
    double share = 1;                     ///< of a whole evaluation, where it ended

    /// Whether it has values by which it may be taken further.
    [[nodiscard]] bool usable() const { return status == measurement_status::completed && violation <= 1e300; }
    /// What trials of one objective are compared by, less is better: how far it breaks constraints, then the objective. What cannot be built is
    /// behind all.
    /// @pre it has an objective
    [[nodiscard]] std::pair<double, double> worth() const {
        constexpr auto most = std::numeric_limits<double>::max();
        if (!(objectives[0] >= -most && objectives[0] <= most)) return {std::numeric_limits<double>::infinity(), 0.0}; // 0, so that sums stay numbers
        return {violation > 0 ? violation : 0.0, objectives[0]};
    }
};

/// What a policy wants next: a trial that it names at a rung, or a new one.
struct next_measurement {
    std::optional<std::uint64_t> number{}; ///< nothing for a new trial
    std::size_t rung = 0;
    friend bool operator==(const next_measurement&, const next_measurement&) = default;
};

/// A policy at work. It knows trials by their numbers and sees no points, so that it is the same for all studies.
///
/// Semantics: `next` says what to measure next, the same until `begun` takes it, or nothing where results must be waited for; it names no trial but
/// one that was told as usable at the rung below. `begun` gets the number of the trial that was taken for it. `told` gets what came of each, in any
/// order; `reported` the values on the way before that, where there are any. `no_more` says that there are no new trials any more. Decisions depend
/// on the order of these calls alone. There is one call at a time, from whatever thread.
class fidelity_schedule {
public:
    fidelity_schedule() = default;
    fidelity_schedule(const fidelity_schedule&) = delete;
    fidelity_schedule& operator=(const fidelity_schedule&) = delete;
    virtual ~fidelity_schedule() = default;

    [[nodiscard]] virtual std::optional<next_measurement> next() = 0;
    virtual void begun(const next_measurement& what, std::uint64_t number) = 0;
    virtual void told(const rung_score& score) = 0;
    virtual void reported(const rung_score&) {}
    virtual void no_more() = 0;
    /// Whether a measurement under way should go on, given what it reports: for policies that judge at once.
    [[nodiscard]] virtual bool goes_on(const rung_score&) { return true; }
};

} // namespace verdant
