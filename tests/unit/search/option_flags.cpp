#include "catch.hpp"

#include <verdant/optimizer/evolution/evolution.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search/option_flags.hpp>

#include <cstddef>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

namespace vd = verdant;

namespace {

template <class Options>
std::vector<std::string> flags_of(Options options) {
    std::vector<std::string> flags;
    vd::bind_options(options, [&](const std::string& flag, auto&) { flags.push_back(flag); });
    return flags;
}

} // namespace

TEST_CASE("a flag is the name of its option", "[search]") {
    REQUIRE(vd::option_flag("population") == "--population");
    REQUIRE(vd::option_flag("mutation.resolution_rate") == "--mutation-resolution-rate");
}

TEST_CASE("a command line gets every option that is a value", "[search]") {
    REQUIRE(flags_of(vd::nsga2<>::options{}) ==
            std::vector<std::string>{"--population", "--offspring", "--crossover-probability", "--duplicates", "--crossover-swap", "--mutation-rate"});
    REQUIRE(flags_of(vd::evolution<vd::no_closed_form_constraints, vd::step_mutation, vd::two_point_crossover>::options{}) ==
            std::vector<std::string>{"--population", "--parent-ratio", "--mutation-ratio", "--mutation-rate", "--mutation-reach", "--draws",
                                     "--repair-steps"});
    // Kept studies do not record it, a command line may set it.
    REQUIRE(flags_of(vd::random_search::options{}) == std::vector<std::string>{"--batch"});
}

TEST_CASE("what a command line writes arrives in the options", "[search]") {
    vd::nsga2<>::options options{.population = 40};
    vd::bind_options(options, [](const std::string& flag, auto& value) {
        using type = std::remove_reference_t<decltype(value)>;
        if constexpr (std::is_enum_v<type>) value = vd::duplicate_policy::allow;
        else if constexpr (std::is_arithmetic_v<type>) {
            if (flag == "--population") REQUIRE(value == type{40}); // the default is there
            std::istringstream{flag == "--mutation-rate" ? "0.125" : "1"} >> value;
        }
    });
    REQUIRE(options.population == 1);
    REQUIRE(options.offspring == 1);
    REQUIRE(options.mutation.rate == 0.125);
    REQUIRE(options.crossover.swap == 1);
    REQUIRE(options.duplicates == vd::duplicate_policy::allow);
}
