#include "spaces.hpp"

#include "catch.hpp"

using namespace test_spaces;

namespace {

/// Whether a table is exactly as large as it was measured to be: nothing left over, nothing overrun.
template <search_space S>
bool filled() {
    constexpr const auto& t = verdant::detail::table<S>;
    std::size_t instructions = 0, characters = 0;
    for (std::size_t c = 0; c < t.size.constraints; ++c) instructions += t.constraints[c].size;
    for (std::size_t g = 0; g < t.size.guards; ++g) instructions += t.guards[g].size;
    for (std::size_t p = 0; p < t.size.parameters; ++p) {
        characters += t.parameters[p].name.size;
        for (std::size_t i = 0; i < t.parameters[p].size && t.parameters[p].spaced == verdant::detail::spacing::listed; ++i) characters += t.values[t.parameters[p].values + i].label.size;
    }
    return instructions == t.size.instructions && characters == t.size.characters;
}

struct inside : space<nest<"n", net>, repeat<"r", 3, stem>, when<var<"n.deep">, nest<"m", net>, when<var<"r.2.on">, nest<"o", conv>>>> {};

} // namespace

TEST_CASE("tables are measured before they are filled", "[space]") {
    CHECK(filled<tower>());
    CHECK(filled<conv>());
    CHECK(filled<stem>());
    CHECK(filled<net>());
    CHECK(filled<inside>());
    CHECK(filled<fifty>());
}

TEST_CASE("conditions are copied into nested tables with those around them", "[space]") {
    // o exists where n is deep and the third stem is on; its groups where, besides, it is grouped.
    const auto p = point<inside>{}.with<"n.deep", true>().with<"r.2.on", true>().with<"o.kind", "grouped">().with<"o.groups", 2>();
    CHECK(p.feasible());
    CHECK(!p.with<"r.2.on", false>().feasible());
    CHECK(!p.with<"n.deep", false>().feasible());
    CHECK(!p.with<"o.groups", 1>().feasible()); // a constraint of conv
    CHECK(!p.with<"o.groups", 4>().feasible());
    CHECK(p.with<"o.groups", 4>().with<"o.shuffle", true>().feasible());
    auto q = p.with<"r.2.on", false>();
    q.canonicalise();
    CHECK(q == point<inside>{}.with<"n.deep", true>());
}
