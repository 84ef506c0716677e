#pragma once

// Spaces that the tests of this folder share, and the checks that work on any of them.

#include <verdant/space.hpp>

#include <cmath>
#include <cstddef>
#include <map>
#include <vector>

namespace test_spaces {

using namespace verdant;

enum class act { relu, gelu, silu };

/// Plain numbers with two constraints on overlapping parameters and one free parameter: 7 * 5 * 7 * 3 combinations.
struct tower : space<param<"layers", range<6, 12>>, param<"width", range<384, 768, 96>>, param<"heads", range<6, 12>>, param<"mlp", choices<2, 3, 4>>,
                     where<var<"width"> % var<"heads"> == val<0>>, where<var<"width"> * var<"layers"> <= val<6000>>> {};

/// Every kind of value, conditional parameters inside conditional parameters.
struct conv : space<param<"kind", choices<"plain", "grouped", "none">>, param<"act", choices<act::relu, act::gelu, act::silu>>,
                    when<var<"kind"> != val<"none">, param<"width", range<8, 32, 8>>,
                         when<var<"kind"> == val<"grouped">, param<"groups", choices<1, 2, 4>>, where<var<"groups"> != val<1>>,
                              when<var<"groups"> == val<4>, param<"shuffle", flag>, where<var<"width"> >= val<16> || var<"shuffle">>>>>,
                    param<"scale", range<0.1, 0.5, 0.2>>, where<var<"act"> != val<act::silu> || var<"kind"> == val<"plain">>> {};

/// Conditions in nests in conditions, and a constraint across nests.
struct stem : space<param<"on", flag>, when<var<"on">, nest<"c", conv>>> {};
struct net : space<param<"deep", flag>, nest<"a", conv>, when<var<"deep"> == val<true>, nest<"b", stem>>,
                   where<var<"a.width"> >= val<16> || !var<"b.on">>> {};

/// Only one combination: nothing can vary.
struct single : space<param<"a", range<1, 3>>, param<"b", range<1, 3>>, where<var<"a"> + var<"b"> == val<6>>, param<"c", choices<7>>> {};

/// No two feasible points differ in one parameter.
struct diagonal : space<param<"a", range<0, 5>>, param<"b", range<0, 5>>, param<"c", range<0, 5>>, where<var<"a"> == var<"b"> && var<"b"> == var<"c">>> {};

/// Groups of four with a constraint each, 50 of them: 200 parameters.
struct four : space<param<"a", range<1, 8>>, param<"b", range<1, 8>>, param<"c", range<1, 8>>, param<"d", range<1, 8>>,
                    where<var<"a"> * var<"b"> <= var<"c"> * var<"d">>, where<var<"a"> != var<"d">>> {};
struct fifty : space<repeat<"g", 50, four>> {};

namespace detail {
template <std::size_t I>
consteval auto link_name(std::size_t offset) {
    // x000 .. x999
    const auto n = I + offset;
    return fixed_string<4>{{'x', static_cast<char>('0' + n / 100), static_cast<char>('0' + n / 10 % 10), static_cast<char>('0' + n % 10), '\0'}};
}
template <class>
struct chain_elements;
template <std::size_t... I>
struct chain_elements<std::index_sequence<I...>>
    : space<param<link_name<I>(0), range<0, 7>>..., param<link_name<sizeof...(I)>(0), range<0, 7>>,
            where<var<link_name<I>(0)> <= var<link_name<I>(1)>>...> {};
} // namespace detail

/// x000 <= x001 <= ...: one group that is too large to enumerate and hopeless to draw by rejection.
template <std::size_t N>
struct chain : detail::chain_elements<std::make_index_sequence<N - 1>> {};

/// All feasible points in lexicographic order, by trying every combination.
template <search_space S>
std::vector<point<S>> brute_force() {
    std::vector<point<S>> found;
    point<S> p;
    for (;;) {
        if (p.feasible()) found.push_back(p);
        auto i = p.size();
        while (i > 0 && p[i - 1] + 1U == view_of<S>.domain_size(i - 1)) p[--i] = 0;
        if (i == 0) return found;
        ++p[i - 1];
    }
}

/// Below this lies Pearson's statistic of a right uniform sample, but for a probability of 1e-10 (Wilson and Hilferty, PNAS 17, 1931; z = 6.4).
inline double chi_square_bound(std::size_t cells) {
    const auto n = static_cast<double>(cells - 1);
    const auto root = 1 - 2 / (9 * n) + 6.4 * std::sqrt(2 / (9 * n));
    return n * root * root * root;
}

/// Pearson's statistic of counts against equal expectations.
template <class Key>
double chi_square(const std::map<Key, std::size_t>& counts, std::size_t cells, std::size_t draws) {
    const auto expected = static_cast<double>(draws) / static_cast<double>(cells);
    double sum = static_cast<double>(cells - counts.size()) * expected; // cells that were never hit
    for (const auto& [key, count] : counts) sum += (static_cast<double>(count) - expected) * (static_cast<double>(count) - expected) / expected;
    return sum;
}

} // namespace test_spaces
