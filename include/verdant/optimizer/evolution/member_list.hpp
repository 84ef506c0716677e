#pragma once

#include <verdant/goal/trial.hpp>
#include <verdant/optimizer/evolution/population.hpp>
#include <verdant/optimizer/evolution/reference_directions.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/pareto/objective_rows.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace verdant::detail {

/// The directions that the options of an optimizer ask for.
[[nodiscard]] inline reference_directions chosen_directions(std::string_view source, std::size_t objectives, std::size_t divisions,
                                                            std::size_t inner) {
    if (divisions != 0) return das_dennis_directions(objectives, divisions, inner, source);
    const auto published = published_divisions(objectives);
    return das_dennis_directions(objectives, published.first, inner != 0 ? inner : published.second, source);
}

/// What a trial is worth to an evolutionary optimizer.
template <class Goals>
struct trial_worth {
    std::array<double, Goals::objective_count> objectives{};
    double violation = 0;

    trial_worth() = default;
    template <class Trial>
    explicit trial_worth(const Trial& t) : objectives{t.objectives}, violation{std::max(t.violation, 0.0)} {
        // Behind an infinite violation the objectives decide nothing, but their differences must stay numbers.
        if (std::isinf(violation)) objectives.fill(0);
    }
};

/// Points that were told with what they are worth, in the order in which they came.
template <class Space, class Goals>
class member_list {
public:
    member_list() { members_.width = Goals::objective_count; }

    [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }
    [[nodiscard]] std::span<const point<Space>> points() const noexcept { return members_.genomes; }
    [[nodiscard]] pareto::objective_rows rows() const { return members_.rows(); }
    [[nodiscard]] std::span<const double> violations() const noexcept { return members_.violations; }

    /// Adds a completed trial; one of a point that is here already takes its place.
    void add(const trial<Space, Goals>& t) {
        for (std::size_t i = 0; i < size(); ++i)
            if (members_.genomes[i] == t.point) return replace(i, trial_worth<Goals>{t});
        const trial_worth<Goals> w{t};
        members_.append(t.point, w.objectives, w.violation);
    }
    /// Gives the member of that point the values of the trial, or leaves it out where that has none. @return how many left
    std::size_t correct(const trial<Space, Goals>& t) {
        for (std::size_t i = 0; i < size(); ++i) {
            if (!(members_.genomes[i] == t.point)) continue;
            if (t.completed()) replace(i, trial_worth<Goals>{t});
            else erase(i);
            return t.completed() ? 0 : 1;
        }
        return 0;
    }
    /// Adds those of another list whose points are not here.
    void take_new(const member_list& other) {
        std::set<point<Space>> here(members_.genomes.begin(), members_.genomes.end());
        for (std::size_t i = 0; i < other.size(); ++i)
            if (here.insert(other.members_.genomes[i]).second)
                members_.append(other.members_.genomes[i], other.rows()[i], other.members_.violations[i]);
    }
    /// Leaves only these, in this order.
    void keep(std::span<const std::uint32_t> indices) {
        population<point<Space>> kept;
        kept.width = members_.width;
        for (const auto i : indices) kept.append(members_.genomes[i], members_.rows()[i], members_.violations[i]);
        members_ = std::move(kept);
    }
    void erase(std::size_t i) {
        const auto at = static_cast<std::ptrdiff_t>(i), width = static_cast<std::ptrdiff_t>(members_.width);
        members_.genomes.erase(members_.genomes.begin() + at);
        members_.violations.erase(members_.violations.begin() + at);
        members_.objectives.erase(members_.objectives.begin() + at * width, members_.objectives.begin() + (at + 1) * width);
    }
    void clear() noexcept { members_.clear(); }

    friend state_writer& operator<<(state_writer& out, const member_list& list) {
        return out << list.members_.genomes << list.members_.objectives << list.members_.violations;
    }
    friend state_reader& operator>>(state_reader& in, member_list& list) {
        in >> list.members_.genomes >> list.members_.objectives >> list.members_.violations;
        in.require(list.members_.objectives.size() == list.size() * list.members_.width && list.members_.violations.size() == list.size(),
                   "as many values as members have");
        for (const auto* values : {&list.members_.objectives, &list.members_.violations})
            in.require(std::none_of(values->begin(), values->end(), [](double v) { return std::isnan(v); }), "values that are numbers");
        return in;
    }

private:
    void replace(std::size_t i, const trial_worth<Goals>& w) {
        std::copy(w.objectives.begin(), w.objectives.end(), members_.objectives.begin() + static_cast<std::ptrdiff_t>(i * members_.width));
        members_.violations[i] = w.violation;
    }

    population<point<Space>> members_;
};

} // namespace verdant::detail
