#include "laws/optimizer.hpp"

#include "catch.hpp"

#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/saved_state.hpp>

#include <bit>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using namespace verdant;

namespace {

template <class Policy>
using law_engine = typename Policy::template engine<laws::law_space, laws::law_goals>;
template <class Policy>
constexpr bool savable = savable_engine<law_engine<Policy>, laws::law_space, laws::law_goals>;

struct stubborn { // a selection that cannot be saved
    std::size_t operator()(random_stream&, std::span<const std::uint32_t>, std::span<const double>) const { return 0; }
};

} // namespace

static_assert(savable<random_search> && savable<exhaustive_search> && savable<nsga2<>>);
static_assert(savable<nsga2<uniform_crossover, step_mutation, uniform_selection>>);
static_assert(!savable<laws::optimizer_archetype> && !savable<nsga2<uniform_crossover, reset_mutation, stubborn>>);

TEST_CASE("numbers, points and lists read back as they were", "[optimizer]") {
    const auto infinity = std::numeric_limits<double>::infinity();
    const std::vector<double> numbers{0.1, -0.0, 5e-324, 1.7976931348623157e308, infinity, -infinity, 1.0 / 3};
    const std::vector<std::vector<std::uint32_t>> lists{{}, {1}, {2, 4'294'967'295U}};
    auto p = laws::law_point::from_indices(std::vector<std::size_t>{3, 1, 2});
    state_writer out;
    out << std::uint64_t{18'446'744'073'709'551'615ULL} << -3 << true << p << numbers << lists << std::numeric_limits<double>::quiet_NaN();

    std::uint64_t large = 0;
    int small = 0;
    bool yes = false;
    laws::law_point point;
    std::vector<double> numbers_back{9};
    std::vector<std::vector<std::uint32_t>> lists_back;
    double nothing = 0;
    const auto text = out.text();
    state_reader in{text};
    in >> large >> small >> yes >> point >> numbers_back >> lists_back >> nothing;
    in.finish();
    REQUIRE(large == 18'446'744'073'709'551'615ULL);
    REQUIRE((small == -3 && yes && point == p && lists_back == lists && nothing != nothing));
    REQUIRE(numbers_back.size() == numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i)
        REQUIRE(std::bit_cast<std::uint64_t>(numbers_back[i]) == std::bit_cast<std::uint64_t>(numbers[i]));
}

TEST_CASE("a text that is no state is refused by the number of its word", "[optimizer]") {
    std::uint64_t n = 0;
    bool yes = false;
    std::vector<int> list;
    laws::law_point p;
    const std::string text = "7 seven";
    state_reader in{text, "nsga2"};
    REQUIRE_THROWS_WITH(in >> n >> n, "verdant: nsga2, word 2 of the stored state: expected a number, found 'seven'");
    REQUIRE_THROWS_WITH(state_reader{""} >> n, "verdant: optimizer, word 1 of the stored state: expected a number, found the end");
    REQUIRE_THROWS_WITH(state_reader{"2"} >> yes, "verdant: optimizer, word 1 of the stored state: expected 0 or 1, found '2'");
    REQUIRE_THROWS_WITH(state_reader{"1000000000 1"} >> list,
                        "verdant: optimizer, word 1 of the stored state: expected a length, found '1000000000'");
    REQUIRE_THROWS_WITH(state_reader{"1 4 0"} >> p, "verdant: optimizer, word 2 of the stored state: expected an index below 4, found '4'");
    REQUIRE_THROWS_WITH(state_reader{"1"}.finish(), "verdant: optimizer, word 1 of the stored state: expected the end, found '1'");
    REQUIRE_THROWS_AS(state_reader{"1"}.require(false, "x"), input_error);
    REQUIRE_NOTHROW(state_reader{"1"}.require(true, "x"));
}

TEST_CASE("a state of NSGA-II whose parts do not fit is refused", "[optimizer]") {
    law_engine<nsga2<>> engine{{.population = 2}};
    REQUIRE_THROWS_AS(engine.restore("0 0 0 0 0 0 0 0 0 0 2 0 7 0 0 0 0", {}), input_error); // order 0 7
    REQUIRE_THROWS_AS(engine.restore("1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0", {}), input_error); // a parent without objectives
    REQUIRE_NOTHROW(engine.restore(law_engine<nsga2<>>{{.population = 2}}.save(), {}));
}

TEST_CASE("NSGA-II keeps no list of all points, and goes on from states that have one", "[optimizer]") {
    using engine = law_engine<nsga2<>>;
    const nsga2<>::options options{.population = 4, .offspring = 2};
    engine one{options};
    random_stream random{5};
    std::vector<laws::law_trial> told;
    const auto tell = [&](const std::vector<laws::law_point>& points, bool failed = false) {
        auto trials = laws::measured(points, told.size());
        for (auto& t : trials)
            if (failed) t.status = trial_status::failed;
        one.tell(trials);
        told.insert(told.end(), trials.begin(), trials.end());
    };
    tell(one.ask(random, 20));
    const auto length = one.save().size();
    tell(one.ask(random, 20));
    CHECK(one.save().size() < length + 20);

    // Among the trials is one that the core has not seen: it may still be asked for.
    auto strange = sample<laws::law_space>(random);
    while (one.core().state().seen.contains(strange)) strange = sample<laws::law_space>(random);
    tell({strange}, true);
    CHECK_FALSE(one.core().state().seen.contains(strange));
    engine restored{options}, older{options};
    restored.restore(one.save(), told);
    CHECK(restored.core().state() == one.core().state());
    CHECK(restored.save() == one.save());

    // As earlier versions wrote it: the number of points ever seen and all of them where now a 0, the open and the unasked ones stand.
    state_writer all;
    const auto& seen = one.core().state().seen;
    all << std::vector<laws::law_point>(seen.begin(), seen.end());
    state_writer few;
    few << std::uint64_t{0} << std::uint64_t{0} << std::vector<laws::law_point>{strange};
    const auto saved = one.save();
    REQUIRE(saved.ends_with(few.text()));
    const auto before = saved.substr(0, saved.size() - few.text().size());
    older.restore(before + all.text(), told);
    CHECK(older.core().state() == one.core().state());
    CHECK(older.save() == saved);
    CHECK_THROWS_AS(engine{options}.restore(before + "0", told), input_error);
    auto other = random;
    CHECK(older.ask(other, 20) == one.ask(random, 20));
}
