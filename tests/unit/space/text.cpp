#include "spaces.hpp"

#include "catch.hpp"

#include <sstream>
#include <string>

using namespace test_spaces;

namespace {

struct awkward : space<param<"text", choices<"", "a b", "x,y", "\"quoted\"", "back\\slash", "k=v", "plain">>, param<"n", choices<-3, 0, 7>>,
                       param<"f", choices<0.1, 1e-300, -2.5>>, param<"on", flag>> {};

template <search_space S>
std::string message_of(std::string_view text) {
    try {
        static_cast<void>(parse_point<S>(text, "trials.csv, line 3"));
    } catch (const input_error& e) {
        return e.what();
    }
    return "no error";
}

} // namespace

TEMPLATE_TEST_CASE("what is printed is parsed back", "[space]", tower, conv, stem, awkward) {
    for (const auto& p : brute_force<TestType>()) CHECK(parse_point<TestType>(to_string(p)) == p);
    point<TestType> any;
    random_stream random{1};
    for (int i = 0; i < 200; ++i) {
        for (std::size_t k = 0; k < any.size(); ++k) any[k] = static_cast<std::uint8_t>(random.below(view_of<TestType>.domain_size(k)));
        any.canonicalise();
        CHECK(parse_point<TestType>(to_string(any), "point", accepted_points::all) == any);
        if (any.feasible()) CHECK(parse_point<TestType>(to_string(any)) == any);
        else CHECK_THROWS_AS(parse_point<TestType>(to_string(any)), input_error);
    }
}

TEST_CASE("a point is printed by full names in order", "[space]") {
    CHECK(to_string(point<tower>{}) == "layers=6 width=384 heads=6 mlp=2");
    std::ostringstream out;
    out << point<tower>{} << ';';
    CHECK(out.str() == "layers=6 width=384 heads=6 mlp=2;");
    CHECK(to_string(point<conv>{}.with<"act", act::gelu>().with<"scale", 0.3>()) ==
          "kind=plain act=gelu width=8 scale=0.3"); // groups and shuffle do not exist at it
    CHECK(to_string(point<awkward>{}.with<"text", "a b">()) == "text=\"a b\" n=-3 f=0.1 on=false");
}

TEST_CASE("pairs may stand in any order, with commas, and without what does not exist", "[space]") {
    CHECK(parse_point<tower>("mlp=4,width=480, heads=8\n layers=7") == parse_point<tower>("layers=7 width=480 heads=8 mlp=4"));
    CHECK(parse_point<conv>("kind=none act=relu scale=0.50") == point<conv>{}.with<"kind", "none">().with<"scale", 0.5>());
}

TEST_CASE("errors name the source, the parameter, what was expected and what was found", "[space]") {
    const std::string start = "verdant: trials.csv, line 3, ";
    CHECK(message_of<tower>("layers=6 width=385 heads=6 mlp=2") == start + "width: expected one of 384, 480, 576, 672, 768, found '385'");
    CHECK(message_of<tower>("layers=6 colour=384 heads=6 mlp=2") == start + "colour: expected a parameter of the space, found no such parameter");
    CHECK(message_of<tower>("layers=6 widht=384 heads=6 mlp=2") == start + "widht: expected a parameter of the space, found no such parameter; did you mean 'width'?");
    CHECK(message_of<tower>("layers=6 width=384 heads=6") == start + "mlp: expected a value, found nothing");
    CHECK(message_of<tower>("layers=6 width=384 heads=6 mlp=2 layers=7") == start + "layers: expected each parameter once, found a second value '7'");
    CHECK(message_of<tower>("layers 6") == "verdant: trials.csv, line 3: expected name=value, found 'layers'");
    CHECK(message_of<conv>("kind=grouped act=relu width=8 scale=0.1") == start + "groups: expected a value, found nothing");
    CHECK(message_of<awkward>("text=\"a b") == "verdant: trials.csv, line 3: expected a closing quotation mark, found 'text=\"a b'");
    CHECK(message_of<tower>("layers=0x6 width=384 heads=6 mlp=2").find("'0x6'") != std::string::npos);
}

TEST_CASE("long domains are shortened in messages", "[space]") {
    struct line : space<param<"a", range<0, 99>>> {};
    CHECK(domain_text(view_of<line>, 0) == "0, 1, 2, 3, 4, ..., 99");
}

TEST_CASE("any bytes are either a point or an input error", "[space]") {
    random_stream random{12};
    const std::string letters = "kindactwidth=plaingrouped \",\\\n0123.-e\0x";
    for (int i = 0; i < 5000; ++i) {
        auto text = to_string(point<conv>{});
        for (int k = 0; k < 3; ++k) text[random.below(text.size())] = letters[random.below(letters.size())];
        try {
            static_cast<void>(parse_point<conv>(text));
        } catch (const input_error&) {
        }
    }
    SUCCEED();
}

TEST_CASE("a text of a point that breaks a constraint is refused by that, unless all points are accepted", "[space]") {
    const std::string start = "verdant: trials.csv, line 3";
    CHECK(message_of<tower>("layers=6 width=384 heads=7 mlp=2") ==
          start + ": expected a feasible point, found layers=6 width=384 heads=7 mlp=2, which breaks width % heads == 0");
    CHECK(message_of<tower>("layers=12 width=768 heads=6 mlp=2").ends_with("which breaks width * layers <= 6000"));
    CHECK(message_of<conv>("kind=grouped act=relu width=8 groups=4 shuffle=false scale=0.1").find("which breaks width >= 16 || shuffle when kind") !=
          std::string::npos);
    CHECK(!parse_point<tower>("layers=6 width=384 heads=7 mlp=2", "text", accepted_points::all).feasible());
}

TEST_CASE("what does not exist may be given its first value, as older texts do, and no other", "[space]") {
    const auto p = point<conv>{}.with<"kind", "none">();
    CHECK(parse_point<conv>("kind=none act=relu width=8 groups=1 shuffle=false scale=0.1") == p);
    CHECK(message_of<conv>("kind=none act=relu width=16 scale=0.1") ==
          "verdant: trials.csv, line 3, width: expected nothing, since it exists only where kind != none, found 16");
    CHECK(message_of<conv>("kind=plain act=relu width=8 groups=2 scale=0.1") ==
          "verdant: trials.csv, line 3, groups: expected nothing, since it exists only where kind != none && kind == grouped, found 2");
}
