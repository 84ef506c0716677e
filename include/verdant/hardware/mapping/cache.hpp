#pragma once

#include <verdant/hardware/mapping/loop_nest.hpp>
#include <verdant/hardware/mapping/result.hpp>
#include <verdant/hardware/mapping/search.hpp>
#include <verdant/hardware/mapping/target.hpp>
#include <verdant/numeric/hash_table.hpp>
#include <verdant/random/stream.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <utility>

namespace verdant::hardware {

/// A mapper that remembers what another one found, by loop bounds and target. Callable from several threads at once: a hit takes a shared lock
/// on one of 16 parts; a miss is computed outside any lock, so that two threads may compute the same mapping once each, with equal results.
/// Copies share their memory, which grows by 350 to 700 bytes a mapping and never shrinks but by `clear`. What throws is not remembered; failures
/// are.
template <mapper Mapper = mapping_search>
class mapping_cache {
public:
    explicit mapping_cache(Mapper inner = {}) : inner_{std::move(inner)}, parts_{std::make_shared<std::array<part, part_count>>()} {}

    /// The mapping of `bounds` on `target`; throws what the inner mapper throws.
    [[nodiscard]] mapping_result operator()(const loop_bounds& bounds, const mapping_target& target) const {
        const key k{bounds, target};
        const std::size_t h = key_hash{}(k);
        auto& p = (*parts_)[h >> (sizeof(std::size_t) * 8 - 4)];
        {
            const std::shared_lock reading{p.lock};
            if (const auto* found = p.known.find({k, h})) return *found;
        }
        auto result = static_cast<mapping_result>(inner_(bounds, target));
        const std::scoped_lock writing{p.lock};
        if (const auto* found = p.known.find({k, h})) return *found;
        return p.known.add({k, h}, std::move(result));
    }

    /// How many mappings are remembered.
    [[nodiscard]] std::size_t size() const {
        std::size_t n = 0;
        for (auto& p : *parts_) {
            const std::shared_lock reading{p.lock};
            n += p.known.size();
        }
        return n;
    }

    /// Forgets everything; other threads may go on asking.
    void clear() {
        for (auto& p : *parts_) {
            const std::scoped_lock writing{p.lock};
            p.known.clear();
        }
    }

private:
    static constexpr std::size_t part_count = 16;

    struct key {
        loop_bounds bounds;
        mapping_target target;
        friend bool operator==(const key&, const key&) = default;
    };

    struct key_hash {
        std::size_t operator()(const key& k) const noexcept {
            return static_cast<std::size_t>(splitmix64(std::hash<loop_bounds>{}(k.bounds) + 31 * std::hash<mapping_target>{}(k.target)));
        }
    };

    struct hashed_key {
        key value;
        std::size_t hash;
        friend bool operator==(const hashed_key& a, const hashed_key& b) { return a.hash == b.hash && a.value == b.value; }
    };

    struct stored_hash {
        std::size_t operator()(const hashed_key& k) const noexcept { return k.hash; }
    };

    struct part {
        mutable std::shared_mutex lock;
        hash_table<hashed_key, mapping_result, stored_hash> known;
    };

    Mapper inner_;
    std::shared_ptr<std::array<part, part_count>> parts_;
};

static_assert(mapper<mapping_cache<>>);

} // namespace verdant::hardware
