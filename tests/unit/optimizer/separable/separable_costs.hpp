#pragma once

// Spaces of several shapes, and evaluators of them with terms that mean nothing.

#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/separable.hpp>
#include <verdant/random/stream.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace separable_costs {

struct first : verdant::metric<"first"> {};
struct second : verdant::metric<"second"> {};
struct third : verdant::metric<"third"> {};
struct top : verdant::metric<"top"> {};

/// Nothing ties these.
struct loose : verdant::space<verdant::param<"a", verdant::range<0, 4>>, verdant::param<"b", verdant::range<0, 3>>,
                              verdant::param<"c", verdant::range<0, 4>>, verdant::param<"d", verdant::range<0, 2>>> {};

/// Stages with a depth; one parameter that both share.
struct unit : verdant::space<verdant::param<"kernel", verdant::choices<3, 5>>, verdant::param<"expand", verdant::choices<3, 6>>> {};
struct stage : verdant::space<verdant::param<"depth", verdant::range<1, 2>>, verdant::nest<"block0", unit>,
                              verdant::when<(verdant::var<"depth"> > verdant::val<1>), verdant::nest<"block1", unit>>> {};
struct staged
    : verdant::space<verdant::param<"image", verdant::choices<128, 160, 192>>, verdant::nest<"stage0", stage>, verdant::nest<"stage1", stage>> {};

/// Constraints within a block, and with what is shared; the shared parameter comes last.
struct tied
    : verdant::space<verdant::param<"x_w", verdant::range<1, 6>>, verdant::param<"x_h", verdant::range<1, 4>>,
                     verdant::param<"y", verdant::range<1, 8>>, verdant::param<"size", verdant::range<1, 3>>,
                     verdant::param<"free", verdant::range<0, 1>>, verdant::where<(verdant::var<"x_w"> % verdant::var<"x_h"> == verdant::val<0>)>,
                     verdant::where<(verdant::var<"y"> * verdant::var<"size"> <= verdant::val<12>)>,
                     verdant::where<(verdant::var<"size"> + verdant::var<"free"> >= verdant::val<2>)>> {};

/// One block, and nothing shared; and the reverse.
struct single : verdant::space<verdant::param<"u_a", verdant::range<0, 9>>, verdant::param<"u_b", verdant::range<0, 9>>> {};
struct undivided : verdant::space<verdant::param<"a", verdant::range<0, 9>>, verdant::param<"b", verdant::range<0, 9>>> {};

} // namespace separable_costs

template <>
inline constexpr verdant::one_block_a_group verdant::separable_blocks<separable_costs::loose>{};
template <>
inline constexpr std::array verdant::separable_blocks<separable_costs::staged>{verdant::parameter_block{"stage0"},
                                                                               verdant::parameter_block{"stage1"}};
template <>
inline constexpr std::array verdant::separable_blocks<separable_costs::tied>{verdant::parameter_block{"y"}, verdant::parameter_block{"x_"}};
template <>
inline constexpr std::array verdant::separable_blocks<separable_costs::single>{verdant::parameter_block{"u_"}};
template <>
inline constexpr std::array<verdant::parameter_block, 0> verdant::separable_blocks<separable_costs::undivided>{};

namespace separable_costs {

enum class numbers { whole, real, signed_whole };

/// Terms drawn by hashing what they may depend on: small whole numbers, so that there are many ties, or others.
template <class S>
struct hashed {
    using record = verdant::metrics<first, second, third, top>;
    using sums = verdant::metrics<first, second, third>;
    using maxima = verdant::metrics<top>;

    std::uint64_t seed = 0;
    numbers kind = numbers::whole;

    record operator()(const verdant::point<S>& p) const {
        auto sum = shared_term(p).si_values();
        for (std::size_t b = 0; b < verdant::block_count<S>; ++b) {
            const auto term = block_term(p, b).si_values();
            for (std::size_t m = 0; m < 3; ++m) sum[m] += term[m];
            sum[3] = std::max(sum[3], term[3]);
        }
        return record::from_si_values(sum);
    }
    record shared_term(const verdant::point<S>& p) const { return drawn(p, verdant::block_count<S>); }
    record block_term(const verdant::point<S>& p, std::size_t block) const { return drawn(p, block); }

private:
    record drawn(const verdant::point<S>& p, std::size_t block) const {
        auto hash = verdant::splitmix64(seed + 977 * block);
        for (std::size_t q = 0; q < p.size(); ++q)
            if (const auto of = verdant::block_of_parameter<S>[q]; of == block || of == verdant::block_count<S>)
                hash = verdant::splitmix64(hash ^ (p[q] + 31 * q));
        std::array<double, 4> values{};
        for (std::size_t m = 0; m < 4; ++m) {
            hash = verdant::splitmix64(hash + m);
            const auto number = static_cast<double>(hash >> 11U) * 0x1p-53;
            values[m] = kind == numbers::real ? number : kind == numbers::whole ? std::floor(6 * number) : std::floor(9 * number) - 4;
        }
        return record::from_si_values(values);
    }
};

} // namespace separable_costs
