#pragma once

#include <verdant/fidelity/fidelity_options.hpp>
#include <verdant/fidelity/fidelity_scale.hpp>
#include <verdant/fidelity/fidelity_schedule.hpp>
#include <verdant/goal/trial_times.hpp>
#include <verdant/search/result.hpp>
#include <verdant/space/point.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

/// What a multi-fidelity search found, and what it cost.
namespace verdant {

/// Whether something more would have gone beyond the budget of a search.
enum class budget_state : unsigned char { enough, used_up };

/// A measurement of a point at a fidelity.
template <class Space, class Goals>
struct fidelity_evaluation {
    std::uint64_t number = 0; ///< of the trial
    verdant::point<Space> point{};
    double fidelity = 1; ///< share of a whole evaluation
    double cost = 0;     ///< of this measurement alone, in the unit of the budget; 0 for a report
    measurement_status status = measurement_status::completed;
    typename Goals::metrics_type values{}; ///< of no meaning where it failed
    std::string message{};                 ///< of a failed one
    trial_times times{};

    /// Equal measurements have found the same; when they were made is no part of that.
    friend bool operator==(const fidelity_evaluation& a, const fidelity_evaluation& b) {
        return a.number == b.number && a.point == b.point && a.fidelity == b.fidelity && a.cost == b.cost && a.status == b.status && a.values == b.values &&
               a.message == b.message;
    }
};

/// What a multi-fidelity search found. As a range it is the Pareto front of the trials that were measured whole.
template <class Space, class Goals>
class fidelity_result {
public:
    using found_type = search_result<Space, Goals>;
    using trial_type = typename found_type::trial_type;
    using evaluation_type = fidelity_evaluation<Space, Goals>;

    /// @param found      the trials with the values of their highest fidelity
    /// @param optimizer  what it is called in files
    /// @param rungs      shares of a whole evaluation, ascending
    /// @param policy     its name
    /// @param left       whether the budget ended it
    fidelity_result(found_type found, std::vector<evaluation_type> evaluations, const fidelity_view& scale, std::vector<double> rungs,
                    std::string policy, cost_unit unit, double budget, budget_state left)
        : found_{std::move(found)}, evaluations_{std::move(evaluations)}, scale_{scale}, rungs_{std::move(rungs)}, policy_{std::move(policy)},
          unit_{unit}, budget_{budget}, out_of_budget_{left == budget_state::used_up}, whole_{whole_of()} {}

    /// All trials, each with the values of the highest fidelity that it was measured at: they are not of one fidelity, so their front is a hint only.
    [[nodiscard]] const found_type& found() const noexcept { return found_; }
    /// Those that were measured whole, and their front.
    [[nodiscard]] const found_type& whole() const noexcept { return whole_; }
    [[nodiscard]] auto begin() const noexcept { return whole_.begin(); }
    [[nodiscard]] auto end() const noexcept { return whole_.end(); }
    [[nodiscard]] std::size_t size() const noexcept { return whole_.size(); }
    [[nodiscard]] bool empty() const noexcept { return whole_.empty(); }

    /// Every measurement in the order taken note of, reports before the measurement that they are of.
    [[nodiscard]] const std::vector<evaluation_type>& evaluations() const noexcept { return evaluations_; }
    /// What all measurements cost together, in the unit of the budget.
    [[nodiscard]] double cost() const {
        double sum = 0;
        for (const auto& e : evaluations_) sum += e.cost;
        return sum;
    }
    [[nodiscard]] cost_unit unit() const noexcept { return unit_; }
    [[nodiscard]] double budget() const noexcept { return budget_; }
    /// Whether the search ended since something more would have gone beyond the budget; else `found().reason()` says why.
    [[nodiscard]] bool out_of_budget() const noexcept { return out_of_budget_; }
    [[nodiscard]] const fidelity_view& scale() const noexcept { return scale_; }
    /// The rungs as shares of a whole evaluation, ascending.
    [[nodiscard]] const std::vector<double>& rungs() const noexcept { return rungs_; }
    [[nodiscard]] const std::string& policy() const noexcept { return policy_; }

    /// What is known of a point at a fidelity, or null. @param share of a whole evaluation
    [[nodiscard]] const evaluation_type* find(const point<Space>& p, double share) const {
        for (auto e = evaluations_.rbegin(); e != evaluations_.rend(); ++e)
            if (e->point == p && e->fidelity == share) return &*e;
        return nullptr;
    }

private:
    [[nodiscard]] found_type whole_of() const {
        std::unordered_map<std::uint64_t, bool> measured;
        for (const auto& e : evaluations_)
            if (e.status != measurement_status::reported && e.fidelity >= 1) measured[e.number] = true;
        std::vector<trial_type> trials;
        for (const auto& t : found_.trials())
            if (measured.contains(t.number)) trials.push_back(t);
        return {std::move(trials), found_.limits(), found_.reason(), found_.repeated(), found_.optimizer(), found_.seed(), found_.trials_asked()};
    }

    found_type found_;
    std::vector<evaluation_type> evaluations_;
    fidelity_view scale_;
    std::vector<double> rungs_;
    std::string policy_;
    cost_unit unit_;
    double budget_;
    bool out_of_budget_;
    found_type whole_;
};

} // namespace verdant
