#include "spaces.hpp"

#include "catch.hpp"

#include <verdant/io/document/json.hpp>
#include <verdant/space/json.hpp>

using namespace test_spaces;
using nlohmann::json;

namespace {

template <search_space S>
std::string message_of(const char* text) {
    try {
        static_cast<void>(point_from_json<S>(json::parse(text), "trials.json"));
    } catch (const input_error& e) {
        return e.what();
    }
    return "no error";
}

} // namespace

TEMPLATE_TEST_CASE("points are written as objects and read back", "[space]", tower, conv, stem, net, fifty) {
    random_stream random{61};
    for (int i = 0; i < 100; ++i) {
        const auto p = sample<TestType>(random);
        CHECK(point_from_json<TestType>(point_json(p)) == p);
        CHECK(point_from_json<TestType>(io::parse_json(point_json(p).dump(), "text")) == p);
    }
}

TEST_CASE("an object holds the full names in order, with values of their kind", "[space]") {
    CHECK(point_json(point<conv>{}.with<"act", act::gelu>()).dump() ==
          R"({"kind":"plain","act":"gelu","width":8,"groups":null,"shuffle":null,"scale":0.1})");
}

TEST_CASE("nested objects and arrays stand for nested and repeated spaces", "[space]") {
    const auto p = point_from_json<net>(json::parse(R"({"deep": true, "a": {"kind": "none", "act": "relu", "scale": 0.3},
        "b": {"on": true, "c.kind": "plain", "c": {"act": "silu", "width": 24.0, "scale": 0.1}}})"),
                                        "point", accepted_points::all);
    CHECK(p.get<"deep">());
    CHECK(p.get<"a.kind">() == "none");
    CHECK(p.get<"b.c.act">() == act::silu);
    CHECK(p.get<"b.c.width">() == 24);
    struct two : space<repeat<"g", 2, four>> {};
    const auto q = point_from_json<two>(json::parse(R"({"g": [{"a": 1, "b": 2, "c": 3, "d": 4}, {"a": 5, "b": 6, "c": 7, "d": 8}]})"));
    CHECK(q.get<"g.0.d">() == 4);
    CHECK(q.get<"g.1.a">() == 5);
}

TEST_CASE("errors in objects name the source, the parameter, what was expected and what was found", "[space]") {
    const std::string start = "verdant: trials.json, ";
    CHECK(message_of<tower>(R"({"layers": 6, "width": 385, "heads": 6, "mlp": 2})") == start + "width: expected one of 384, 480, 576, 672, 768, found 385");
    CHECK(message_of<tower>(R"({"layers": 6, "width": "384", "heads": 6, "mlp": 2})") ==
          start + "width: expected one of 384, 480, 576, 672, 768, found \"384\"");
    CHECK(message_of<tower>(R"({"layers": 6, "widht": 384, "heads": 6, "mlp": 2})") == start + "widht: expected a parameter of the space, found no such parameter; did you mean 'width'?");
    CHECK(message_of<tower>(R"({"layers": 6, "width": 384, "heads": 6})") == start + "mlp: expected a value, found nothing");
    CHECK(message_of<tower>(R"({"layers": [6], "width": 384, "heads": 6, "mlp": 2})") == start + "layers: expected one of 6, 7, 8, 9, 10, 11, 12, found array");
    CHECK(message_of<tower>(R"([6, 384, 6, 2])") == "verdant: trials.json: expected an object of parameters, found array");
    CHECK(message_of<stem>(R"({"on": 1})") == start + "on: expected one of false, true, found 1");
    CHECK(message_of<net>(R"({"a": {"kind": "none"}, "a.kind": "plain"})") == start + "a.kind: expected each parameter once, found a second value '\"plain\"'");
    CHECK(message_of<tower>(R"({"layers": 18446744073709551615, "width": 384, "heads": 6, "mlp": 2})").find("found 18446744073709551615") != std::string::npos);
    CHECK(message_of<tower>(R"({"layers": 6.5, "width": 384, "heads": 6, "mlp": 2})").find("found 6.5") != std::string::npos);
    CHECK(message_of<tower>(R"({"layers": null, "width": 384, "heads": 6, "mlp": 2})").find("found null") != std::string::npos);
}

TEST_CASE("endless nesting is an error like any other", "[space]") {
    std::string text = R"({"a": )";
    for (int i = 0; i < 100'000; ++i) text += R"({"kind": )";
    text += "1" + std::string(100'001, '}');
    CHECK_THROWS_AS(point_from_json<net>(json::parse(text)), input_error);
}

TEST_CASE("what does not exist is null, left out or its first value, and nothing else", "[space]") {
    const auto p = point<conv>{}.with<"kind", "none">();
    for (const auto* text : {R"({"kind": "none", "act": "relu", "width": null, "groups": null, "shuffle": null, "scale": 0.1})",
                             R"({"kind": "none", "act": "relu", "width": 8, "groups": 1, "shuffle": false, "scale": 0.1})",
                             R"({"kind": "none", "act": "relu", "scale": 0.1})"})
        CHECK(point_from_json<conv>(json::parse(text)) == p);
    CHECK(message_of<conv>(R"({"kind": "none", "act": "relu", "width": 16, "scale": 0.1})") ==
          "verdant: trials.json, width: expected nothing, since it exists only where kind != none, found 16");
    CHECK(message_of<conv>(R"({"kind": "plain", "act": "relu", "width": null, "scale": 0.1})") ==
          "verdant: trials.json, width: expected one of 8, 16, 24, 32, found null");
    CHECK(message_of<conv>(R"({"kind": "none", "act": "relu", "width": null, "scale": 0.1, "c": null})").find("c: expected a parameter") != std::string::npos);
}

TEST_CASE("an object of a point that breaks a constraint is refused by that, unless all points are accepted", "[space]") {
    const auto* text = R"({"layers": 6, "width": 384, "heads": 7, "mlp": 2})";
    CHECK(message_of<tower>(text) ==
          "verdant: trials.json: expected a feasible point, found layers=6 width=384 heads=7 mlp=2, which breaks width % heads == 0");
    CHECK(point_from_json<tower>(json::parse(text), "text", accepted_points::all).get<"heads">() == 7);
}
