// What is checked before a phase of a supernet is trained, and the best score that a file keeps.

#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/spaces/once_for_all/comp_ofa.hpp>
#include <verdant/supernet/best_score.hpp>
#include <verdant/supernet/shrinking.hpp>
#include <verdant/supernet/subnet_sampling.hpp>

#include "catch.hpp"

#include <filesystem>
#include <limits>
#include <string>
#include <type_traits>

#include <unistd.h>

namespace supernet = verdant::supernet;
using Catch::Contains;

TEST_CASE("the best score of a phase is read whole, or refused", "[supernet]") {
    const auto file = (std::filesystem::temp_directory_path() / ("verdant_best_" + std::to_string(getpid()))).string();
    std::filesystem::remove(file);
    CHECK(supernet::detail::best_score_in(file) == -1);
    verdant::io::write_file(file, "0.71875\n");
    CHECK(supernet::detail::best_score_in(file) == 0.71875);
    for (const std::string wrong : {"", "\n", "0,7\n", "0.7 and more\n", "better\n", "nan\n"}) {
        verdant::io::write_file(file, wrong);
        CHECK_THROWS_WITH(supernet::detail::best_score_in(file), Contains(file) && Contains("best score: expected a number, found "));
    }
    std::filesystem::remove(file);
}

TEST_CASE("phases that train nothing are refused", "[supernet]") {
    const auto refused = [](auto change) {
        auto phase = supernet::moofa_phases[0];
        change(phase);
        try {
            supernet::check_phase(phase);
        } catch (const verdant::input_error& e) { return std::string{e.what()}; }
        return std::string{};
    };
    using phase = supernet::shrinking_phase;
    CHECK(refused([](phase&) {}).empty());
    CHECK(refused([](phase& p) { p.epochs = 0; }).empty()); // a warm-up alone
    CHECK(refused([](phase& p) { p.warmup_epochs = 0, p.warmup_rate = 0; }).empty());
    CHECK_THAT(refused([](phase& p) { p.epochs = -1; }), Contains("epochs: expected at least 0, found -1"));
    CHECK_THAT(refused([](phase& p) { p.warmup_epochs = -2; }), Contains("warmup_epochs: expected at least 0, found -2"));
    CHECK_THAT(refused([](phase& p) { p.epochs = 0, p.warmup_epochs = 0; }), Contains("epochs: expected at least 1"));
    CHECK_THAT(refused([](phase& p) { p.learning_rate = std::numeric_limits<double>::quiet_NaN(); }), Contains("learning_rate"));
    CHECK_THAT(refused([](phase& p) { p.learning_rate = 0; }), Contains("learning_rate"));
    CHECK_THAT(refused([](phase& p) { p.warmup_rate = -1; }), Contains("warmup_rate"));
    for (const auto& all : {supernet::moofa_phases, supernet::ofa_phases})
        for (const auto& one : all) CHECK_NOTHROW(supernet::check_phase(one));
    CHECK_NOTHROW(supernet::check_phase(supernet::moofa_teacher));
}

TEST_CASE("a step of training has a sub-network", "[supernet]") {
    using space = verdant::spaces::comp_ofa;
    const std::type_identity<space> tag{};
    const auto all = supernet::all_candidates<space>();
    for (const int none : {0, -1}) {
        const auto text = Contains("sampling of sub-networks, count: expected at least 1, found " + std::to_string(none));
        CHECK_THROWS_WITH(supernet::random_subnets{none}(tag, 0, all), text);
        CHECK_THROWS_WITH(supernet::published_subnets{none}(tag, 0, all), text);
        CHECK_THROWS_WITH(supernet::feasible_subnets{none}(tag, 0, all), text);
    }
    CHECK(supernet::sandwich{.between = 0}(tag, 0, all).size() == 2);
    CHECK_THROWS_WITH(supernet::sandwich{.between = -1}(tag, 0, all), Contains("between: expected at least 0, found -1"));
}
