#include "catch.hpp"

#include <verdant/data/sampling/damaged_samples.hpp>

#include <cstddef>
#include <new>
#include <set>
#include <string>

namespace nn = verdant::nn;

namespace {

/// Reads all but some samples.
struct reader {
    std::set<std::size_t> broken;
    void operator()(std::size_t sample) const {
        if (broken.contains(sample)) throw verdant::input_error{"sample " + std::to_string(sample), "", "a picture", "none"};
    }
};

} // namespace

TEST_CASE("the next sample that can be read takes the place of a damaged one, which counts once", "[data]") {
    nn::damaged_samples damaged{10, 0.25}; // three
    const reader read{{2, 3, 9}};
    for (int again = 0; again < 2; ++again) {
        CHECK(damaged.load(1, read) == 1);
        CHECK(damaged.load(2, read) == 4);
        CHECK(damaged.load(9, read) == 0);
    }
    CHECK(damaged.counted() == verdant::io::passed_over{3, "verdant: sample 2: expected a picture, found none"});
    const reader worse{{2, 3, 5, 9}};
    CHECK_THROWS_WITH(damaged.load(5, worse), Catch::Contains("at most 3 of 10") && Catch::Contains("found 4; the first: verdant: sample 2"));
}

TEST_CASE("a limit of none passes the error on, and samples that are all damaged are no data", "[data]") {
    nn::damaged_samples none{10, 0};
    CHECK_THROWS_WITH(none.load(2, reader{{2}}), "verdant: sample 2: expected a picture, found none");
    nn::damaged_samples all{2, 1};
    CHECK_THROWS_WITH(all.load(0, reader{{0, 1}}), Catch::Contains("none of 2"));
    nn::damaged_samples one{3, 0.1};
    CHECK(one.load(1, reader{{1}}) == 2);
    for (const double share : {-0.1, 1.1}) CHECK_THROWS_AS((nn::damaged_samples{3, share}), verdant::input_error);
}

TEST_CASE("only errors of this library are taken for damage", "[data]") {
    nn::damaged_samples damaged{10, 1};
    CHECK_THROWS_AS(damaged.load(0, [](std::size_t) { throw std::bad_alloc{}; }), std::bad_alloc);
}
