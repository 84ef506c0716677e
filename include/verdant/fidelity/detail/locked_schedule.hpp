#pragma once

#include <verdant/fidelity/fidelity_schedule.hpp>

#include <cstdint>
#include <mutex>
#include <optional>

namespace verdant::detail {

/// A policy at work that the thread of a run calls, and those of evaluators whose reports it judges: one call at a time.
class locked_schedule final : public fidelity_schedule {
public:
    /// @param policy not owned
    explicit locked_schedule(fidelity_schedule& policy) : policy_{policy} {}

    [[nodiscard]] std::optional<next_measurement> next() override {
        const std::scoped_lock lock{mutex_};
        return policy_.next();
    }
    void begun(const next_measurement& what, std::uint64_t number) override {
        const std::scoped_lock lock{mutex_};
        policy_.begun(what, number);
    }
    void told(const rung_score& score) override {
        const std::scoped_lock lock{mutex_};
        policy_.told(score);
    }
    void reported(const rung_score& score) override {
        const std::scoped_lock lock{mutex_};
        policy_.reported(score);
    }
    void no_more() override {
        const std::scoped_lock lock{mutex_};
        policy_.no_more();
    }
    [[nodiscard]] bool goes_on(const rung_score& score) override {
        const std::scoped_lock lock{mutex_};
        return policy_.goes_on(score);
    }

private:
    std::mutex mutex_;
    fidelity_schedule& policy_;
};

} // namespace verdant::detail
