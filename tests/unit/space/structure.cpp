#include "spaces.hpp"

#include "catch.hpp"

#include <set>

using namespace test_spaces;

TEST_CASE("parameters that a constraint names together are in one group, and only those", "[space]") {
    struct parts : space<param<"a", range<0, 3>>, param<"b", range<0, 3>>, param<"c", range<0, 3>>, param<"d", range<0, 3>>, param<"e", range<0, 3>>,
                         where<var<"a"> < var<"d">>, where<var<"e"> != val<2>>, where<var<"d"> < var<"b"> + val<9>>> {};
    constexpr const auto& structure = structure_of<parts>;
    static_assert(structure.group_count() == 3);
    static_assert(structure.group_of(0) == structure.group_of(1) && structure.group_of(1) == structure.group_of(3));
    static_assert(constrained(structure, structure.group_of(4)) && !constrained(structure, structure.group_of(2)));
    const auto members = structure.members(structure.group_of(0));
    CHECK(std::vector<std::uint32_t>(members.begin(), members.end()) == std::vector<std::uint32_t>{0, 1, 3});
    CHECK(structure.due(3).size() == 2); // both constraints are decided by d, the last of their parameters
    CHECK(structure.due(4).size() == 1);
    CHECK(structure.due(1).empty());
}

TEST_CASE("a condition joins what it switches with what it names", "[space]") {
    constexpr const auto& structure = structure_of<stem>;
    static_assert(structure.group_of(view_of<stem>.find("on")) == structure.group_of(view_of<stem>.find("c.scale")));
    CHECK(structure_of<fifty>.group_count() == 50);
    CHECK(structure_of<chain<200>>.group_count() == 1);
}

TEMPLATE_TEST_CASE("groups part the parameters, and each constraint is due once", "[space]", tower, conv, net, fifty, chain<60>) {
    const auto& structure = structure_of<TestType>;
    std::set<std::uint32_t> seen;
    std::size_t due = 0;
    for (std::size_t g = 0; g < structure.group_count(); ++g)
        for (const auto p : structure.members(g)) {
            CHECK(seen.insert(p).second);
            CHECK(structure.group_of(p) == g);
            due += structure.due(p).size();
        }
    CHECK(seen.size() == parameter_count<TestType>);
    CHECK(due == view_of<TestType>.constraint_count());
}
