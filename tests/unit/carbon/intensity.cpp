#include "catch.hpp"

#include <verdant/carbon/intensity.hpp>
#include <verdant/error.hpp>

#include <string>

namespace carbon = verdant::carbon;

namespace {

double grams(verdant::si::carbon_intensity i) { return verdant::in<verdant::grams_per_kilowatt_hour>(i); }

} // namespace

TEST_CASE("tables are in the order of their enumerations", "[carbon]") {
    for (std::size_t i = 0; i < carbon::grids.size(); ++i) CHECK(static_cast<std::size_t>(carbon::grids[i].place) == i);
    for (std::size_t i = 0; i < carbon::sources.size(); ++i) CHECK(static_cast<std::size_t>(carbon::sources[i].source) == i);
    for (std::size_t i = 0; i < carbon::logic_processes.size(); ++i) CHECK(static_cast<std::size_t>(carbon::logic_processes[i].node) == i);
    CHECK(carbon::drams[static_cast<std::size_t>(carbon::dram::ddr4_10nm)].name == "ddr4_10nm");
    CHECK(carbon::ssds[static_cast<std::size_t>(carbon::ssd::western_digital_2019)].name == "western_digital_2019");
    CHECK(carbon::hdds[static_cast<std::size_t>(carbon::hdd::exos_7e8)].name == "Exos7e8");
}

TEST_CASE("intensities are found by name, with or without ACT's prefix", "[carbon]") {
    CHECK(grams(carbon::intensity_named("taiwan")) == Approx(642));
    CHECK(grams(carbon::intensity_named("loc_usa")) == Approx(369));
    CHECK(grams(carbon::intensity_named("src_wind")) == Approx(11));
    CHECK(grams(carbon::intensity_named("british_columbia")) == Approx(68));
    CHECK(grams(carbon::intensity_named("california")) == Approx(224));
    CHECK_THROWS_AS(carbon::intensity_named("src_taiwan"), verdant::input_error);
    CHECK_THROWS_AS(carbon::intensity_named("loc_wind"), verdant::input_error);
}

TEST_CASE("an unknown name is refused with the names that there are", "[carbon]") {
    try {
        (void)carbon::intensity_named("atlantis");
        FAIL("accepted");
    } catch (const verdant::input_error& e) {
        const std::string text = e.what();
        for (const auto& g : carbon::grids) CHECK(text.find(std::string{g.name}) != std::string::npos);
        for (const auto& s : carbon::sources) CHECK(text.find(std::string{s.name}) != std::string::npos);
        CHECK(text.find("\"atlantis\"") != std::string::npos);
    }
}

TEST_CASE("a command line gives a number or a name, and nonsense is refused", "[carbon]") {
    CHECK(grams(carbon::parse_intensity("68")) == Approx(68));
    CHECK(grams(carbon::parse_intensity("0")) == 0);
    CHECK(grams(carbon::parse_intensity("7.3e0")) == Approx(7.3));
    CHECK(grams(carbon::parse_intensity("iceland")) == Approx(7.3));
    for (const auto* text : {"", "-1", "+1", "1e5", "1e999", "3x", "nan", "inf", " 68", "68 ", "Taiwan!"})
        CHECK_THROWS_AS(carbon::parse_intensity(text), verdant::input_error);
}
