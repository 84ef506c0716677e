#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/spaces/reduced/space_units.hpp>
#include <verdant/text/number.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Points varied unit by unit.
namespace verdant {

/// How likely each unit is to change: one probability for all, or one for each. As text it is what kept studies record.
class unit_probabilities {
public:
    // NOLINTNEXTLINE(google-explicit-constructor): options are written with the number itself
    unit_probabilities(double all = 0.5) : unit_probabilities({all}) {}
    /// @throws input_error for what is not from 0 to 1, and where all are 0
    unit_probabilities(std::initializer_list<double> each) : unit_probabilities(std::vector<double>(each)) {}
    // NOLINTNEXTLINE(google-explicit-constructor): as above
    unit_probabilities(std::vector<double> each) : each_{std::move(each)} {
        bool some = false;
        for (const double p : each_) {
            require_share("variation of units", "probability", p);
            some = some || p > 0;
            text_ += (text_.empty() ? "" : ", ") + exact_text(p);
        }
        if (!some) throw input_error{"variation of units", "probability", "one above 0", text_.empty() ? "none" : text_};
    }

    /// @throws input_error for more units than there are probabilities
    [[nodiscard]] double of(std::size_t unit) const {
        if (each_.size() == 1) return each_.front();
        if (unit >= each_.size())
            throw input_error{"variation of units", "probability", "one for each unit",
                              std::to_string(each_.size()) + " for unit " + std::to_string(unit + 1)};
        return each_[unit];
    }
    // NOLINTNEXTLINE(google-explicit-constructor): an option is text
    operator std::string_view() const noexcept { return text_; }

private:
    std::vector<double> each_;
    std::string text_;
};

namespace detail {

/// Some of so many units, each by its own probability, at least one.
[[nodiscard]] inline std::vector<char> units_to_change(std::size_t units, const unit_probabilities& probability, random_stream& random) {
    double any = 0;
    for (std::size_t u = 0; u < units; ++u) any += probability.of(u);
    if (!(any > 0)) throw input_error{"variation of units", "probability", "one above 0 among the units of the space", "none"};
    std::vector<char> chosen(units);
    for (bool some = false; !some;)
        for (std::size_t u = 0; u < units; ++u) {
            chosen[u] = random.chance(probability.of(u));
            some = some || chosen[u] != 0;
        }
    return chosen;
}

} // namespace detail

/// Replaces whole units by modules drawn uniformly, of the whole space (AutoBuild's Stage-Full) or of the reduced space that the search is in. A new
/// module may be the old one. Parameters outside of the units that have a choice make one unit more.
struct unit_variation {
    unit_probabilities probability{};
    /// As the original draws for ProxylessNAS, whose sixth stage has a probability and no modules of its own: where that alone is drawn, nothing
    /// changes, and a child that equals its parent uses up an evaluation of the budget once. The same for other spaces with a unit of two prefixes;
    /// spaces without one are not concerned.
    bool reference_compat = false;
    using described = members<member<"probability", &unit_variation::probability>, member<"reference_compat", &unit_variation::reference_compat>>;

    template <unit_space S>
    [[nodiscard]] point<S> initial(random_stream& random) const {
        return sample<S>(random);
    }
    template <unit_space S>
    [[nodiscard]] point<S> mutate(point<S> p, random_stream& random) const {
        const auto& set = feasible_set_of<S>();
        const auto varied = units_of<S>.size() + (others_vary<S>(set) ? 1 : 0);
        const auto chosen = detail::units_to_change(varied + (reference_compat ? joined_units<S>() : 0), probability, random);
        const auto changes = [&](std::size_t parameter) {
            const auto u = unit_of_parameter<S>[parameter];
            return u < varied && chosen[u] != 0;
        };
        for (const auto i : set.free_parameters())
            if (changes(i)) p[i] = static_cast<typename point<S>::index_type>(random.below(view_of<S>.domain_size(i)));
        for (const auto& group : set.groups())
            if (changes(group.members().front())) set.sample_group(group, p, random);
        return p;
    }

private:
    /// Units that go on under a second prefix.
    template <unit_space S>
    [[nodiscard]] static constexpr std::size_t joined_units() {
        std::size_t joined = 0;
        for (std::size_t u = 0; u < units_of<S>.size(); ++u) joined += units_of<S>[u].further.empty() ? 0 : 1;
        return joined;
    }
    template <unit_space S>
    [[nodiscard]] static bool others_vary(const feasible_set& set) {
        for (const auto i : set.free_parameters())
            if (unit_of_parameter<S>[i] == units_of<S>.size() && view_of<S>.domain_size(i) > 1) return true;
        for (const auto& group : set.groups())
            if (unit_of_parameter<S>[group.members().front()] == units_of<S>.size() && !(group.exact_count() == std::uint64_t{1})) return true;
        return false;
    }
};

} // namespace verdant
