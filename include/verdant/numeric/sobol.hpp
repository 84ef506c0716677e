#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/random/stream.hpp>

#include <boost/random/detail/sobol_table.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace verdant::surrogate {

namespace detail {

/// Bits of a coordinate of a Sobol sequence.
inline constexpr unsigned sobol_bits = 32;

/// The recurrence of the directions over the coefficients of a primitive polynomial (Bratley and Fox, ACM TOMS algorithm 659, section 2). Only
/// Boost's table is used, since its engine takes more than a second to compile.
template <class = instantiated_when_used>
void write_plain_directions(std::size_t n, std::span<std::uint32_t> directions) {
    using table = boost::random::detail::qrng_tables::sobol;
    for (std::size_t d = 0; d < n; ++d) {
        const auto m = [&](unsigned j) -> std::uint32_t& { return directions[j * n + d]; };
        const auto polynomial = d == 0 ? 1U : static_cast<std::uint32_t>(table::polynomial(d - 1));
        const auto degree = static_cast<unsigned>(std::bit_width(polynomial)) - 1;
        for (unsigned j = 0; j < sobol_bits; ++j) {
            if (d == 0) m(j) = 1;
            else if (j < degree) m(j) = static_cast<std::uint32_t>(table::minit(d - 1, j));
            else {
                m(j) = m(j - degree);
                for (unsigned back = degree; back > 0; --back)
                    if ((polynomial >> (degree - back) & 1U) != 0) m(j) ^= m(j - back) << back;
            }
        }
        for (unsigned j = 0; j < sobol_bits; ++j) m(j) <<= sobol_bits - 1 - j;
    }
}

/// Writes the scrambled directions, row by bit, and the shift of each dimension.
template <class = instantiated_when_used>
void write_scrambled_directions(random_stream& random, std::span<std::uint32_t> directions, std::span<std::uint32_t> shift) {
    constexpr std::uint32_t top = 1U << 31U;
    const auto dimensions = shift.size();
    write_plain_directions(dimensions, directions);
    std::uint32_t rows[sobol_bits];
    for (std::size_t d = 0; d < dimensions; ++d) {
        // Row i keeps bit i from the top and mixes in bits above it.
        for (unsigned i = 0; i < sobol_bits; ++i) {
            const auto above = i == 0 ? 0U : ~std::uint32_t{0} << (sobol_bits - i);
            rows[i] = (static_cast<std::uint32_t>(random() >> 32U) & above) | (top >> i);
        }
        shift[d] = static_cast<std::uint32_t>(random() >> 32U);
        for (unsigned j = 0; j < sobol_bits; ++j) {
            const auto plain = directions[j * dimensions + d];
            std::uint32_t mixed = 0;
            for (unsigned i = 0; i < sobol_bits; ++i) mixed |= (static_cast<unsigned>(std::popcount(rows[i] & plain)) & 1U) << (sobol_bits - 1 - i);
            directions[j * dimensions + d] = mixed;
        }
    }
}
VERDANT_DEFINED_ONCE(void write_scrambled_directions<>(random_stream&, std::span<std::uint32_t>, std::span<std::uint32_t>));

} // namespace detail

/// A scrambled Sobol sequence: directions of Joe and Kuo (SIAM J. Sci. Comput. 30, 2008; the table of Boost.Random), a random lower triangular
/// matrix and a random digital shift for each dimension (Matousek, J. Complexity 14, 1998). Any 2^k points that begin at a multiple of 2^k put
/// one point into each interval of length 2^-k of each coordinate, whatever the scrambling.
class sobol_sequence {
public:
    /// Longest point that there are directions for.
    static constexpr std::size_t max_dimensions = 3667;

    /// @param random drawn from for the scrambling only: equal streams give equal sequences
    /// Throws input_error for 0 or more than `max_dimensions` dimensions.
    sobol_sequence(std::size_t dimensions, random_stream& random)
        : shift_(checked(dimensions)), directions_(dimensions * bits), state_(dimensions, 0) {
        detail::write_scrambled_directions(random, directions_, shift_);
    }

    [[nodiscard]] std::size_t dimensions() const noexcept { return shift_.size(); }
    /// Number of points given so far.
    [[nodiscard]] std::uint32_t position() const noexcept { return position_; }

    /// Writes the next point, each coordinate in (0, 1). @pre out has `dimensions()` numbers; fewer than 2^32 - 1 points were taken
    void next(std::span<double> out) noexcept {
        for (std::size_t d = 0; d < shift_.size(); ++d) out[d] = (static_cast<double>(state_[d] ^ shift_[d]) + 0.5) * 0x1.0p-32;
        // Gray code: the step to the next point changes one direction only (Antonov and Saleev 1979).
        const auto* direction = directions_.data() + static_cast<std::size_t>(std::countr_one(position_++)) * shift_.size();
        for (std::size_t d = 0; d < shift_.size(); ++d) state_[d] ^= direction[d];
    }

    /// Passes over points.
    void discard(std::uint32_t points) noexcept {
        position_ += points;
        const auto gray = position_ ^ (position_ >> 1U);
        for (std::size_t d = 0; d < shift_.size(); ++d) {
            state_[d] = 0;
            for (unsigned j = 0; j < bits; ++j)
                if ((gray >> j & 1U) != 0) state_[d] ^= directions_[j * shift_.size() + d];
        }
    }

private:
    static constexpr auto bits = detail::sobol_bits;

    [[nodiscard]] static std::size_t checked(std::size_t dimensions) {
        if (dimensions == 0 || dimensions > max_dimensions)
            throw input_error{"Sobol sequence", "dimensions", "1 to " + std::to_string(max_dimensions), std::to_string(dimensions)};
        return dimensions;
    }

    std::vector<std::uint32_t> shift_, directions_, state_; ///< directions: row by bit
    std::uint32_t position_ = 0;
};

} // namespace verdant::surrogate
