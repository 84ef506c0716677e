#pragma once

#include <verdant/random/stream.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace verdant {

/// Crowded-comparison tournament of two (Deb et al., "NSGA-II", IEEE TEC 6(2), 2002, section III-B): the lower front wins, within a front
/// the larger crowding distance, else the one drawn first. Contestants come from random permutations of the population, so within two
/// rounds each one takes part exactly twice. The permutation is part of the state of a run.
struct binary_tournament {
    std::vector<std::uint32_t> order;
    std::size_t next = 0;

    /// Index of a winner among `ranks.size()` > 0 members.
    std::size_t operator()(random_stream& random, std::span<const std::uint32_t> ranks, std::span<const double> crowding) {
        if (order.size() != ranks.size() || next + 2 > order.size()) {
            order.resize(ranks.size());
            std::iota(order.begin(), order.end(), std::uint32_t{0});
            random.shuffle(std::span{order});
            next = 0;
        }
        if (order.size() == 1) return 0;
        const std::size_t a = order[next++], b = order[next++];
        if (ranks[a] != ranks[b]) return ranks[a] < ranks[b] ? a : b;
        return crowding[b] > crowding[a] ? b : a;
    }

    /// To store the state and go on with it. @param out a `state_writer` @param in a `state_reader`
    template <class Writer>
    void save(Writer& out) const {
        out << order << std::uint64_t{next};
    }
    template <class Reader>
    void restore(Reader& in) {
        std::uint64_t n = 0;
        in >> order >> n;
        in.require(n <= order.size() && std::all_of(order.begin(), order.end(), [this](std::uint32_t i) { return i < order.size(); }),
                   "a permutation");
        next = static_cast<std::size_t>(n);
    }

    friend bool operator==(const binary_tournament&, const binary_tournament&) = default;
};

/// No pressure: every member is as likely as any other.
struct uniform_selection {
    std::size_t operator()(random_stream& random, std::span<const std::uint32_t> ranks, std::span<const double>) const {
        return static_cast<std::size_t>(random.below(ranks.size()));
    }

    /// There is no state.
    template <class Writer>
    void save(Writer&) const {}
    template <class Reader>
    void restore(Reader&) {}

    friend bool operator==(const uniform_selection&, const uniform_selection&) = default;
};

} // namespace verdant
