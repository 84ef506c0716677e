#include <verdant/hardware/technology.hpp>
#include <verdant/numeric/constexpr_math.hpp>

// The tabulated unit costs follow from the library's entries at 45 nm by the scaling that the header names.

namespace hw = verdant::hardware;
using verdant::surrogate::detail::power;

constexpr double rounded(double x) { return static_cast<double>(static_cast<long long>(x * 1e6 + 0.5)) / 1e6; }
constexpr bool same(double a, double b) { return (a > b ? a - b : b - a) < 1e-12 * b; }

constexpr double area_factor = 5.0 / 6 * 0.46 + 1.0 / 6 * 0.21;
constexpr double quadratic(double a, double b, double c) { return a * 0.8 * 0.8 + b * 0.8 + c; }
constexpr double energy_factor = (5.0 / 6 * quadratic(0.9559, -0.7823, 0.471) + 1.0 / 6 * quadratic(0.373, -0.1582, 0.04104)) / quadratic(1.103, -0.362, 0.2767);
constexpr double width_factor = 8.0 / 32;
constexpr double register_area(int words) { return rounded(13.312 * width_factor * words / 128 * area_factor); }
constexpr double register_energy(double at_128, int words) { return rounded(at_128 * width_factor * power(words / 128.0, 0.78) * energy_factor); }

static_assert(same(hw::int8_22nm::tensor_element.mac_square_micrometres, rounded(3632 * width_factor * area_factor)));
static_assert(same(hw::int8_22nm::vector_element.mac_square_micrometres, rounded(3632 * width_factor * area_factor)));
static_assert(same(hw::int8_22nm::tensor_element.register_square_micrometres, register_area(32)));
static_assert(same(hw::int8_22nm::vector_element.register_square_micrometres, register_area(12)));
static_assert(same(hw::int8_22nm::tensor_element.register_read_picojoules, register_energy(3.84, 32)));
static_assert(same(hw::int8_22nm::tensor_element.register_write_picojoules, register_energy(5.12, 32)));
static_assert(same(hw::int8_22nm::vector_element.register_read_picojoules, register_energy(3.84, 12)));
static_assert(same(hw::int8_22nm::vector_element.register_write_picojoules, register_energy(5.12, 12)));
static_assert(same(hw::int8_22nm::vector_mac_picojoules, rounded(3.2 * width_factor * energy_factor)));
static_assert(hw::int8_22nm::dram_picojoules == 8.0 * 32);
static_assert(hw::name(hw::int8_22nm::process) == "22nm");
