#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search/search.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/memory_storage.hpp>
#include <verdant/study/study_difference.hpp>

#include "catch.hpp"

#include <charconv>
#include <string>
#include <utility>
#include <vector>

namespace vd = verdant;

TEST_CASE("the fingerprint of a space is the number that files hold", "[study]") {
    vd::study_description study{.parameters = {{.name = "width", .kind = "integer", .domain = "1, 2, 3"},
                                               {.name = "act", .kind = "text", .domain = "relu, gelu", .condition = "width > 1"}},
                                .constraints = {"width % 2 == 0"}};
    CHECK(vd::fingerprint(study) == "0a8eead6917ba784"); // as the first version wrote it
    study.parameters[1].condition.clear();
    CHECK(vd::fingerprint(study) != "0a8eead6917ba784");
}

TEST_CASE("a kept study goes on where its numbers differ in digits of rounding only", "[study]") {
    const auto of = [](const char* kind, const char* domain) { return vd::study_description{.parameters = {{.name = "rate", .kind = kind, .domain = domain}}}; };
    const auto same = [&of](const char* was, const char* is, const char* kind = "real") { return vd::study_differences(of(kind, was), of(kind, is)).empty(); };
    CHECK(same("0.10000000149, 0.300000011921, 0.5", "0.1, 0.3, 0.5")); // a float in all its digits, as earlier versions kept it
    CHECK(same("0.10000000149011612, 0.5", "0.1, 0.5"));
    CHECK(same("-0.3, -0.2, -0.1, 5.55111512313e-17, 0.1", "-0.3, -0.2, -0.1, 0, 0.1"));
    CHECK(same("0.1, 0.30000000000000004, 0.4", "0.1, 0.3, 0.4"));
    CHECK(same("0, 0.10000000149, ..., 1000 (10001 values)", "0, 0.1, ..., 1000 (10001 values)"));
    CHECK(same("0, 0.3333333333333333, 0.6666666666666666, 1", "0, 0.333333333333, 0.666666666667, 1")); // as JSON has them
    CHECK(same("1.2589254117941661e-05, 1e-05", "1.25892541179e-05, 1e-05"));
    CHECK(same("0.3333333333333333", "0.3333333333333333"));
    CHECK_FALSE(same("0.33333333333, 1", "0.333333333333, 1"));
    CHECK_FALSE(same("0.3333333333343333, 1", "0.333333333333, 1"));
    CHECK_FALSE(same("0.3333333333333333, 1", "0.3333333333333433, 1"));
    CHECK_FALSE(same("0.10000001, 0.5", "0.1, 0.5"));
    CHECK_FALSE(same("0.1, 0.5", "0.1, 0.50001"));
    CHECK_FALSE(same("0.1, 0.5", "0.1, 0.5, 0.6"));
    CHECK_FALSE(same("0.1, ..., 1 (10001 values)", "0.1, ..., 1 (10002 values)"));
    CHECK_FALSE(same("0.10000000149, 0.5", "0.1, 0.5", "text"));
}

TEST_CASE("what differs between long domains is said by the first value that does", "[study]") {
    const auto differences = [](std::string kind, std::string was, std::string is, std::string condition = "") {
        return vd::study_differences(vd::study_description{.parameters = {{"rate", kind, std::move(was), condition}}},
                                     vd::study_description{.parameters = {{"rate", kind, std::move(is), ""}}});
    };
    const auto list = [](int n, const std::string& last) {
        std::string text;
        for (int i = 0; i + 1 < n; ++i) text += std::to_string(i) + ", ";
        return text + last;
    };
    using texts = std::vector<std::string>;
    CHECK(differences("integer", "1, 2", "1, 2, 3") == texts{"parameter rate: stored integer 1, 2, the program has integer 1, 2, 3"});
    CHECK(differences("integer", list(41, "40"), list(41, "99")) ==
          texts{"parameter rate: stored integer with 41 values, the program has integer with 41 values, which differ first at value 41: stored 40, the program 99"});
    CHECK(differences("real", "0.3333333333333333, " + list(13, "0.5"), "0.333333333333, " + list(12, "11")) ==
          texts{"parameter rate: stored real with 14 values, the program has real with 13 values, which differ first at value 14: stored 0.5, the program none"});
    CHECK(differences("text", "\"a, \\\"b\", " + list(13, "x"), "\"a, \\\"b\", " + list(13, "y")) ==
          texts{"parameter rate: stored text with 14 values, the program has text with 14 values, which differ first at value 14: stored x, the program y"});
    CHECK(differences("integer", list(20, "19"), list(20, "19"), "on == true") ==
          texts{"parameter rate: stored integer with 20 values when on == true, the program has integer with 20 values"});
}

namespace {

struct rates : vd::space<vd::param<"rate", vd::range<0.0f, 1.0f, 0.1f>>, vd::param<"decay", vd::choices<0.1f, 0.3f>>, vd::param<"n", vd::range<1, 8>>> {};

// 0.1 as the `float` that it is, in twelve digits: 0.10000000149, as earlier versions kept it.
std::string in_float_digits(const std::string& number) {
    double x = 0;
    std::from_chars(number.data(), number.data() + number.size(), x);
    char digits[32];
    return {digits, std::to_chars(digits, digits + sizeof digits, static_cast<double>(static_cast<float>(x)), std::chars_format::general, 12).ptr};
}

} // namespace

TEST_CASE("a study that an earlier version kept with floats in all their digits goes on", "[study]") {
    using study = vd::search<rates, vd::maximize<vd::accuracy>, vd::random_search>;
    const study evaluate{[](const vd::point<rates>& p) { return vd::metrics<vd::accuracy>{0.05 * static_cast<double>(p.get<"rate">()) * p.get<"n">()}; }};
    const study::options options{.trials = 30, .seed = 4, .optimizer = {.batch = 10}};
    vd::memory_storage kept;
    auto fewer = options;
    fewer.trials = 20;
    static_cast<void>(evaluate.run(fewer, kept));
    auto old = *kept.load();
    std::string domain;
    for (int i = 0; i < 11; ++i) domain += (i == 0 ? "" : ", ") + in_float_digits(std::to_string(i / 10) + '.' + std::to_string(i % 10));
    REQUIRE(old.description.parameters[0].domain == "0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1");
    old.description.parameters[0].domain = domain;
    old.description.parameters[1].domain = in_float_digits("0.1") + ", " + in_float_digits("0.3");
    for (auto& t : old.trials)
        for (const std::size_t p : {0U, 1U}) t.parameters[p] = in_float_digits(t.parameters[p]);
    vd::memory_storage before{old};
    const auto whole = evaluate.run(options);
    CHECK(evaluate.run(options, before).trials() == whole.trials());
}
