#pragma once

#include <verdant/units.hpp>

#include <concepts>
#include <cstdint>
#include <string>

/// What a search itself consumed, and who says so.
namespace verdant {

/// Energy and carbon of a search, of one run or of several that went on with each other. By the definitions of CodeCarbon
/// (github.com/mlco2/codecarbon, docs/source/methodology.rst): the energy is that of processors, graphics cards and memory, the emissions are that times
/// the intensity of the grid.
struct search_consumption {
    si::time took{}; ///< how long it was metered
    si::energy processors{}; ///< of which each is 0 where it is not metered, and `method` says so
    si::energy graphics{};
    si::energy memory{};
    si::mass emitted{}; ///< CO2 equivalent, each run with the intensity that it was given
    std::string method{}; ///< how it was found out, in words; of runs that did it in different ways, all of them
    std::uint64_t runs = 1;

    /// The energy of all together.
    [[nodiscard]] si::energy energy() const { return processors + graphics + memory; }

    /// Adds other runs.
    search_consumption& operator+=(const search_consumption& more) {
        if (runs == 0) method = more.method;
        else if (more.runs > 0 && method.find(more.method) == std::string::npos) method += "; also: " + more.method;
        took += more.took;
        processors += more.processors;
        graphics += more.graphics;
        memory += more.memory;
        emitted += more.emitted;
        runs += more.runs;
        return *this;
    }
    friend bool operator==(const search_consumption&, const search_consumption&) = default;
};

namespace detail {

/// An observer that knows what the run has consumed so far, such as `carbon::consumption_meter`.
template <class O>
concept meters = requires(O& o) {
    { o.consumption() } -> std::same_as<search_consumption>;
};

} // namespace detail

} // namespace verdant
