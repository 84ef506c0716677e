#pragma once

#include <verdant/goal/trial.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/engine_checks.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/point.hpp>

#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

/// Whether the engine of an optimizer is complete for a space and goals, and what stands in for one where a search has another mistake.
namespace verdant::detail {

/// Stands in for an optimizer where a search has a mistake, so that its message stays the only one.
template <class Options>
struct idle_optimizer : optimizer_tag {
    using options = Options;
    template <class Space, class Goals>
    struct engine {
        explicit engine(const options&) {}
        std::vector<point<Space>> ask(random_stream&, std::size_t) { return {}; }
        void tell(std::span<const trial<Space, Goals>>) {}
        std::size_t preferred_batch() const { return 1; }
    };
};

template <class Engine, class Options, class Space, class Goals>
inline constexpr bool complete_engine = optimizer<Engine, Space, Goals> && std::constructible_from<Engine, const Options&>;

template <class Optimizer, class Space, class Goals>
inline constexpr bool complete_optimizer = false;
template <optimizer_policy Optimizer, class Space, class Goals>
    requires requires { typename Optimizer::template engine<Space, Goals>; }
inline constexpr bool complete_optimizer<Optimizer, Space, Goals> =
    complete_engine<typename Optimizer::template engine<Space, Goals>, typename Optimizer::options, Space, Goals>;

/// Whether an engine is complete, where everything else is right.
template <bool Fit, class Optimizer, class Space, class Goals>
inline constexpr bool engine_is_complete = true;
template <class Optimizer, class Space, class Goals>
inline constexpr bool engine_is_complete<true, Optimizer, Space, Goals> = complete_optimizer<Optimizer, Space, Goals>;

/// Nothing is said of an engine that is not complete.
template <bool Complete, class Optimizer, class Space, class Goals>
struct engine_to_check {
    using type = typename idle_optimizer<int>::engine<Space, Goals>;
};
template <class Optimizer, class Space, class Goals>
struct engine_to_check<true, Optimizer, Space, Goals> : checked_engine<typename Optimizer::template engine<Space, Goals>> {};

} // namespace verdant::detail
