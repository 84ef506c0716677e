#pragma once

#include <verdant/random/stream.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

/// What an evolutionary optimizer needs of genomes and their variation.
namespace verdant {

/// What an evolutionary optimizer can carry: a value that can be copied, compared and ordered.
template <class G>
concept genome = std::copyable<G> && std::totally_ordered<G>;

/// A policy that makes genomes: random ones, children of two, changed ones. `mutate` either changes its argument in place or gives the
/// changed genome. All randomness comes from the stream it is given, so that equal streams give equal genomes; `crossover` includes the
/// decision not to cross.
template <class V, class Genome>
concept genome_variation = genome<Genome> && requires(V& v, const Genome& parent, Genome& child, random_stream& random) {
    { v.initial(random) } -> std::convertible_to<Genome>;
    { v.crossover(parent, parent, random) } -> std::convertible_to<std::pair<Genome, Genome>>;
    v.mutate(child, random);
    requires std::is_void_v<decltype(v.mutate(child, random))> || std::convertible_to<decltype(v.mutate(child, random)), Genome>;
};

} // namespace verdant
