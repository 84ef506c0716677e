#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

/// The library's random streams, which are derived from numbers.
namespace verdant {

/// One step of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): a bijection of 64 bits that mixes well.
[[nodiscard]] constexpr std::uint64_t splitmix64(std::uint64_t x) noexcept {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

/// A stream of random numbers that gives the same values on every platform: xoshiro256++ (Blackman and Vigna, ACM TOMS 2021)
/// seeded through SplitMix64. Its four words are its whole state, so a stream can be stored and continued.
/// Standard distributions are implementation-defined; use the members here where reproducibility matters.
class random_stream {
public:
    using result_type = std::uint64_t;

    constexpr explicit random_stream(std::uint64_t seed = 0) noexcept {
        for (auto& word : state_) {
            word = splitmix64(seed);
            seed += 0x9e3779b97f4a7c15ULL;
        }
    }

    /// The stream of trial `index` in a run with `seed`: independent of every other index and of the run's own stream.
    [[nodiscard]] static constexpr random_stream derive(std::uint64_t seed, std::uint64_t index) noexcept {
        return random_stream{derived_seed(seed, index)};
    }
    /// The seed of that stream.
    [[nodiscard]] static constexpr std::uint64_t derived_seed(std::uint64_t seed, std::uint64_t index) noexcept {
        return splitmix64(splitmix64(seed ^ 0x6a09e667f3bcc909ULL) + splitmix64(index));
    }

    [[nodiscard]] static constexpr result_type min() noexcept { return 0; }
    [[nodiscard]] static constexpr result_type max() noexcept { return ~result_type{0}; }

    constexpr result_type operator()() noexcept {
        const auto result = std::rotl(state_[0] + state_[3], 23) + state_[0];
        const auto t = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= t;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }

    /// Uniform in [0, 1) with 53 bits.
    constexpr double uniform() noexcept { return static_cast<double>((*this)() >> 11) * 0x1.0p-53; }

    /// Uniform in [low, high).
    constexpr double uniform(double low, double high) noexcept { return low + (high - low) * uniform(); }

    /// Uniform in {0, ..., bound - 1}, without bias (rejection). @pre bound > 0
    constexpr std::uint64_t below(std::uint64_t bound) noexcept {
        const auto threshold = (0 - bound) % bound;
        for (;;) {
            const auto x = (*this)();
            if (x >= threshold) return x % bound;
        }
    }

    /// True with the given probability.
    constexpr bool chance(double probability) noexcept { return uniform() < probability; }

    /// Fisher-Yates shuffle.
    template <class T>
    constexpr void shuffle(std::span<T> values) noexcept {
        for (auto i = values.size(); i > 1; --i) std::swap(values[i - 1], values[static_cast<std::size_t>(below(i))]);
    }

    /// The four words of state, to store a stream and continue it.
    [[nodiscard]] constexpr const std::array<std::uint64_t, 4>& state() const noexcept { return state_; }
    constexpr void restore(std::span<const std::uint64_t, 4> words) noexcept {
        for (std::size_t i = 0; i < 4; ++i) state_[i] = words[i];
    }

    friend constexpr bool operator==(const random_stream&, const random_stream&) = default;

private:
    std::array<std::uint64_t, 4> state_{};
};

} // namespace verdant
