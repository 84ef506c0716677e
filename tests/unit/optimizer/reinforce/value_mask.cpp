#include "catch.hpp"

#include <verdant/optimizer/reinforce/value_mask.hpp>
#include <verdant/space/enumeration.hpp>

#include <array>
#include <cstddef>
#include <iterator>
#include <memory>
#include <set>
#include <vector>

namespace value_mask_tests {
using namespace verdant;

struct enumerated : space<param<"a", range<1, 6>>, param<"free", range<1, 3>>, param<"b", range<1, 6>>,
                          when<var<"b"> == val<2>, param<"c", range<0, 2>>>, where<var<"a"> % var<"b"> == val<0>>> {};
// Twelve parameters of four values, of which neighbours are not both large, are too many to enumerate; where the last but one is 4, nothing can
// follow.
struct layer : space<param<"w", range<1, 4>>> {};
struct chained
    : space<repeat<"x", 12, layer>, where<var<"x.0.w"> + var<"x.1.w"> <= val<7>>, where<var<"x.1.w"> + var<"x.2.w"> <= val<7>>,
            where<var<"x.2.w"> + var<"x.3.w"> <= val<7>>, where<var<"x.3.w"> + var<"x.4.w"> <= val<7>>, where<var<"x.4.w"> + var<"x.5.w"> <= val<7>>,
            where<var<"x.5.w"> + var<"x.6.w"> <= val<7>>, where<var<"x.6.w"> + var<"x.7.w"> <= val<7>>, where<var<"x.7.w"> + var<"x.8.w"> <= val<7>>,
            where<var<"x.8.w"> + var<"x.9.w"> <= val<7>>, where<var<"x.9.w"> + var<"x.10.w"> <= val<7>>,
            where<var<"x.10.w"> + var<"x.11.w"> <= val<4>>> {};

/// The values that some feasible point has after the same earlier ones.
template <class S>
std::set<std::uint32_t> continued(const std::vector<point<S>>& all, const std::array<std::uint32_t, parameter_count<S>>& so_far, std::size_t p) {
    std::set<std::uint32_t> values;
    for (const auto& q : all) {
        bool same = true;
        for (std::size_t i = 0; i < p; ++i) same = same && q[i] == so_far[i];
        if (same) values.insert(q[p]);
    }
    return values;
}

/// A value for each parameter in turn, among those marked as possible.
std::array<std::uint32_t, parameter_count<chained>> drawn_values(const feasible_set& set, random_stream& random) {
    std::array<std::uint32_t, parameter_count<chained>> indices{};
    for (std::size_t p = 0; p < indices.size(); ++p) {
        std::vector<unsigned char> marks(view_of<chained>.domain_size(p));
        mark_possible_values(set, p, indices, marks);
        std::uint32_t v = 0;
        do v = static_cast<std::uint32_t>(random.below(marks.size()));
        while (marks[v] == 0);
        indices[p] = v;
    }
    return indices;
}

} // namespace value_mask_tests
using namespace value_mask_tests;

TEST_CASE("possible values are those with which some feasible point goes on", "[optimizer]") {
    std::vector<point<enumerated>> all;
    for (auto p = feasible_points<enumerated>().begin(); p != std::default_sentinel; ++p) all.push_back(*p);
    REQUIRE(all.size() > 20);
    for (const auto& q : all) {
        std::array<std::uint32_t, parameter_count<enumerated>> so_far{};
        for (std::size_t p = 0; p < q.size(); ++p) {
            const auto values = continued<enumerated>(all, so_far, p);
            std::vector<unsigned char> marks(view_of<enumerated>.domain_size(p));
            mark_possible_values(feasible_set_of<enumerated>(), p, so_far, marks);
            for (std::uint32_t v = 0; v < marks.size(); ++v) REQUIRE((marks[v] == 1) == values.contains(v));
            so_far[p] = q[p];
        }
    }
}

TEST_CASE("possible values of a group that is counted lead to feasible points", "[optimizer]") {
    const auto& set = feasible_set_of<chained>();
    REQUIRE(set.groups().front().eliminated() != nullptr);
    random_stream random{3};
    for (int i = 0; i < 200; ++i) {
        auto indices = drawn_values(set, random);
        REQUIRE(point<chained>::from_indices(indices).feasible());
        REQUIRE_FALSE(repair_dead_ends(set, indices, random));
    }
}

TEST_CASE("dead ends of a group that can only be tested are drawn anew", "[optimizer]") {
    // A set that is told not to count.
    const feasible_set set{
        view_of<chained>, structure_of<chained>,
        [](const space_view&, const structure_view&, std::size_t) -> std::shared_ptr<const detail::group_counts> { return nullptr; }};
    random_stream random{3};
    std::size_t repaired = 0;
    for (int i = 0; i < 200; ++i) {
        auto indices = drawn_values(set, random);
        repaired += repair_dead_ends(set, indices, random) ? 1 : 0;
        REQUIRE(point<chained>::from_indices(indices).feasible());
    }
    REQUIRE(repaired > 0);
    REQUIRE(repaired < 200);
}
