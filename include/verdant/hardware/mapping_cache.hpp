#pragma once

#include <verdant/hardware/loop_nest.hpp>
#include <verdant/hardware/mapping_result.hpp>
#include <verdant/hardware/mapping_search.hpp>
#include <verdant/hardware/mapping_target.hpp>
#include <verdant/hardware/readers_writer_lock.hpp>
#include <verdant/random.hpp>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <unordered_map>
#include <utility>

namespace verdant::hardware {

/// A mapper that remembers what another one found, by loop bounds and target. Callable from several threads at once: a hit takes a shared lock
/// on one of 16 parts; a miss is computed outside any lock, so that two threads may compute the same mapping once each, with equal results.
/// Copies share their memory, which grows by about 350 bytes a mapping and never shrinks but by `clear`. What throws is not remembered; failures are.
template <mapper Mapper = mapping_search>
class mapping_cache {
public:
    explicit mapping_cache(Mapper inner = {}) : inner_{std::move(inner)}, parts_{std::make_shared<std::array<part, part_count>>()} {}

    /// The mapping of `bounds` on `target`; throws what the inner mapper throws.
    [[nodiscard]] mapping_result operator()(const loop_bounds& bounds, const mapping_target& target) const {
        const key k{bounds, target};
        const std::size_t h = key_hash{}(k);
        // the table takes the low bits of the hash, the choice of part the high ones
        auto& p = (*parts_)[h >> (sizeof(std::size_t) * 8 - 4)];
        {
            const auto reading = p.lock.read();
            if (const auto found = p.known.find(hashed_key{k, h}); found != p.known.end()) return found->second;
        }
        auto result = static_cast<mapping_result>(inner_(bounds, target));
        const auto writing = p.lock.write();
        return p.known.try_emplace(hashed_key{k, h}, std::move(result)).first->second;
    }

    /// How many mappings are remembered.
    [[nodiscard]] std::size_t size() const {
        std::size_t n = 0;
        for (auto& p : *parts_) {
            const auto reading = p.lock.read();
            n += p.known.size();
        }
        return n;
    }

    /// Forgets everything; other threads may go on asking.
    void clear() {
        for (auto& p : *parts_) {
            const auto writing = p.lock.write();
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
        mutable verdant::detail::readers_writer_lock lock;
        std::unordered_map<hashed_key, mapping_result, stored_hash> known;
    };

    Mapper inner_;
    std::shared_ptr<std::array<part, part_count>> parts_;
};

static_assert(mapper<mapping_cache<>>);

} // namespace verdant::hardware
