#pragma once

#include <verdant/meta/instantiated_when_used.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace verdant::hardware::detail {

/// A flat hash map from 64-bit keys to 32-bit values that is emptied in constant time and keeps its memory.
template <class = instantiated_when_used>
class basic_key_map {
public:
    void clear() {
        size_ = 0;
        if (++stamp_ == 0) {
            for (auto& s : slots_) s.stamp = 0;
            stamp_ = 1;
        }
    }

    /// The value of `key`, inserted as `value` where the key is new, and whether it is new.
    std::pair<std::uint32_t&, bool> insert(std::uint64_t key, std::uint32_t value = 0) {
        if (2 * size_ >= slots_.size()) grow();
        auto& s = find(key);
        if (s.stamp == stamp_) return {s.value, false};
        s = {key, stamp_, value};
        ++size_;
        return {s.value, true};
    }

private:
    struct slot {
        std::uint64_t key = 0;
        std::uint32_t stamp = 0;
        std::uint32_t value = 0;
    };

    slot& find(std::uint64_t key) {
        const auto shift = 64 - std::countr_zero(slots_.size());
        for (auto i = static_cast<std::size_t>((key * 0x9e3779b97f4a7c15ULL) >> shift);; ++i) {
            auto& s = slots_[i & (slots_.size() - 1)];
            if (s.stamp != stamp_ || s.key == key) return s;
        }
    }

    void grow() {
        std::vector<slot> old(slots_.empty() ? 64 : 2 * slots_.size());
        old.swap(slots_);
        for (const auto& s : old)
            if (s.stamp == stamp_) find(s.key) = s;
    }

    std::vector<slot> slots_;
    std::size_t size_ = 0;
    std::uint32_t stamp_ = 1;
};
using key_map = basic_key_map<>;

} // namespace verdant::hardware::detail
