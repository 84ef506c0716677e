#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/option_checks.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Directions that share a plane of weights evenly.
namespace verdant {

/// Vectors of weights, all of them from 0 to 1 and 1 in sum, one a row.
struct reference_directions {
    std::size_t objectives = 1;
    std::vector<double> values; ///< row-major, `objectives` numbers a direction

    [[nodiscard]] std::size_t size() const noexcept { return values.size() / objectives; }
    [[nodiscard]] const double* row(std::size_t i) const noexcept { return values.data() + i * objectives; }

    friend bool operator==(const reference_directions&, const reference_directions&) = default;
};

namespace detail {

/// How many directions an option may ask for: each has a member of a population.
inline constexpr std::size_t most_directions = 100'000;

/// The number of ways to share `divisions` equal parts among `objectives`, or `most_directions` + 1 where there are more.
[[nodiscard]] constexpr std::size_t direction_count(std::size_t objectives, std::size_t divisions) {
    // (divisions + objectives - 1) choose (objectives - 1), whose partial products are whole numbers, too.
    std::size_t count = 1;
    for (std::size_t k = 1; k < objectives; ++k) {
        count = count * (divisions + k) / k;
        if (count > most_directions) return most_directions + 1;
    }
    return count;
}

/// Adds all vectors whose entries are multiples of 1 / divisions with the sum 1, in lexicographic order, pulled towards the centre by `shrink`.
inline void add_directions(reference_directions& to, std::size_t divisions, double shrink) {
    const auto width = to.objectives;
    std::vector<std::size_t> parts(width, 0);
    parts.back() = divisions;
    while (true) {
        for (const auto p : parts)
            to.values.push_back(shrink * static_cast<double>(p) / static_cast<double>(divisions) + (1 - shrink) / static_cast<double>(width));
        // The next composition: one part moves from what is right of a place to that place, all that is left there to the end.
        auto place = width - 1;
        std::size_t right = parts[place];
        while (place > 0 && right == 0) right = parts[--place];
        if (place == 0) return;
        parts[place] = 0;
        ++parts[place - 1];
        parts.back() = right - 1;
    }
}

} // namespace detail

/// Divisions of the outer and of the inner layer that Deb and Jain use (IEEE TEC 18(4), 2014, table I): 12 for three objectives, 6 for five, 3 and 2
/// for eight and ten, 2 and 1 for fifteen. Other numbers of objectives, of which they say nothing, take 39 (two: as many directions as `nsga2<>` has
/// members), 8 (four), or those of the next of these.
[[nodiscard]] constexpr std::pair<std::size_t, std::size_t> published_divisions(std::size_t objectives) {
    if (objectives < 2) return {1, 0};
    if (objectives == 2) return {39, 0};
    if (objectives == 3) return {12, 0};
    if (objectives == 4) return {8, 0};
    if (objectives == 5) return {6, 0};
    return objectives <= 10 ? std::pair<std::size_t, std::size_t>{3, 2} : std::pair<std::size_t, std::size_t>{2, 1};
}

/// Evenly spread directions: all vectors of multiples of 1 / divisions with the sum 1 (Das and Dennis, SIAM J. Optimization 8(3), 1998), and behind
/// them, where `inner` is not 0, a second layer of multiples of 1 / inner that is halved towards the centre (Deb and Jain, IEEE TEC 18(4), 2014,
/// section IV-A), as many objectives need: with fewer divisions than objectives, the outer layer has nothing inside.
/// @param source who is to be named by errors
/// @throws input_error for no objective, for no division, and for more than 100000 directions
template <class = instantiated_when_used>
[[nodiscard]] reference_directions das_dennis_directions(std::size_t objectives, std::size_t divisions, std::size_t inner = 0,
                                                         std::string_view source = "reference directions") {
    require_count(source, "objectives", objectives, 1);
    require_count(source, "divisions", divisions, 1);
    require_count(source, "inner_divisions", inner, 0);
    const auto total = detail::direction_count(objectives, divisions) + (inner == 0 ? 0 : detail::direction_count(objectives, inner));
    if (total > detail::most_directions)
        throw input_error{source, "divisions", "at most " + std::to_string(detail::most_directions) + " directions",
                          std::to_string(divisions) + " divisions of " + std::to_string(objectives) + " objectives"};
    reference_directions made{objectives, {}};
    made.values.reserve(total * objectives);
    detail::add_directions(made, divisions, 1);
    if (inner != 0) detail::add_directions(made, inner, 0.5);
    return made;
}
VERDANT_DEFINED_ONCE(reference_directions das_dennis_directions<>(std::size_t, std::size_t, std::size_t, std::string_view));

} // namespace verdant
