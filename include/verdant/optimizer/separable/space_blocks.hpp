#pragma once

#include <verdant/meta/program.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/structure.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

/// Blocks of spaces: parameters that separable metrics take together.
namespace verdant {

/// A block by the prefix of its parameters' names: `stage0` has `stage0.depth`, `stage0.block0.kernel`, ... One that goes on under a second prefix
/// has both. A prefix without a dot after it ends with an underscore, or is the whole name of its one parameter.
struct parameter_block {
    std::string_view prefix;
    std::string_view further{};

    [[nodiscard]] constexpr bool has(std::string_view parameter) const { return begins(prefix, parameter) || begins(further, parameter); }

private:
    [[nodiscard]] static constexpr bool begins(std::string_view begin, std::string_view name) {
        return !begin.empty() && name.starts_with(begin) && (name.size() == begin.size() || begin.back() == '_' || name[begin.size()] == '.');
    }
};

/// Stands for blocks that are the groups of parameters which constraints and conditions tie together; every parameter is in one.
struct one_block_a_group {};

namespace detail {
struct no_blocks {};
} // namespace detail

/// The blocks of a space, in the order in which terms are added up; parameters in none of them are shared by all, and are gone through one
/// combination after the other. Specialise it for a space of yours:
///
///     template <>
///     inline constexpr std::array verdant::separable_blocks<towers>{verdant::parameter_block{"vision"}, verdant::parameter_block{"text"}};
///     template <>
///     inline constexpr verdant::one_block_a_group verdant::separable_blocks<free_choices>{};
template <search_space S>
inline constexpr auto separable_blocks = detail::no_blocks{};

namespace detail {

template <class S>
using blocks_of = std::remove_cvref_t<decltype(separable_blocks<S>)>;

template <class S>
[[nodiscard]] consteval std::size_t count_blocks() {
    if constexpr (std::is_same_v<blocks_of<S>, no_blocks>) return 0;
    else if constexpr (std::is_same_v<blocks_of<S>, one_block_a_group>) return structure_of<S>.group_count();
    else return separable_blocks<S>.size();
}

/// The block of each parameter, or how many blocks there are; one more than that where two have it.
template <class S>
[[nodiscard]] consteval auto find_blocks() {
    std::array<std::size_t, parameter_count<S>> block{};
    for (std::size_t p = 0; p < block.size(); ++p) {
        block[p] = count_blocks<S>();
        if constexpr (std::is_same_v<blocks_of<S>, one_block_a_group>) block[p] = structure_of<S>.group_of(p);
        else if constexpr (!std::is_same_v<blocks_of<S>, no_blocks>)
            for (std::size_t b = 0; b < count_blocks<S>(); ++b)
                if (separable_blocks<S>[b].has(view_of<S>.name(p))) block[p] = block[p] == count_blocks<S>() ? b : count_blocks<S>() + 1;
    }
    return block;
}

} // namespace detail

/// How many blocks a space has.
template <search_space S>
inline constexpr std::size_t block_count = detail::count_blocks<S>();
/// The block of each parameter; `block_count<S>` where it is shared.
template <search_space S>
inline constexpr auto block_of_parameter = detail::find_blocks<S>();

namespace detail {

/// The block that a constraint or a condition is about, or how many there are where it names shared parameters alone; one more where it names two
/// blocks.
template <class S, class Program>
[[nodiscard]] constexpr std::size_t block_of_program(const Program& code, std::size_t block) {
    for (const auto& step : code) {
        if (step.code != opcode::variable) continue;
        const auto b = block_of_parameter<S>[static_cast<std::size_t>(step.operand)];
        if (b == block_count<S>) continue;
        if (block != block_count<S> && block != b) return block_count<S> + 1;
        block = b;
    }
    return block;
}

/// What is checked of the blocks of a space.
template <class S>
struct blocks_check {
    static constexpr bool declared = !std::is_same_v<blocks_of<S>, no_blocks>;
    [[nodiscard]] static consteval bool distinct() {
        for (const auto of : block_of_parameter<S>)
            if (of > block_count<S>) return false;
        return true;
    }
    static_assert(distinct(), "verdant: a parameter of this space is in two blocks; give each parameter_block prefixes of its own");
    [[nodiscard]] static consteval bool all_have_parameters() {
        if (!distinct()) return true; // which has been reported
        for (std::size_t b = 0; b < block_count<S>; ++b) {
            bool some = false;
            for (const auto of : block_of_parameter<S>) some = some || of == b;
            if (!some) return false;
        }
        return true;
    }
    static_assert(all_have_parameters(),
                  "verdant: a block of this space has no parameter; give each parameter_block the prefix of parameters, such as that of a nest<...>");
    [[nodiscard]] static consteval bool independent() {
        const auto& space = view_of<S>;
        for (std::size_t c = 0; c < space.constraint_count(); ++c)
            if (block_of_program<S>(space.constraint(c), block_count<S>) > block_count<S>) return false;
        for (std::size_t p = 0; p < space.size(); ++p) {
            if (!space.conditional(p)) continue;
            const auto own = block_of_parameter<S>[p];
            if (own <= block_count<S> && block_of_program<S>(space.guard(p), own) != own) return false;
        }
        return true;
    }
    static_assert(!declared || independent(),
                  "verdant: a constraint or condition of this space ties two blocks together; make one parameter_block of all that hangs "
                  "together, or leave what it names out of the blocks, which shares it");
    static constexpr bool value = true; // a false one would add a second error below the first
};

template <class S, std::size_t Block, fixed_string Name>
struct block_parameter {
    static constexpr auto place = view_of<S>.find(Name.view());
    static constexpr bool own =
        place >= parameter_count<S> || block_of_parameter<S>[place] == Block || block_of_parameter<S>[place] == block_count<S>;
    static_assert(own, "verdant: the term of a block asks for a parameter of another block; a separable term depends on its own block and on shared "
                       "parameters alone, see "
                       "block_parameter<space, block, name> in this message");
    static constexpr bool value = true;
};

} // namespace detail

/// A point of which only one block, and what all share, can be asked: terms of this are separable by their types.
/// @tparam Block number of the block; `block_count<S>` for shared parameters alone
template <search_space S, std::size_t Block>
class block_point {
public:
    static constexpr std::size_t block = Block;
    constexpr explicit block_point(const point<S>& p) : point_{&p} {}

    template <fixed_string Name>
    [[nodiscard]] constexpr auto get() const {
        static_assert(detail::block_parameter<S, Block, Name>::value);
        return point_->template get<Name>();
    }
    /// The value, or nothing where the parameter does not exist at this point (`when`).
    template <fixed_string Name>
    [[nodiscard]] constexpr auto get_if() const {
        static_assert(detail::block_parameter<S, Block, Name>::value);
        return point_->template get_if<Name>();
    }

private:
    const point<S>* point_;
};

} // namespace verdant
