#pragma once

#include <verdant/search/evaluation.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace verdant::detail {

/// What a search does about its storage where it has none: nothing.
struct no_keeper {
    template <class Optimizer, class Session, class Options>
    std::size_t start(const Session&, const Options&, std::size_t) {
        return 0;
    }
    [[nodiscard]] std::size_t resumed() const { return 0; }
    [[nodiscard]] bool kept(std::uint64_t) const { return false; }
    template <class Session>
    std::size_t next(const Session&, std::size_t n, std::size_t, std::size_t) {
        return n;
    }
    template <class Space, class Goals, class X>
    std::vector<outcome<Goals>> evaluate(const evaluation<Space, Goals>& measure, std::span<const point<Space>> points, std::uint64_t seed,
                                         std::uint64_t first, X& run) {
        return measure(points, seed, [first](std::size_t i) { return first + i; }, run, [](std::size_t, const auto&) {});
    }
};

/// Defined in study_keeper.hpp: searches that are not kept need not compile it.
template <class Space, class Goals, class Storage>
class study_keeper;

template <class Keeper>
inline constexpr bool keeper_is_here = requires { sizeof(Keeper); };

} // namespace verdant::detail
