#include "unit/io/damage.hpp"

#include <verdant/io/document/yaml.hpp>

#include <string>
#include <vector>

namespace io = verdant::io;

namespace {

io::yaml_section parse(const std::string& text) { return io::yaml_section::parse(text, "a.yaml"); }

} // namespace

TEST_CASE("maps that are merged give what the map itself does not have", "[io]") {
    const auto root = parse("base: &base {lr: 0.1, epochs: 3, deep: {a: 1}}\nother: &other {lr: 9, seed: 7}\n"
                            "one:\n  epochs: 5\n  <<: *base\nboth:\n  <<: [*base, *other]\nagain:\n  <<: {<<: *base, lr: 0.5}\n  seed: 1\n"
                            "written:\n  \"<<\": 3\n");
    const auto one = root.section("one");
    CHECK(one.value<int>("epochs") == 5);
    CHECK(one.value<double>("lr") == 0.1);
    CHECK(one.section("deep").value<int>("a") == 1);
    CHECK_NOTHROW(one.finish());
    const auto both = root.section("both");
    CHECK(both.value<double>("lr") == 0.1);
    CHECK(both.value<int>("seed") == 7);
    CHECK(both.keys().size() == 4);
    CHECK(root.section("again").value<double>("lr") == 0.5);
    CHECK(root.section("written").value<int>("<<") == 3);
    // A merged key that nobody asks for is named where it stands.
    const auto again = root.section("again");
    static_cast<void>(again.value<int>("seed"));
    CHECK(refuses([&] { again.finish(); }, {"a.yaml, line 9, again.lr"}));
}

TEST_CASE("what cannot be merged is refused by its line", "[io]") {
    CHECK(refuses([] { parse("a: 1\n<<: 3\n"); }, {"a.yaml, line 2", "a map to merge"}));
    CHECK(refuses([] { parse("a: 1\n<<: [{b: 1}, 3]\n"); }, {"a.yaml, line 2", "maps to merge"}));
    CHECK(refuses([] { parse("a: 1\n<<:\n"); }, {"a.yaml", "a map to merge", "nothing"}));
    CHECK(refuses([] { parse("<<: {a: 1, a: 2}\n"); }, {"a.yaml, line 1", "each key once", "'a' twice"}));
    CHECK(refuses([] { parse("<<: {a: 1}\n<<: {b: 2}\n"); }, {"a.yaml, line 2, <<", "each key once"}));
    // Lists of references to lists of references: a text of a kilobyte, and 10^9 maps.
    std::string bomb = "a0: &a0 {x: 1}\n";
    for (int i = 1; i < 10; ++i) {
        const auto before = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " {<<: [";
        for (int k = 0; k < 10; ++k) bomb += (k == 0 ? "" : ", ") + before;
        bomb += "]}\n";
    }
    CHECK(refuses([&] { static_cast<void>(parse(bomb).section("a9")); }, {"a.yaml", "at most 4096 maps"}));
}

TEST_CASE("a byte order mark does not count", "[io]") {
    CHECK(parse("\xEF\xBB\xBF"
                "a: 3\n")
              .value<int>("a") == 3);
}
