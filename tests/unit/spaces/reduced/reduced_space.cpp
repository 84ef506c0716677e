#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>
#include <verdant/spaces/reduced/reduced_space.hpp>
#include <verdant/spaces/reduced/unit_variation.hpp>

#include "catch.hpp"
#include "laws/space_region.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <span>
#include <string>
#include <vector>

using namespace verdant;
using Catch::Contains;

namespace {

using mbv3 = spaces::ofa_mobilenet_v3<1.2>;
using pn = spaces::ofa_proxyless<>;

struct tower : space<param<"layers", range<1, 6>>, param<"width", choices<64, 128>>> {};
struct towers : space<nest<"vision", tower>, nest<"text", tower>, param<"batch", choices<1, 8>>> {};

/// `n` different modules of each unit with the scores n, n - 1, ...
template <class S>
typename reduced_space<S>::modules_type drawn(std::size_t n, random_stream& random) {
    typename reduced_space<S>::modules_type modules;
    for (std::size_t u = 0; u < modules.size(); ++u) {
        std::set<point<S>> met;
        while (modules[u].size() < n) {
            auto p = sample<S>(random);
            for (std::size_t i = 0; i < p.size(); ++i)
                if (unit_of_parameter<S>[i] != u) p[i] = 0;
            if (met.insert(p).second) modules[u].push_back({p, static_cast<double>(n - modules[u].size())});
        }
    }
    return modules;
}

} // namespace

template <>
inline constexpr std::array verdant::units_of<towers>{verdant::space_unit{"vision"}, verdant::space_unit{"text"}};

TEST_CASE("Stages are units, and a stage of one block belongs to the one before", "[spaces]") {
    STATIC_REQUIRE(units_of<mbv3>.size() == 5);
    STATIC_REQUIRE(units_of<pn>.size() == 5);
    STATIC_REQUIRE(units_of<pn>[4].further == "stage5");
    STATIC_REQUIRE(unit_space<towers>);
    STATIC_REQUIRE_FALSE(unit_space<tower>);
    CHECK(unit_parameters<mbv3>(0).size() == 9); // depth, 4 kernels, 4 expansions
    CHECK(unit_parameters<pn>(4).size() == 9 + 3);
    CHECK(unit_parameters<towers>(1) == std::vector<std::uint32_t>{2, 3});
}

TEST_CASE("A reduced space has the points of its modules, also more than 64 bits can count", "[spaces]") {
    random_stream random{1};
    const reduced_space<pn> whole_images{drawn<pn>(3, random)};
    CHECK(whole_images.cardinality() == 243 * 4);
    const auto reduced = whole_images.at("image_size", "224");
    CHECK(reduced.cardinality() == 243);
    std::set<point<pn>> listed;
    for (const auto& p : reduced.points()) {
        CHECK(p.feasible());
        CHECK(p.get<"image_size">() == 224);
        CHECK(reduced.contains(p));
        listed.insert(p);
    }
    CHECK(listed.size() == 243);
    for (int i = 0; i < 100; ++i) CHECK(listed.contains(reduced.sample(random)));
    std::size_t inside = 0;
    for (int i = 0; i < 1000; ++i) inside += reduced.contains(sample<pn>(random)) ? 1 : 0;
    CHECK(inside == 0);
    // 7371^5: all modules of MobileNetV3, by their values.
    reduced_space<mbv3>::modules_type all;
    for (std::size_t u = 0; u < 5; ++u) {
        const auto parameters = unit_parameters<mbv3>(u);
        for (std::uint32_t i = 0; i < 19683; ++i) {
            point<mbv3> p;
            auto rest = i;
            for (const auto k : parameters) {
                p[k] = static_cast<point<mbv3>::index_type>(rest % 3);
                rest /= 3;
            }
            auto canonical = p;
            canonical.canonicalise();
            if (canonical == p) all[u].push_back({p, 0});
        }
        CHECK(all[u].size() == 7371);
    }
    const reduced_space<mbv3> everything{std::move(all)};
    CHECK(everything.at("image_size", "224").cardinality().to_string() == "21758655492572485851");
    CHECK(everything.contains(sample<mbv3>(random)));
}

TEST_CASE("Reduced spaces and parts keep the laws of regions", "[spaces]") {
    random_stream random{12};
    const reduced_space<towers> reduced{drawn<towers>(3, random)};
    laws::obeys_region_laws(reduced);
    laws::obeys_region_laws(reduced.at("batch", "8"));
    laws::obeys_region_laws(reduced_space<pn>{drawn<pn>(2, random)});
    laws::obeys_region_laws(reduced.part());
    laws::obeys_region_laws(part_with<towers>({{"batch", "1"}, {"vision.layers", "3"}}));
}

TEST_CASE("The best modules are kept, of equal ones the first", "[spaces]") {
    random_stream random{2};
    auto scored = drawn<towers>(4, random);
    for (auto& unit : scored)
        for (std::size_t i = 0; i < 4; ++i) unit[i].score = std::array{1.0, 3.0, 3.0, 2.0}[i];
    const auto reduced = reduced_to_best<towers>(scored, std::array<std::size_t, 1>{2});
    CHECK(reduced.modules(0)[0].values == scored[0][1].values);
    CHECK(reduced.modules(0)[1].values == scored[0][2].values);
    CHECK(reduced.cardinality() == 2 * 2 * 2);
    const auto uneven = reduced_to_best<towers>(scored, std::array<std::size_t, 2>{1, 4});
    CHECK(uneven.modules(0).size() == 1);
    CHECK(uneven.modules(1)[3].score == 1);
    CHECK_THROWS_WITH(reduced_to_best<towers>(scored, std::array<std::size_t, 1>{0}),
                      "verdant: best modules, unit 1: expected from 1 to 4 modules to keep, found 0");
    CHECK_THROWS_WITH(reduced_to_best<towers>(scored, std::array<std::size_t, 2>{1, 5}),
                      "verdant: best modules, unit 2: expected from 1 to 4 modules to keep, found 5");
    CHECK_THROWS_WITH(reduced_to_best<towers>(scored, std::array<std::size_t, 3>{1, 1, 1}),
                      Contains("one number of modules, or 2 for the units, found 3"));
    scored[1][2].score = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH(reduced_to_best<towers>(scored, std::array<std::size_t, 1>{2}),
                      Contains("unit 2: expected a score for each module, found none for module 3"));
    scored[1][2].score = std::numeric_limits<double>::infinity();
    CHECK_THROWS_WITH(reduced_to_best<towers>(scored, std::array<std::size_t, 1>{2}),
                      Contains("unit 2: expected finite scores, found inf for module 3"));
}

TEST_CASE("Several reduced spaces are joined unit by unit", "[spaces]") {
    random_stream random{4};
    const reduced_space<mbv3> one{drawn<mbv3>(3, random)}, other{drawn<mbv3>(5, random)};
    const auto both = reduced_space<mbv3>::joined(std::array{one, other, one});
    for (std::size_t u = 0; u < 5; ++u) {
        CHECK(both.modules(u).size() <= 8);
        CHECK(both.modules(u)[0].values == one.modules(u)[0].values);
        CHECK(both.modules(u).back().values == other.modules(u).back().values);
    }
    for (int i = 0; i < 50; ++i) CHECK((both.contains(one.sample(random)) && both.contains(other.sample(random))));
    CHECK_THROWS_WITH(reduced_space<mbv3>::joined({}), Contains("one or more, found none"));
    CHECK_THROWS_WITH(reduced_space<mbv3>::joined(std::array{one, other.at("image_size", "192")}), Contains("the same values outside of the units"));
}

TEST_CASE("Reduced spaces that make no sense are refused", "[spaces]") {
    random_stream random{6};
    auto modules = drawn<towers>(2, random);
    const reduced_space<towers> good{modules};
    CHECK_THROWS_WITH(good.modules(2), Contains("a number below 2, found 2"));
    CHECK_THROWS_WITH(good.at("vision.layers", "3"), Contains("a parameter outside of the units, found one of a unit"));
    CHECK_THROWS_WITH(good.at("nothing", "3"), Contains("found no parameter"));
    CHECK_THROWS_WITH(good.at("batch", "2"), Contains("one of 1, 8, found '2'"));
    CHECK_THROWS_WITH((reduced_space<towers>{modules, {{0, {0}}}}), Contains("values of parameters outside of the units"));
    CHECK_THROWS_WITH((reduced_space<towers>{modules, {{4, {2}}}}), Contains("one of 1, 8"));
    modules[1].push_back(modules[1][0]);
    CHECK_THROWS_WITH((reduced_space<towers>{modules}),
                      "verdant: reduced space, unit 2 (text): expected each module once, found one that stands there twice");
    modules[1].clear();
    CHECK_THROWS_WITH((reduced_space<towers>{modules}), Contains("unit 2 (text): expected at least one module, found none"));
}

TEST_CASE("Units are replaced as wholes, by their probabilities", "[spaces]") {
    random_stream random{8};
    const reduced_space<pn> reduced = reduced_space<pn>{drawn<pn>(4, random)}.at("image_size", "224");
    const within_part<pn> bound{reduced.part()};
    const unit_variation often{}, first_only{{1, 0, 0, 0, 0}};
    auto p = often.initial<pn>(random);
    std::size_t changed = 0, at_once = 0;
    for (int i = 0; i < 4000; ++i) {
        const auto q = often.mutate(p, random);
        REQUIRE(reduced.contains(q));
        std::set<std::size_t> units;
        for (std::size_t k = 0; k < p.size(); ++k)
            if (p[k] != q[k]) units.insert(unit_of_parameter<pn>[k]);
        changed += units.size();
        at_once = std::max(at_once, units.size());
        const auto one = first_only.mutate(p, random);
        for (std::size_t k = 0; k < p.size(); ++k)
            if (unit_of_parameter<pn>[k] != 0) REQUIRE(one[k] == p[k]);
        p = q;
    }
    CHECK(at_once == 5);
    CHECK(static_cast<double>(changed) / 4000 == Approx(2.5 / (1 - 1.0 / 32) * 3 / 4).epsilon(0.05)); // a quarter of the modules are the old ones
    CHECK_THROWS_WITH((unit_probabilities{0.5, 1.5}), Contains("variation of units, probability"));
    CHECK_THROWS_WITH((unit_probabilities{0.0}), Contains("one above 0"));
    CHECK_THROWS_WITH((unit_variation{{0.5, 0.5}}.mutate(p, random)), Contains("one for each unit, found 2 for unit 3"));
    CHECK(std::string{std::string_view{unit_probabilities{0.25, 0.5}}} == "0.25, 0.5");
}

TEST_CASE("As published, ProxylessNAS has a sixth probability by which nothing changes", "[spaces]") {
    random_stream random{21};
    const reduced_space<pn> reduced = reduced_space<pn>{drawn<pn>(4, random)}.at("image_size", "224");
    const within_part<pn> bound{reduced.part()};
    const unit_variation published{.probability = {0, 0, 0, 0, 0, 1}, .reference_compat = true};
    const auto p = unit_variation{}.initial<pn>(random);
    for (int i = 0; i < 50; ++i) CHECK(published.mutate(p, random) == p);
    CHECK_THROWS_WITH((unit_variation{{0, 0, 0, 0, 0, 1}}.mutate(p, random)), Contains("one above 0 among the units of the space"));
    // With halves for all six, one mutation in 63 is the sixth alone; the others leave a point as it is where every module that changes is drawn
    // again.
    std::size_t idle = 0, sixth = 0;
    for (int i = 0; i < 20000; ++i) {
        idle += unit_variation{}.mutate(p, random) == p ? 1 : 0;
        sixth += unit_variation{.reference_compat = true}.mutate(p, random) == p ? 1 : 0;
    }
    double redrawn = 0; // of the 31 sets of units: n units of four modules each
    for (int set = 1; set < 32; ++set) redrawn += std::pow(0.25, std::popcount(static_cast<unsigned>(set)));
    CHECK(static_cast<double>(idle) / 20000 == Approx(redrawn / 31).epsilon(0.1));
    CHECK(static_cast<double>(sixth) / 20000 == Approx((2 * redrawn + 1) / 63).epsilon(0.1));
    // MobileNetV3 has no such unit.
    random_stream one{5}, other{5};
    const auto q = unit_variation{}.initial<mbv3>(random);
    CHECK(unit_variation{}.mutate(q, one) == unit_variation{.reference_compat = true}.mutate(q, other));
}

TEST_CASE("Outside of the units what has a choice varies too", "[spaces]") {
    random_stream random{9};
    const reduced_space<towers> reduced{drawn<towers>(2, random)};
    const within_part<towers> bound{reduced.part()};
    std::set<point<towers>> met;
    auto p = unit_variation{}.initial<towers>(random);
    for (int i = 0; i < 200; ++i) met.insert(p = unit_variation{}.mutate(p, random));
    CHECK(met.size() == 8);
}
