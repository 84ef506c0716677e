#include "spaces.hpp"

#include "catch.hpp"

#include <limits>
#include <numeric>

using namespace test_spaces;

TEMPLATE_TEST_CASE("decoding an encoding gives the point back", "[space]", tower, net, fifty, chain<60>) {
    random_stream random{41};
    std::vector<double> ordinal(ordinal_width<TestType>), one_hot(one_hot_width<TestType>);
    std::vector<float> small(one_hot_width<TestType>);
    for (int i = 0; i < 300; ++i) {
        const auto p = sample<TestType>(random);
        encode_ordinal(p, std::span{ordinal});
        CHECK(decode_ordinal<TestType>(std::span<const double>{ordinal}) == p);
        for (const auto x : ordinal) CHECK((x >= 0 && x <= 1));
        encode_one_hot(p, std::span{one_hot});
        CHECK(decode_one_hot<TestType>(std::span<const double>{one_hot}) == p);
        CHECK(std::accumulate(one_hot.begin(), one_hot.end(), 0.0) == static_cast<double>(p.size()));
        encode_one_hot(p, std::span{small});
        CHECK(decode_one_hot<TestType>(std::span<const float>{small}) == p);
    }
}

TEST_CASE("decoding goes to the nearest index and accepts any number", "[space]") {
    struct line : space<param<"a", range<0, 4>>, param<"b", choices<5>>> {};
    const auto decoded = [](double a) {
        const double in[] = {a, 0.7};
        return decode_ordinal<line>(std::span<const double>{in}).get<"a">();
    };
    CHECK(decoded(0.12) == 0);
    CHECK(decoded(0.13) == 1);
    CHECK(decoded(0.5) == 2);
    CHECK(decoded(-3) == 0);
    CHECK(decoded(7) == 4);
    CHECK(decoded(std::numeric_limits<double>::quiet_NaN()) == 0);
    CHECK(decoded(std::numeric_limits<double>::infinity()) == 4);
}

TEST_CASE("decoded points are canonical", "[space]") {
    std::vector<double> in(ordinal_width<conv>, 1.0);
    CHECK(view_of<conv>.canonical(decode_ordinal<conv>(std::span<const double>{in})));
    std::vector<double> hot(one_hot_width<conv>);
    random_stream random{3};
    for (int i = 0; i < 200; ++i) {
        for (auto& x : hot) x = random.uniform();
        CHECK(view_of<conv>.canonical(decode_one_hot<conv>(std::span<const double>{hot})));
    }
}

TEST_CASE("many points become the rows of a matrix", "[space]") {
    random_stream random{2};
    const std::vector<point<tower>> points{sample<tower>(random), sample<tower>(random), sample<tower>(random)};
    std::vector<double> rows(3 * one_hot_width<tower>), one(one_hot_width<tower>), ordinals(3 * ordinal_width<tower>), ordinal(ordinal_width<tower>);
    encode_one_hot(std::span{points}, std::span{rows});
    encode_ordinal(std::span{points}, std::span{ordinals});
    for (std::size_t r = 0; r < 3; ++r) {
        encode_one_hot(points[r], std::span{one});
        encode_ordinal(points[r], std::span{ordinal});
        CHECK(std::equal(one.begin(), one.end(), rows.begin() + static_cast<std::ptrdiff_t>(r * one.size())));
        CHECK(std::equal(ordinal.begin(), ordinal.end(), ordinals.begin() + static_cast<std::ptrdiff_t>(r * ordinal.size())));
    }
}

TEST_CASE("encodings work at compile time", "[space]") {
    constexpr auto two = [] {
        std::array<double, one_hot_width<tower>> out{};
        encode_one_hot(point<tower>{}.with<"mlp", 3>(), std::span<double>{out});
        return out;
    }();
    static_assert(two[0] == 1 && two[7 + 5 + 7 + 1] == 1 && two[7 + 5 + 7] == 0);
    CHECK(one_hot_width<tower> == 7 + 5 + 7 + 3);
}
