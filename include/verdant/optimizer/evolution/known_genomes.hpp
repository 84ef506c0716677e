#pragma once

#include <verdant/numeric/hash_table.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector> // std::hash, too

/// Which genomes an optimizer has had before.
namespace verdant {

namespace detail {

template <class Genome>
concept hashed_genome = requires(const Genome& g) {
    { std::hash<Genome>{}(g) } -> std::convertible_to<std::uint64_t>;
};

} // namespace detail

/// Genomes, each once, of which none is removed alone. Those that have a `std::hash` are found by it, in the same time however many there are; others
/// by their order. Two of these are equal where they hold the same genomes.
template <class Genome>
class known_genomes {
public:
    /// Whether it is new.
    bool insert(const Genome& one) { return all_.insert(one).second; }
    [[nodiscard]] bool contains(const Genome& one) const { return all_.contains(one); }
    [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }
    void clear() noexcept { all_.clear(); }
    /// In no order that programs may rely on.
    [[nodiscard]] auto begin() const noexcept { return all_.begin(); }
    [[nodiscard]] auto end() const noexcept { return all_.end(); }

    friend bool operator==(const known_genomes&, const known_genomes&) = default;

private:
    std::set<Genome> all_;
};

template <detail::hashed_genome Genome>
class known_genomes<Genome> {
public:
    bool insert(const Genome& one) {
        const std::uint64_t hash = std::hash<Genome>{}(one);
        if (find(hash, one) != detail::hash_slots::none) return false;
        all_.push_back(one);
        slots_.insert(hash, all_.size() - 1);
        return true;
    }
    [[nodiscard]] bool contains(const Genome& one) const { return find(std::hash<Genome>{}(one), one) != detail::hash_slots::none; }
    [[nodiscard]] std::size_t size() const noexcept { return all_.size(); }
    void clear() {
        slots_.clear();
        all_.clear();
    }
    [[nodiscard]] auto begin() const noexcept { return all_.begin(); }
    [[nodiscard]] auto end() const noexcept { return all_.end(); }

    friend bool operator==(const known_genomes& a, const known_genomes& b) {
        if (a.size() != b.size()) return false;
        for (const auto& one : a)
            if (!b.contains(one)) return false;
        return true;
    }

private:
    [[nodiscard]] std::size_t find(std::uint64_t hash, const Genome& one) const {
        return slots_.find(hash, [&](std::size_t at) { return all_[at] == one; });
    }

    std::vector<Genome> all_;
    detail::hash_slots slots_;
};

} // namespace verdant
