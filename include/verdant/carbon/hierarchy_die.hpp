#pragma once

#include <verdant/carbon/chiplet.hpp>
#include <verdant/carbon/layered_process.hpp>
#include <verdant/carbon/node_scaling.hpp>
#include <verdant/error.hpp>
#include <verdant/hardware/hierarchy/hierarchy.hpp>
#include <verdant/hardware/hierarchy/memory_level.hpp>
#include <verdant/hardware/hierarchy/nest_problem.hpp>
#include <verdant/hardware/sram.hpp>
#include <verdant/hardware/technology.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>

/// The die that a memory hierarchy lies on: its area follows from levels and multipliers.
namespace verdant::carbon {

/// Levels of fewer bytes are registers beside the multipliers, larger ones are SRAM: the least that CACTI was run for.
inline constexpr std::int64_t least_sram_bytes = 512;

namespace detail {

/// In the tensors that a level keeps.
inline constexpr std::uint32_t any_tensor = (std::uint32_t{1} << hardware::most_nest_tensors) - 1;

} // namespace detail

/// Area of a die by kind of circuit at 22 nm, in which `hardware::sram` and `hardware::int8_22nm` are tabulated: 8-bit multipliers and registers are
/// logic, a macro for each instance of a larger level is SRAM, where columns of wide rows are one macro a row. Wires, control, pads and the interface
/// of the DRAM are left out, as in `hardware::area`.
/// @param on_die the levels on the die, outermost first: all but the DRAM
/// @throws input_error if a level that keeps something has no capacity, more than 2^40 words or a macro of more than 2^50 bytes, or there are more
/// than 10^9 multipliers
[[nodiscard]] constexpr scaled_costs hierarchy_area(std::span<const hardware::memory_level> on_die) {
    using hardware::int8_22nm::tensor_element;
    constexpr double register_byte = tensor_element.register_square_micrometres / tensor_element.register_words;
    double logic = 0, memories = 0;
    std::int64_t instances = 1;
    for (const auto& l : on_die) {
        if ((l.keeps & detail::any_tensor) != 0) {
            if (l.capacity == hardware::memory_level::unlimited || l.capacity < 1)
                throw input_error{"die of a hierarchy", std::string{l.name}, "a capacity, which says how large the level is", "none"};
            if (l.capacity > std::int64_t{1} << 40)
                throw input_error{"die of a hierarchy", std::string{l.name}, "at most 2^40 words", std::to_string(l.capacity)};
            const auto count = l.rows > 0 ? std::min(instances, l.rows) : instances;
            const auto columns = (instances + count - 1) / count, column = (l.capacity * l.word_bits + 7) / 8;
            constexpr std::int64_t most_bytes = std::int64_t{1} << 50;
            if (column > most_bytes / columns)
                throw input_error{"die of a hierarchy", std::string{l.name}, "at most 2^50 bytes in a macro",
                                  std::to_string(columns) + " columns of " + std::to_string(column)};
            const auto bytes = column * columns;
            if (bytes < least_sram_bytes) logic += static_cast<double>(count * bytes) * register_byte;
            else memories += static_cast<double>(count) * hardware::sram(bytes).area_square_micrometres;
        }
        constexpr std::int64_t most = 1'000'000'000;
        if (l.fan_out_x < 1 || l.fan_out_y < 1 || l.fan_out_x > most / instances || l.fan_out_y > most / (instances * l.fan_out_x))
            throw input_error{"die of a hierarchy", std::string{l.name}, "fan-outs of at least 1, and at most 10^9 multipliers in all",
                              std::to_string(l.fan_out_x) + " x " + std::to_string(l.fan_out_y) + " below each of " + std::to_string(instances)};
        instances *= l.fan_out_x * l.fan_out_y;
    }
    scaled_costs costs;
    costs.sram_area = memories * square_micrometres{};
    costs.logic_area = (logic + static_cast<double>(instances) * tensor_element.mac_square_micrometres) * square_micrometres{};
    return costs;
}

/// Its area in a process.
/// @param n 28, 22, 14, 10 or 7 nm
/// @throws input_error as `hierarchy_area`, and for other processes
[[nodiscard]] constexpr si::area hierarchy_die_area(std::span<const hardware::memory_level> on_die, hardware::node n) {
    return rescaled(hierarchy_area(on_die), n).area();
}

namespace detail {

/// Whether both tables, of scaling and of metal layers, hold a process.
[[nodiscard]] constexpr bool scaled_and_layered(hardware::node n) {
    using hardware::node;
    return n == node::nm28 || n == node::nm14 || n == node::nm10 || n == node::nm7;
}

/// Whether each level that keeps something has a capacity.
[[nodiscard]] constexpr bool all_have_capacity(std::span<const hardware::memory_level> on_die) {
    return std::none_of(on_die.begin(), on_die.end(),
                        [](const auto& l) { return (l.keeps & any_tensor) != 0 && l.capacity == hardware::memory_level::unlimited; });
}

/// What a die is made of; of one that is refused, anything.
template <class Hierarchy, auto Node>
struct hierarchy_die_facts {
    static constexpr bool is_hierarchy = hardware::memory_hierarchy<Hierarchy>,
                          is_node = std::is_same_v<std::remove_const_t<decltype(Node)>, hardware::node>;
    [[nodiscard]] static consteval auto on_die() {
        if constexpr (is_hierarchy) return std::span{Hierarchy::levels}.subspan(1);
        else return std::span<const hardware::memory_level>{};
    }
    [[nodiscard]] static consteval bool is_known() {
        if constexpr (is_node) return scaled_and_layered(Node);
        else return false;
    }
    static constexpr bool sized = all_have_capacity(on_die()), known = is_known();

    [[nodiscard]] static consteval double square_millimetres_of() {
        if constexpr (is_hierarchy && sized && known) return in<square_millimetres>(hierarchy_die_area(on_die(), Node));
        else return 1.0;
    }
    [[nodiscard]] static consteval layered_node process() {
        if constexpr (known) return layered(Node);
        else return layered_node::nm7;
    }
};

/// A class of its own, so that a die that is refused is still one and only the refusal is reported.
template <class Hierarchy, auto Node>
struct hierarchy_die_check {
    static constexpr bool value = true; // first, since clang forgets what follows a failed assertion
    using facts = hierarchy_die_facts<Hierarchy, Node>;
    static_assert(facts::is_hierarchy, "verdant: the first argument of hierarchy_die is no memory hierarchy; write hierarchy_die<my_hierarchy, "
                                       "hardware::node::nm7>, where my_hierarchy is a struct derived from hierarchy<level<...>..., multipliers<pJ>>");
    static_assert(facts::is_node,
                  "verdant: the second argument of hierarchy_die is no process; write hardware::node::nm28, nm14, nm10 or nm7 of that enumeration");
    static_assert(
        facts::sized,
        "verdant: a level of this die has no capacity, so that its area is unknown; write capacity<words> for all levels but the outermost");
    static_assert(
        facts::known || !facts::is_node,
        "verdant: a die of a hierarchy is made at 28, 14, 10 or 7 nm, of which both area and carbon are known; write node::nm7, for example");
};

} // namespace detail

/// The die of a hierarchy as a type, a chiplet of packages: all levels but the outermost, which is the DRAM beside it. One above the reticle does not
/// compile.
///
///     struct compute : hierarchy_die<my_hierarchy, hardware::node::nm7> {};
///     struct chip : package<integration::organic, copies<4, compute>> {};
///
/// @tparam Node        28, 14, 10 or 7 nm
/// @tparam MetalLayers 0: the usual ones of the process
template <class Hierarchy = void, auto Node = 0, int MetalLayers = 0>
struct hierarchy_die : chiplet<detail::hierarchy_die_facts<Hierarchy, Node>::square_millimetres_of(),
                               detail::hierarchy_die_facts<Hierarchy, Node>::process(), MetalLayers> {
    static_assert(detail::hierarchy_die_check<Hierarchy, Node>::value);
};

} // namespace verdant::carbon
