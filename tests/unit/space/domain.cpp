#include "spaces.hpp"

#include "catch.hpp"

#include <cstdint>
#include <type_traits>

using namespace verdant;

TEST_CASE("a range holds the evenly spaced numbers that do not pass its end", "[space]") {
    for (std::size_t i = 0; i < range<384, 768, 96>::size; ++i) CHECK(range<384, 768, 96>::value(i) == 384 + 96 * static_cast<int>(i));
    static_assert(range<6, 12>::size == 7 && range<1, 10, 4>::size == 3 && range<5, 5>::size == 1 && range<3, 2>::size == 0);
    static_assert(range<-3, 3, 3>::value(2) == 3);
    static_assert(range<1, 8, 0>::size == 0 && range<1, 8, -1>::size == 0);
    static_assert(range<INT64_MIN, INT64_MAX>::size > 1'000'000);
    static_assert(range<INT64_MAX - 1, INT64_MAX>::value(1) == INT64_MAX);
}

TEST_CASE("a floating-point range keeps an end that rounding would lose", "[space]") {
    CHECK(range<0.1, 0.5, 0.1>::size == 5);
    CHECK(range<0.0, 1.0, 0.1>::size == 11);
    CHECK(range<0.0, 0.999, 0.1>::size == 10);
    CHECK(range<0.0, 1.0, 0.1>::value(10) == Approx(1.0).epsilon(1e-15));
    // Far from zero the ends themselves are rounded, by more than a billionth of a step.
    CHECK(range<1e9, 1e9 + 0.3, 0.1>::size == 4);
    CHECK(range<0.0, 1.6e6, 0.1>::size == 16'000'001);
    static_assert(std::is_same_v<range<0, 1, 0.25>::value_type, double>);
    CHECK(range<0, 1, 0.25>::value(3) == 0.75);
}

TEST_CASE("floats are the decimal numbers that were written", "[space]") {
    static_assert(range<0.0f, 1.0f, 0.1f>::size == 11 && range<0.1f, 0.5f, 0.1f>::size == 5 && range<-1.0f, 1.0f, 0.2f>::size == 11);
    static_assert(range<0.0f, 1.0f, 0.3f>::size == 4 && range<0.0f, 0.99f, 0.1f>::size == 10);
    static_assert(std::is_same_v<range<0.0f, 1.0f, 0.1f>::value_type, float>);
    CHECK(range<0.0f, 1.0f, 0.1f>::value(10) == 1.0f);
    CHECK(range<0.0f, 1.0f, 0.1f>::value(3) == 0.3f);
    CHECK(choices<1, 0.1f>::value(1) == 0.1f);
    struct rates : space<param<"rate", range<0.0f, 1.0f, 0.1f>>, param<"other", choices<0.1f, 1e-30f, 3e20f, 0.5>>> {};
    const auto p = point<rates>{}.with<"rate", 0.7f>().with<"other", 0.1f>();
    CHECK(to_string(p) == "rate=0.7 other=0.1");
    CHECK(p.get<"rate">() == 0.7f);
    CHECK(parse_point<rates>("rate=0.7 other=0.1") == p);
    CHECK(point<rates>{}.with<"rate", 0.7>() == p);
    for (std::size_t k = 0; k < 2; ++k)
        for (std::size_t i = 0; i < view_of<rates>.domain_size(k); ++i) CHECK(view_of<rates>.index_of(k, view_of<rates>.code_of(k, i)) == i);
}

TEST_CASE("a value of a floating-point range is found again, however far from zero it lies", "[space]") {
    struct far : space<param<"a", range<1e9, 1e9 + 1, 0.1>>, param<"b", range<0.0, 1.6e6, 0.1>>> {};
    for (std::size_t i = 0; i < 11; ++i) CHECK(view_of<far>.index_of(0, view_of<far>.code_of(0, i)) == i);
    for (std::size_t i = 15'990'000; i < 16'000'001; i += 7)
        if (view_of<far>.index_of(1, view_of<far>.code_of(1, i)) != i) CHECK(i == 0);
    struct too_fine : space<param<"a", range<1e16, 1e16 + 8, 0.5>>> {};
    static_assert(diagnosis_of<too_fine>.kind == problem::duplicate_value);
}

TEST_CASE("the product of two integers of a point never overflows", "[space]") {
    static_assert(std::is_same_v<range<-46340, 46340>::value_type, int> && std::is_same_v<choices<1, 46340>::value_type, int>);
    static_assert(std::is_same_v<range<1, 46341>::value_type, std::int64_t> && std::is_same_v<choices<1, -46341>::value_type, std::int64_t>);
    struct large : space<param<"a", range<1, 100'000>>, param<"b", choices<1, 100'000>>, param<"c", choices<2, 4>>> {};
    const auto p = point<large>{}.with<"a", 100'000>().with<"b", 100'000>().with<"c", 4>();
    CHECK(p.get<"a">() * p.get<"b">() == 10'000'000'000);
    CHECK(p.get<"a">() * p.get<"c">() == 400'000);
    // Whole numbers have a sign, whatever they were written as, so that differences are right; what was written wider stays wide.
    static_assert(std::is_same_v<range<0U, 10U>::value_type, int> && std::is_same_v<choices<'a', 'b'>::value_type, int>);
    static_assert(std::is_same_v<range<0L, 10L>::value_type, std::int64_t> && std::is_same_v<choices<std::size_t{3}>::value_type, std::int64_t>);
    struct mixed : space<param<"a", range<-5, 10U>>, param<"b", choices<-1, 3'000'000'000U>>> {};
    CHECK(point<mixed>{}.get<"a">() == -5);
    CHECK(point<mixed>{}.with<"b", 3'000'000'000U>().get<"b">() == 3'000'000'000);
    CHECK(cardinality<mixed> == 32);
}

TEST_CASE("numbers above the largest of 64 bits with a sign are refused, not taken for negative ones", "[space]") {
    constexpr auto huge = std::uint64_t{1} << 63U;
    struct by_choice : space<param<"a", choices<1, huge>>> {};
    struct by_range : space<param<"a", range<huge, huge + 3>>> {};
    struct by_constraint : space<param<"a", range<-1, 3>>, where<var<"a"> == val<~std::uint64_t{0}>>> {};
    static_assert(diagnosis_of<by_choice>.kind == problem::large_value && diagnosis_of<by_choice>.name() == "a");
    static_assert(diagnosis_of<by_range>.kind == problem::large_value);
    static_assert(diagnosis_of<by_constraint>.kind == problem::large_value);
    struct largest : space<param<"a", choices<huge - 1>>> {};
    CHECK(point<largest>{}.get<"a">() == INT64_MAX);
}

TEST_CASE("choices keep the order and the type of their values", "[space]") {
    static_assert(choices<4, 1, 2>::value(1) == 1);
    static_assert(std::is_same_v<choices<1, 0.5>::value_type, double>);
    static_assert(choices<1, 0.5>::value(0) == 1.0);
    static_assert(choices<"relu", "gelu">::value(1) == "gelu");
    static_assert(choices<test_spaces::act::silu>::value(0) == test_spaces::act::silu);
    static_assert(flag::value(1) && !flag::value(0));
    static_assert(domain<range<1, 2>> && domain<choices<1, 2>> && domain<flag> && !domain<int>);
    CHECK(choices<"relu", "gelu">::codes[0].label == "relu");
}

namespace {
template <class>
struct many;
template <std::size_t... I>
struct many<std::index_sequence<I...>> : space<param<"x", choices<static_cast<int>(I * I)...>>> {};
} // namespace

TEST_CASE("a domain may list hundreds of values", "[space]") {
    using hundreds = many<std::make_index_sequence<700>>;
    static_assert(well_formed<hundreds>);
    CHECK(point<hundreds>{}.with<"x", 250000>()[0] == 500);
}

TEST_CASE("values of a floating-point range are the decimal numbers, not sums of rounded steps", "[space]") {
    static_assert(range<0.0, 1.0, 0.1>::value(3) == 0.3 && range<0.0, 1.0, 0.1>::value(7) == 0.7 && range<-0.3, 0.3, 0.1>::value(3) == 0);
    static_assert(range<0.1, 1.0, 0.1>::value(5) == range<0.0, 1.0, 0.1>::value(6));
    static_assert(range<0.0, 1.0, 1.0 / 3>::value(2) == 2.0 / 3);
}

TEST_CASE("uniform domains have both ends and evenly spaced numbers between them", "[space]") {
    using tenths = uniform<0.0, 1.0, 11>;
    static_assert(tenths::size == 11 && tenths::value(3) == 0.3 && tenths::value(10) == 1.0);
    static_assert(uniform<0.1, 0.7, 7>::value(2) == 0.3 && uniform<-1.0 / 3, 2.0 / 3, 4>::value(1) == 0);
    static_assert(uniform<1e-30, 1.0, 3>::value(0) == 1e-30 && uniform<-1.7e308, 1.7e308, 5>::value(4) == 1.7e308);
    static_assert(std::is_same_v<uniform<0.0f, 1.0f, 3>::value_type, float> && uniform<0.0f, 1.0f, 11>::value(1) == 0.1f);
    static_assert(std::is_same_v<uniform<0, 100, 5>::value_type, int> && uniform<0, 100, 5>::value(3) == 75);
    static_assert(uniform<INT64_MIN, INT64_MAX, 4>::value(1) == INT64_MIN + INT64_MAX / 3 * 2 + 1);
}

TEST_CASE("logarithmic domains have both ends and decimal powers, each value the same multiple of the one before", "[space]") {
    using rates = log_range<1e-5, 1e-1, 41>;
    static_assert(rates::size == 41 && rates::value(0) == 1e-5 && rates::value(40) == 1e-1);
    static_assert(rates::value(10) == 1e-4 && rates::value(20) == 1e-3 && rates::value(30) == 1e-2);
    static_assert(rates::value(1) == 1.2589254117941671e-5 && rates::value(35) == 0.03162277660168379); // nearest to what 60 digits give
    for (std::size_t i = 1; i < 41; ++i) CHECK(rates::value(i) / rates::value(i - 1) == Approx(1.2589254117941673).epsilon(1e-14));
    static_assert(log_range<1.0, 81.0, 5>::value(3) == 27 && log_range<1e-300, 1e300, 601>::value(300) == 1 && log_range<5e-324, 1.0, 9>::value(0) == 5e-324);
    static_assert(std::is_same_v<log_range<16, 512, 6>::value_type, int> && log_range<16, 512, 6>::value(4) == 256);
    static_assert(log_range<1, 1000, 7>::value(1) == 3 && log_range<1, 1000, 7>::value(3) == 32); // 3.16, 31.6
    static_assert(log_range<1, INT64_MAX, 64>::value(63) == INT64_MAX);
    using many = log_range<1e-5, 1e-1, 1'000'001>;
    static_assert(many::value(250'000) == 1e-4 && many::value(1'000'000) == 1e-1);
    std::size_t descents = 0;
    for (std::size_t i = 1; i < many::size; i += 1) descents += many::value(i) > many::value(i - 1) ? 0 : 1;
    CHECK(descents == 0);
}

namespace {
struct training : space<param<"rate", log_range<1e-5, 1e-1, 41>>, param<"decay", log_range<1e-6f, 1e-2f, 5>>, param<"dropout", uniform<0.0, 0.5, 11>>,
                        param<"heads", log_range<1, 64, 7>>, where<(var<"rate"> > var<"decay">)>, where<var<"dropout"> <= val<0.3>>,
                        where<in<1e-4, 1e-3>(var<"decay">)>> {};
template <class... E>
struct holding : space<E...> {};
template <class... E>
constexpr problem found = diagnosis_of<holding<E...>>.kind;
} // namespace

TEST_CASE("floating-point domains take part in constraints by comparison, exactly", "[space]") {
    static_assert(valid<training>);
    // Above 1e-4 are 30 rates, above 1e-3 are 20.
    CHECK(*count_feasible<training>() == (30 + 20) * 7 * 7);
    CHECK(constraint_text(view_of<training>, 0) == "rate > decay");
    CHECK(constraint_text(view_of<training>, 1) == "dropout <= 0.3");
    CHECK(constraint_text(view_of<training>, 2) == "decay == 0.0001 || decay == 0.001");
    struct tenths : space<param<"a", range<0.1, 1.0, 0.1>>, param<"b", uniform<0.0, 1.0, 11>>, where<var<"a"> == var<"b">>, where<var<"b"> != val<1>>> {};
    CHECK(*count_feasible<tenths>() == 9);
    struct signs : space<param<"a", uniform<-1.0, 1.0, 21>>, where<(var<"a"> < val<-0.25>)>, when<var<"a"> == val<-0.7>, param<"b", flag>>> {};
    CHECK(*count_feasible<signs>() == 9); // -1.0 ... -0.3, one of them twice
    static_assert(found<param<"x", uniform<0.0, 1.0, 3>>, where<var<"x"> + var<"x"> <= val<1>>> == problem::floating_in_constraint);
    static_assert(found<param<"x", uniform<0.0, 1.0, 3>>, where<var<"x"> <= val<__builtin_nan("")>>> == problem::not_finite);
}

TEST_CASE("values of computed domains are found again by bits, text and fewer digits", "[space]") {
    const auto& space = view_of<training>;
    for (std::size_t p = 0; p < space.size(); ++p)
        for (std::size_t i = 0; i < space.domain_size(p); ++i) {
            CHECK(space.index_of(p, space.code_of(p, i)) == i);
            CHECK(find_value(space, p, value_text(space, p, i)) == i);
        }
    CHECK(find_value(space, 0, "3.162277660e-5") == 5);
    CHECK(find_value(space, 0, "3.2e-5") == 41);
    CHECK(find_value(space, 0, "nan") == 41);
    CHECK(find_value(space, 0, "-1") == 41);
    CHECK(find_value(space, 3, "3") == 7);
    const auto p = point<training>{}.with<"rate", 1e-3>().with<"decay", 1e-4f>();
    CHECK(to_string(p) == "rate=0.001 decay=0.0001 dropout=0 heads=1");
    CHECK(parse_point<training>(to_string(p)) == p);
    using narrow = restrict<fix<training, "rate", 1e-3>, "dropout", range<0.0, 0.2, 0.1>>;
    static_assert(valid<narrow>);
    CHECK(point_cast<training>(point<narrow>{}).get<"rate">() == 1e-3);
    CHECK(*count_feasible<narrow>() == 3 * 7);
    using listed = restrict<training, "rate", choices<1e-5, 3.16227766e-3>>;
    static_assert(point<listed>{}.with<"rate", 3.16227766e-3>().get<"rate">() == point<training>{}.with<"rate", 3.16227766e-3>().get<"rate">());
}

TEST_CASE("bounds that make no domain are refused by what is wrong with them", "[space]") {
    static_assert(found<param<"x", uniform<1.0, 0.0, 5>>> == problem::no_interval && found<param<"x", uniform<0.0, 1.0, 1>>> == problem::no_interval);
    static_assert(found<param<"x", uniform<0.0, 1.0, -3>>> == problem::no_interval && found<param<"x", log_range<2, 2, 2>>> == problem::no_interval);
    static_assert(found<param<"x", log_range<0.0, 1.0, 5>>> == problem::no_logarithm && found<param<"x", log_range<-1, 8, 5>>> == problem::no_logarithm);
    static_assert(found<param<"x", log_range<1.0, __builtin_inf(), 5>>> == problem::not_finite);
    static_assert(found<param<"x", range<0.0f, 1.0f, __builtin_nanf("")>>> == problem::not_finite);
    static_assert(found<param<"x", log_range<1, 100, 50>>> == problem::crowded_domain && found<param<"x", uniform<0, 1, 11>>> == problem::uneven_interval);
    static_assert(found<param<"x", log_range<1.0f, 1.0001f, 10000>>> == problem::crowded_domain);
    static_assert(found<param<"x", uniform<1.0, 1.0 + 1e-12, 10000>>> == problem::crowded_domain);
    static_assert(found<param<"x", log_range<1e-9, 1.0, 20'000'000>>> == problem::large_domain);
    static_assert(found<param<"x", log_range<1U, 18446744073709551615ULL, 5>>> == problem::large_value);
}
