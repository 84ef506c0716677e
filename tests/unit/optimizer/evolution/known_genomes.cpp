#include <verdant/optimizer/evolution/known_genomes.hpp>

#include "catch.hpp"

#include <set>
#include <utility>
#include <vector>

using verdant::known_genomes;

namespace {

// What std::hash knows, and what it does not.
static_assert(verdant::detail::hashed_genome<int>);
static_assert(!verdant::detail::hashed_genome<std::vector<double>>);

template <class Genome, class Make>
void hold_each_once(const Make& make) {
    known_genomes<Genome> known, backwards;
    for (int i = 0; i < 200; ++i) {
        CHECK_FALSE(known.contains(make(i)));
        CHECK(known.insert(make(i)));
        CHECK_FALSE(known.insert(make(i / 2)));
        CHECK(known.contains(make(i / 2)));
    }
    CHECK(known.size() == 200);
    std::set<Genome> listed{known.begin(), known.end()};
    CHECK(listed.size() == 200);
    for (int i = 199; i >= 0; --i) {
        CHECK(known != backwards);
        CHECK(backwards.insert(make(i)));
    }
    CHECK(known == backwards);
    backwards.insert(make(200));
    CHECK(known != backwards);
    known.insert(make(201));
    CHECK(known != backwards); // as many, but others
    known.clear();
    CHECK((known.size() == 0 && !known.contains(make(0))));
    CHECK(known.insert(make(0)));
}

} // namespace

TEST_CASE("known genomes are held once each, found by hash or by order", "[optimizer]") {
    hold_each_once<int>([](int i) { return i * 65536; });
    hold_each_once<std::vector<double>>([](int i) { return std::vector<double>{static_cast<double>(i % 7), static_cast<double>(i)}; });
    hold_each_once<std::pair<int, int>>([](int i) { return std::pair{i % 3, i}; });
}
