#pragma once

#include <verdant/pareto/objective_rows.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace verdant {

/// Evaluated genomes as a structure of arrays: row k of `objectives` (all to be minimised) and `violations[k]` (0 where feasible) belong to
/// `genomes[k]`.
template <class Genome>
struct population {
    std::vector<Genome> genomes;
    /// Row-major, `width` numbers a genome.
    std::vector<double> objectives;
    std::vector<double> violations;
    /// Number of objectives.
    std::size_t width = 1;

    [[nodiscard]] std::size_t size() const noexcept { return genomes.size(); }
    [[nodiscard]] pareto::objective_rows rows() const { return {objectives, width}; }

    void clear() noexcept {
        genomes.clear();
        objectives.clear();
        violations.clear();
    }

    void append(Genome genome, std::span<const double> values, double violation) {
        genomes.push_back(std::move(genome));
        for (const double v : values) objectives.push_back(v);
        violations.push_back(violation);
    }

    friend bool operator==(const population&, const population&) = default;
};

} // namespace verdant
