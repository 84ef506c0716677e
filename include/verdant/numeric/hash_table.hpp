#pragma once

#include <verdant/meta/instantiated_when_used.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector> // std::hash, too, without the rest of <functional>

/// A hash table that is cheap to compile.
namespace verdant {

namespace detail {

/// The part of a hash table that knows neither keys nor values: which hash belongs to which entry. Open addressing with linear probing; at most half
/// of the slots are taken, so that a search soon meets a free one.
template <class = instantiated_when_used>
class basic_hash_slots {
public:
    static constexpr std::size_t none = ~std::size_t{0};

    /// The first entry of this hash for which `same(entry)` holds, or `none`.
    template <class Same>
    [[nodiscard]] std::size_t find(std::uint64_t hash, const Same& same) const {
        if (slots_.empty()) return none;
        for (auto i = start(hash);; i = (i + 1) & (slots_.size() - 1)) {
            const auto& s = slots_[i];
            if (s.entry == none) return none;
            if (s.hash == hash && same(s.entry)) return s.entry;
        }
    }

    void insert(std::uint64_t hash, std::size_t entry) {
        if (2 * (taken_ + 1) > slots_.size()) {
            std::vector<slot> old(slots_.empty() ? 16 : 2 * slots_.size());
            old.swap(slots_);
            for (const auto& s : old)
                if (s.entry != none) put(s);
        }
        put({hash, entry});
        ++taken_;
    }

    void clear() {
        slots_.clear();
        taken_ = 0;
    }

private:
    struct slot {
        std::uint64_t hash = 0;
        std::size_t entry = none;
    };

    /// Multiplicative hashing (Knuth, The Art of Computer Programming 3, section 6.4): hashes that differ little start far from each other.
    [[nodiscard]] std::size_t start(std::uint64_t hash) const {
        return static_cast<std::size_t>((hash * 0x9e3779b97f4a7c15ULL) >> (64 - std::countr_zero(slots_.size())));
    }
    void put(const slot& s) {
        auto i = start(s.hash);
        while (slots_[i].entry != none) i = (i + 1) & (slots_.size() - 1);
        slots_[i] = s;
    }

    std::vector<slot> slots_;
    std::size_t taken_ = 0;
};
using hash_slots = basic_hash_slots<>;

} // namespace detail

/// Values by key, of which none is removed alone. The standard's table instantiates three times as many templates for each type of key, in programs
/// that wait for their compiler, and allocates for each entry.
/// @tparam Hash called with a key, gives an unsigned number
template <class Key, class Value, class Hash = std::hash<Key>>
class hash_table {
public:
    /// The value of a key, or null; it stays where it is until the next `add`.
    [[nodiscard]] const Value* find(const Key& key) const {
        const auto at = slots_.find(Hash{}(key), [&](std::size_t e) { return entries_[e].key == key; });
        return at == detail::hash_slots::none ? nullptr : &entries_[at].value;
    }
    [[nodiscard]] Value* find(const Key& key) { return const_cast<Value*>(std::as_const(*this).find(key)); }

    /// Adds an entry. @pre the table has none of this key
    Value& add(const Key& key, Value value) {
        entries_.push_back({key, std::move(value)});
        slots_.insert(Hash{}(key), entries_.size() - 1);
        return entries_.back().value;
    }

    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    void clear() {
        slots_.clear();
        entries_.clear();
    }

private:
    struct entry {
        Key key;
        Value value;
    };

    std::vector<entry> entries_;
    detail::hash_slots slots_;
};

} // namespace verdant
