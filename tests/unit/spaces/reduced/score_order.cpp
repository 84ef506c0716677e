#include "catch.hpp"
#include "stable_sort.hpp"

#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/search.hpp>
#include <verdant/spaces/reduced/ordered_results.hpp>
#include <verdant/spaces/reduced/random_order.hpp>
#include <verdant/spaces/reduced/reduced_space_json.hpp>
#include <verdant/spaces/reduced/score_order.hpp>
#include <verdant/spaces/reduced/score_order_search.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace verdant;
using Catch::Contains;

namespace {

struct tower : space<param<"layers", range<1, 6>>, param<"width", choices<64, 128>>, param<"deep", choices<false, true>>,
                     when<var<"deep"> == val<1>, param<"extra", range<0, 3>>>> {};
struct towers : space<nest<"vision", tower>, nest<"text", tower>, nest<"head", tower>, param<"batch", choices<1, 8>>> {};
struct other_towers : space<nest<"vision", tower>, nest<"text", tower>> {};

} // namespace

template <>
inline constexpr std::array verdant::units_of<towers>{verdant::space_unit{"vision"}, verdant::space_unit{"text"}, verdant::space_unit{"head"}};
template <>
inline constexpr std::array verdant::units_of<other_towers>{verdant::space_unit{"vision"}, verdant::space_unit{"text"}};

namespace {

/// Modules with scores of few values, so that there are equal sums.
template <class S>
reduced_space<S> drawn_space(std::size_t n, random_stream& random) {
    typename reduced_space<S>::modules_type modules;
    for (std::size_t u = 0; u < modules.size(); ++u)
        while (modules[u].size() < n) {
            auto p = sample<S>(random);
            for (std::size_t i = 0; i < p.size(); ++i)
                if (unit_of_parameter<S>[i] != u) p[i] = 0;
            if (std::none_of(modules[u].begin(), modules[u].end(), [&](const auto& m) { return m.values == p; }))
                modules[u].push_back({p, static_cast<double>(random.below(4)) / 10});
        }
    return reduced_space<S>{std::move(modules)};
}

/// The modules of a point.
template <class S>
std::array<std::size_t, reduced_space<S>::unit_count> modules_of(const reduced_space<S>& space, const point<S>& p) {
    std::array<std::size_t, reduced_space<S>::unit_count> found{};
    for (std::size_t u = 0; u < found.size(); ++u)
        for (std::size_t m = 0; m < space.modules(u).size(); ++m) {
            bool same = true;
            for (std::size_t i = 0; i < p.size(); ++i)
                if (unit_of_parameter<S>[i] == u) same = same && p[i] == space.modules(u)[m].values[i];
            if (same) found[u] = m;
        }
    return found;
}

struct constant {
    metrics<accuracy> operator()(const point<towers>& p) const { return {0.01 * p[0]}; }
};

std::string temporary(const std::string& name) {
    const auto path = std::filesystem::temp_directory_path() / ("verdant_ordered_" + name + ".json");
    std::filesystem::remove(path);
    return path.string();
}

} // namespace

TEST_CASE("The order of scores is a stable sort of the product", "[spaces]") {
    random_stream random{1};
    const auto space = drawn_space<towers>(6, random);
    // All combinations, with the best modules first and the last unit fastest.
    std::array<std::vector<std::size_t>, 3> best;
    for (std::size_t u = 0; u < 3; ++u) {
        best[u].resize(6);
        std::iota(best[u].begin(), best[u].end(), std::size_t{0});
        ::stable_sort(best[u], [&](std::size_t a, std::size_t b) { return space.modules(u)[a].score > space.modules(u)[b].score; });
    }
    std::vector<std::pair<double, std::array<std::size_t, 3>>> expected;
    for (const auto a : best[0])
        for (const auto b : best[1])
            for (const auto c : best[2])
                expected.push_back({space.modules(0)[a].score + space.modules(1)[b].score + space.modules(2)[c].score, {a, b, c}});
    ::stable_sort(expected, [](const auto& a, const auto& b) { return a.first > b.first; });
    score_order<towers> order{space};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto next = order.next();
        REQUIRE(next.has_value());
        CHECK(next->place == i);
        CHECK(next->score == expected[i].first);
        CHECK(modules_of(space, next->who) == expected[i].second);
        CHECK(space.contains(next->who));
    }
    CHECK_FALSE(order.next().has_value());
    score_order<towers> later{space};
    later.skip(100);
    CHECK(modules_of(space, later.next()->who) == expected[100].second);
    later.skip(1'000'000);
    CHECK_FALSE(later.next().has_value());
}

TEST_CASE("The order of scores needs scores, and starts at once in large spaces", "[spaces]") {
    random_stream random{2};
    auto modules = drawn_space<towers>(3, random).modules();
    modules[1][2].score = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH(score_order<towers>{reduced_space<towers>{modules}},
                      "verdant: order of scores, unit 2, module 3: expected a score, found none");
    const auto large = drawn_space<towers>(48, random); // 110592 points
    score_order<towers> order{large};
    double last = order.next()->score;
    for (int i = 0; i < 2000; ++i) {
        const auto next = order.next()->score;
        CHECK(next <= last);
        last = next;
    }
}

TEST_CASE("An optimizer walks over the order, or a slice of it, and goes on where it was saved", "[spaces]") {
    random_stream random{3};
    const auto space = drawn_space<towers>(4, random);
    using policy = score_order_search<towers>;
    using study = search<towers, maximize<accuracy>, policy>;
    CHECK(study{constant{}}.run({.trials = 1000, .optimizer = {.region = space}}).trials().size() == 64);
    const auto slice = study{constant{}}.run({.trials = 1000, .optimizer = {.region = space, .first = 10, .count = 20}});
    CHECK(slice.trials().size() == 20);
    score_order<towers> order{space};
    order.skip(10);
    for (const auto& t : slice.trials()) CHECK(t.point == order.next()->who);

    using engine = policy::engine<towers, goals<maximize<accuracy>>>;
    engine one{{.region = space, .first = 3}}, restored{{.region = space, .first = 3}};
    CHECK(one.ask(random, 7).size() == 7);
    restored.restore(one.save(), {});
    CHECK(restored.save() == one.save());
    CHECK(restored.ask(random, 100) == one.ask(random, 100));
    CHECK(one.ask(random, 1).empty());
    CHECK_THROWS_WITH(engine{policy::options{}}, Contains("the reduced space to walk over, found none"));
    CHECK_THROWS_AS(one.restore("x", {}), input_error);
}

TEST_CASE("Reduced spaces are files", "[spaces]") {
    random_stream random{4};
    const auto space = drawn_space<towers>(5, random).at("batch", "8");
    const auto path = temporary("space");
    write_reduced_space(space, path);
    const auto read = read_reduced_space<towers>(path);
    CHECK(read.cardinality() == space.cardinality());
    for (std::size_t u = 0; u < 3; ++u)
        for (std::size_t m = 0; m < 5; ++m) {
            CHECK(read.modules(u)[m].values == space.modules(u)[m].values);
            CHECK(read.modules(u)[m].score == space.modules(u)[m].score);
        }
    for (int i = 0; i < 50; ++i) CHECK(read.contains(space.sample(random)));
    CHECK_THROWS_WITH(read_reduced_space<other_towers>(path), "verdant: " + path + ", units: expected 2 units of this space, found 3");
    CHECK_THROWS_WITH((parse_reduced_space<towers>(reduced_space_json(drawn_space<other_towers>(2, random)).dump(), "f")),
                      Contains("3 units of this space, found 2"));
    CHECK_THROWS_AS(read_reduced_space<towers>(path + "none"), file_error);
    std::filesystem::remove(path);

    auto unscored = space.modules();
    unscored[0][0].score = std::numeric_limits<double>::quiet_NaN();
    CHECK(std::isnan(parse_reduced_space<towers>(reduced_space_json(reduced_space<towers>{unscored}).dump(), "f").modules(0)[0].score));
    for (const auto score : {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}) {
        unscored[0][0].score = score;
        CHECK(parse_reduced_space<towers>(reduced_space_json(reduced_space<towers>{unscored}).dump(), "f").modules(0)[0].score == score);
    }
}

TEST_CASE("Files that are no reduced space of the space are refused by place", "[spaces]") {
    random_stream random{5};
    const auto good = reduced_space_json(drawn_space<towers>(2, random).at("batch", "1"));
    const auto refused = [&](auto change) {
        auto file = good;
        change(file);
        try {
            static_cast<void>(parse_reduced_space<towers>(file.dump(), "f"));
        } catch (const input_error& e) { return std::string{e.what()}; }
        return std::string{"accepted"};
    };
    using json = nlohmann::ordered_json;
    CHECK(refused([](json&) {}) == "accepted");
    CHECK_THAT(refused([](json& f) { f["format"] = 1; }), Contains("an object whose format is 'verdant reduced space 1'"));
    CHECK_THAT(refused([](json& f) { f["units"] = 1; }), Contains("a list 'units', found 1"));
    CHECK_THAT(refused([](json& f) { f["units"][1]["unit"] = "txet"; }), Contains("unit 2: expected the unit 'text' of this space"));
    CHECK_THAT(refused([](json& f) { f["units"][1]["modules"] = json::array(); }), Contains("unit 2 (text): expected at least one module"));
    CHECK_THAT(refused([](json& f) { f["units"][1]["modules"][1] = f["units"][1]["modules"][0]; }), Contains("each module once"));
    CHECK_THAT(refused([](json& f) { f["units"][0]["modules"][1]["score"] = "x"; }), Contains("unit 1, module 2, score: expected a number"));
    CHECK_THAT(refused([](json& f) { f["units"][0]["modules"][1]["values"]["vision.layers"] = 7; }),
               Contains("unit 1, module 2, vision.layers: expected one of 1, 2"));
    CHECK_THAT(refused([](json& f) { f["units"][0]["modules"][1]["values"]["text.layers"] = 1; }),
               Contains("parameters of this unit, found 'text.layers'"));
    CHECK_THAT(refused([](json& f) { f["units"][0]["modules"][1]["values"].erase("vision.width"); }),
               Contains("vision.width: expected a value, found none"));
    CHECK_THAT(refused([](json& f) {
                   f["units"][0]["modules"][1]["values"]["vision.deep"] = false;
                   f["units"][0]["modules"][1]["values"]["vision.extra"] = 1;
               }),
               Contains("vision.extra: expected none, since it does not exist here"));
    CHECK_THAT(refused([](json& f) { f["units"][0]["modules"][0] = 5; }), Contains("an object with values"));
    CHECK_THAT(refused([](json& f) { f["values"] = 5; }), Contains("an object of lists"));
    CHECK_THAT(refused([](json& f) { f["values"]["batch"] = json::array({2}); }), Contains("values, batch: expected one of 1, 8"));
    CHECK_THAT(refused([](json& f) { f["values"]["batch"] = json::array(); }), Contains("combinations of batch, ..., found none"));
    CHECK_THAT(refused([](json& f) { f["values"]["bacth"] = json::array({1}); }), Contains("parameters of this space, found 'bacth'"));
    // What is misspelt would be left out: all values of the batch, values that are not scores.
    CHECK_THAT(refused([](json& f) {
                   f["vlaues"] = f["values"];
                   f.erase("values");
               }),
               Contains("vlaues: expected a member that is known here, found 'vlaues'; did you mean 'values'?"));
    CHECK_THAT(refused([](json& f) { f["units"][0]["modules"][1]["scores"] = 1; }), Contains("unit 1, module 2, scores: expected a member"));
    CHECK_THAT(refused([](json& f) { f["units"][0]["size"] = 1; }), Contains("unit 1, size: expected one of the members"));
    CHECK_THAT(refused([](json& f) { f["points"] = "9"; }), Contains("points: expected \"8\", as many as the modules and values make, found \"9\""));
    CHECK_THAT(refused([](json& f) { f["values"]["text.width"] = json::array({64}); }), Contains("values of parameters outside of the units"));
    CHECK_THROWS_WITH(parse_reduced_space<towers>("{", "f"), Contains("f, line 1"));
}

TEST_CASE("Results are shared in a file, and what is there stays", "[spaces]") {
    random_stream random{6};
    const auto space = drawn_space<towers>(3, random);
    const auto path = temporary("results");
    int evaluated = 0;
    const auto evaluate = [&](const point<towers>& p) {
        ++evaluated;
        return std::map<std::string, double>{{"acc", 0.1 * p[0]}, {"batch", static_cast<double>(p[12])}};
    };
    CHECK(evaluate_in_order<towers>(score_order<towers>{space}, 5, 10, path, evaluate, 3).size() == 10);
    CHECK(evaluated == 10);
    const auto all = evaluate_in_order<towers>(score_order<towers>{space}, 0, 1000, path, evaluate, 3);
    CHECK(all.size() == 27);
    CHECK(evaluated == 27);
    CHECK(read_ordered_results<towers>(path) == all);

    // Existing values win, others are added.
    ordered_results<towers> more{{0, all.at(0)}};
    more[0].metrics = {{"acc", 77}, {"latency", 3}};
    merge_ordered_results<towers>(more, path);
    const auto merged = read_ordered_results<towers>(path);
    CHECK(merged.at(0).metrics.at("acc") == all.at(0).metrics.at("acc"));
    CHECK(merged.at(0).metrics.at("latency") == 3);
    CHECK(merged.size() == 27);
    const auto summary = summary_of<towers>(merged, "acc");
    CHECK(summary.count == 27);
    CHECK(summary.least <= summary.mean);
    CHECK(summary.mean <= summary.greatest);
    CHECK(summary_of<towers>(merged, "latency").mean == 3);
    CHECK(std::isnan(summary_of<towers>(merged, "nothing").mean));

    // What is not a number is one nowhere, and infinite ones come back.
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    merge_ordered_results<towers>({{0, {all.at(0).who, {{"odd", std::nan("")}, {"high", infinity}, {"low", -infinity}}}}}, path);
    const auto odd = read_ordered_results<towers>(path).at(0).metrics;
    CHECK(std::isnan(odd.at("odd")));
    CHECK(odd.at("high") == infinity);
    CHECK(odd.at("low") == -infinity);
    for (const auto* const name : {"odd", "high", "low"}) CHECK(summary_of<towers>(read_ordered_results<towers>(path), name).count == 0);

    // Results of another order are not mixed in.
    const auto other = drawn_space<towers>(3, random);
    CHECK_THROWS_WITH(evaluate_in_order<towers>(score_order<towers>{other}, 0, 27, path, evaluate), Contains("that of another reduced space"));
    more[0].who[0] = static_cast<std::uint8_t>(5 - more[0].who[0]);
    CHECK_THROWS_WITH(merge_ordered_results<towers>(more, path), Contains("entry '0'"));
    std::filesystem::remove(path);
}

TEST_CASE("What ends an evaluation in order loses no result before it", "[spaces]") {
    random_stream random{9};
    const auto space = drawn_space<towers>(3, random);
    const auto path = temporary("stopped");
    int evaluated = 0;
    const auto stopped = [&](const point<towers>& p) {
        if (evaluated == 5) throw error{"stopped"};
        ++evaluated;
        return std::map<std::string, double>{{"acc", 0.1 * p[0]}};
    };
    CHECK_THROWS_WITH(evaluate_in_order<towers>(score_order<towers>{space}, 0, 27, path, stopped), Contains("stopped"));
    CHECK(read_ordered_results<towers>(path).size() == 5);
    evaluated = -1000;
    CHECK(evaluate_in_order<towers>(score_order<towers>{space}, 0, 27, path, stopped).size() == 27);
    CHECK(evaluated == -1000 + 22);
    std::filesystem::remove(path);
}

TEST_CASE("Several threads fill one file of results", "[spaces]") {
    random_stream random{7};
    const auto space = drawn_space<towers>(4, random);
    const auto path = temporary("threads");
    std::vector<std::thread> threads;
    for (std::uint64_t t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            evaluate_in_order<towers>(
                score_order<towers>{space}, 16 * t, 16, path, [](const point<towers>& p) { return std::map<std::string, double>{{"acc", p[0]}}; }, 4);
        });
    for (auto& t : threads) t.join();
    CHECK(read_ordered_results<towers>(path).size() == 64);
    {
        const io::detail::study_lock held{path};
        CHECK_THROWS_WITH(merge_ordered_results<towers>({}, path, std::chrono::milliseconds{20}), Contains("it is in use by another evaluation"));
    }
    std::filesystem::remove(path);
}

TEST_CASE("Files of results that make no sense are refused by entry", "[spaces]") {
    random_stream random{8};
    const auto p = point_json(sample<towers>(random)).dump();
    const auto refused = [&](const std::string& text, const std::string& message) {
        INFO(text);
        CHECK_THROWS_WITH(parse_ordered_results<towers>(text, "f"), Contains(message));
    };
    refused("[]", "an object of results");
    refused(R"({"x": {}})", "entry 'x': expected the place of a point as its name");
    refused(R"({"01": {}})", "the place of a point as its name");
    refused(R"({"1": {}})", "entry '1': expected an object with arch and metrics");
    refused(R"({"1": {"arch": {}, "metrics": {}}})", "f, entry '1', vision.layers: expected a value");
    refused(R"({"1": {"arch": )" + p + R"(, "metrics": {"acc": "x"}}})", "entry '1', metrics: expected numbers, or 'inf' or '-inf'");
    CHECK(parse_ordered_results<towers>(R"({"1": {"arch": )" + p + R"(, "metrics": {"acc": 1}}})", "f").size() == 1);
}

TEST_CASE("A random order has every combination once, the same for the same seed, and no other way round", "[spaces]") {
    random_stream random{12};
    const auto reduced = drawn_space<towers>(5, random).at("batch", "8");
    random_order<towers> order{reduced, 3};
    std::vector<point<towers>> all;
    double sum = 0;
    for (auto next = order.next(); next; next = order.next()) {
        CHECK(next->place == all.size());
        CHECK(reduced.contains(next->who));
        all.push_back(next->who);
        sum += next->score;
    }
    CHECK(order.place() == 125);
    const std::set<point<towers>> met(all.begin(), all.end());
    CHECK(met.size() == 125);
    double of_modules = 0;
    for (std::size_t u = 0; u < 3; ++u)
        for (const auto& m : reduced.modules(u)) of_modules += m.score * 25;
    CHECK(sum == Approx(of_modules));

    random_order<towers> again{reduced, 3}, other{reduced, 4};
    again.skip(100);
    CHECK(again.next()->who == all[100]);
    std::size_t same = 0;
    for (std::size_t i = 0; i < all.size(); ++i) same += other.next()->who == all[i] ? 1 : 0;
    CHECK(same < 20);
    again.skip(1000);
    CHECK_FALSE(again.next());
}

TEST_CASE("Each place of a random order has every combination equally often", "[spaces]") {
    random_stream random{13};
    const auto reduced = drawn_space<other_towers>(2, random);
    std::map<point<other_towers>, std::array<std::size_t, 4>> met;
    for (std::uint64_t seed = 0; seed < 4000; ++seed) {
        random_order<other_towers> order{reduced, seed};
        for (std::size_t place = 0; place < 4; ++place) ++met[order.next()->who][place];
    }
    CHECK(met.size() == 4);
    for (const auto& [who, times] : met)
        for (const auto n : times) CHECK(static_cast<double>(n) == Approx(1000).margin(110)); // four deviations
}

TEST_CASE("Slices of a random order are evaluated as those by score are", "[spaces]") {
    random_stream random{14};
    const auto reduced = drawn_space<towers>(3, random);
    const auto path = (std::filesystem::temp_directory_path() / "verdant_random_order.json").string();
    std::filesystem::remove(path);
    std::size_t evaluated = 0;
    const auto evaluate = [&](const point<towers>& p) {
        ++evaluated;
        return std::map<std::string, double>{{"first", p[0]}};
    };
    const auto some = evaluate_in_order<towers>(random_order<towers>{reduced, 1}, 5, 6, path, evaluate);
    const auto more = evaluate_in_order<towers>(random_order<towers>{reduced, 1}, 0, 11, path, evaluate);
    CHECK(some.size() == 6);
    CHECK(more.size() == 11);
    CHECK(evaluated == 11);
    CHECK(some.at(7) == more.at(7));
    // What another seed has at these places is another point.
    CHECK_THROWS_WITH(evaluate_in_order<towers>(random_order<towers>{reduced, 2}, 0, 11, path, evaluate),
                      Contains("the point that stands there in this order"));
    std::filesystem::remove(path);
}
