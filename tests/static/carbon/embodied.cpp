#include <verdant/carbon/embodied.hpp>
#include <verdant/carbon/footprint.hpp>

namespace carbon = verdant::carbon;
using carbon::abatement;
using carbon::place;
using carbon::source;
using verdant::grams_co2e;
using verdant::grams_per_kilowatt_hour;
using verdant::grams_per_square_centimetre;
using verdant::kilograms_co2e;
using verdant::square_centimetres;
using verdant::hardware::node;

constexpr auto die = 0.1 * square_centimetres{};

// the defaults are the published search's: 1576.8 g/cm2
static_assert(carbon::embodied_per_area() > 1576.8 * grams_per_square_centimetre{} && carbon::embodied_per_area() < 1576.9 * grams_per_square_centimetre{});
static_assert(carbon::embodied<node::nm22>(die) == carbon::embodied(die));
static_assert(carbon::embodied<node::nm7>(die) > carbon::embodied<node::nm28>(die));
static_assert(carbon::embodied<node::nm22, source::wind>(die) < carbon::embodied<node::nm22, source::coal>(die));
static_assert(carbon::embodied<node::nm22, place::iceland>(die) < carbon::embodied<node::nm22, place::taiwan>(die));
static_assert(carbon::embodied<node::nm22, place::taiwan, abatement::gpa99>(die) < carbon::embodied<node::nm22, place::taiwan, abatement::gpa97>(die));
static_assert(carbon::embodied<node::nm22, place::taiwan, abatement::gpa97>(die) < carbon::embodied<node::nm22, place::taiwan, abatement::gpa95>(die));
static_assert(carbon::embodied<node::nm22>(die, 1.0) < carbon::embodied<node::nm22>(die, 0.5));
static_assert(carbon::embodied<node::nm22>(2.0 * die) == 2.0 * carbon::embodied<node::nm22>(die));

static_assert(carbon::intensity(place::taiwan) == 642.0 * grams_per_kilowatt_hour{});
static_assert(carbon::intensity(place::taiwan, carbon::edition::act_2022) == 583.0 * grams_per_kilowatt_hour{});

static_assert(carbon::embodied(carbon::dram::lpddr3_20nm, 1.0) > 210.0 * grams_co2e{});
static_assert(carbon::embodied(carbon::ssd::nand_10nm, 512.0, 1.0) == 5120.0 * grams_co2e{});
static_assert(carbon::embodied(carbon::hdd::barracuda, 1000.0) == 4570.0 * grams_co2e{});

// used once or never, a chip still costs what it is made of
constexpr auto unused = carbon::footprint_of(die, 1.0 * verdant::joules{}, {.inferences = 0.0});
static_assert(unused.total == unused.embodied() && unused.embodied() == unused.embodied_chip + unused.embodied_dram);
constexpr auto used = carbon::footprint_of(die, 1.0 * verdant::joules{}, {.memory_gigabytes = 0.0, .grid = carbon::intensity(source::coal)});
static_assert(used.embodied_dram == 0.0 * kilograms_co2e{} && used.total > 6.8 * kilograms_co2e{});
static_assert(used.lifetime_energy > 8.33 * verdant::kilowatt_hours{} && used.lifetime_energy < 8.34 * verdant::kilowatt_hours{});
