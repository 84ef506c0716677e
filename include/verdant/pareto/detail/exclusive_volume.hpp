#pragma once

#include <verdant/pareto/detail/rank_columns.hpp>
#include <verdant/pareto/detail/staircase.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

namespace verdant::pareto::detail {

/// Volumes that a vector dominates and a set does not, in any number of dimensions from 3, on ranks with a table of the lengths they stand
/// for.
///
/// The box of the vector is first cut down by those of the set that exceed it in all coordinates but one. Only what of the others reaches
/// into the remaining box (the limit set of While, Bradstreet, Barone, "A fast way of calculating exact hypervolumes", IEEE TEC 16(1),
/// 2012, clipped to the vector) is looked at, in descending order of the last coordinate: each adds its own exclusive volume among those
/// before it in one dimension less, times its last coordinate (dimension sweep, as HV4D+ of Guerreiro and Fonseca, IEEE TEC 22(3), 2018).
/// Three dimensions end in a plane sweep.
template <class Rank>
class exclusive_volume {
public:
    using columns = rank_columns<Rank>;

    /// Prepares for `dimensions` >= 3; `lengths[j][r]` is the distance of rank r to the reference in coordinate j, with `lengths[j][0] ==
    /// 0`.
    void prepare(std::size_t dimensions, const std::vector<std::vector<double>>& lengths) {
        lengths_.clear();
        for (const auto& l : lengths) lengths_.push_back(l.data());
        if (levels_.size() < dimensions + 1) levels_.resize(dimensions + 1);
        zeros_.assign(dimensions, 0);
    }

    /// The set in `dimensions` coordinates that `operator()` and `add` work on.
    [[nodiscard]] columns& set(std::size_t dimensions) noexcept { return levels_[dimensions].set; }

    /// Volume that `row` adds to the set of that many dimensions.
    [[nodiscard]] double operator()(std::size_t dimensions, const Rank* row) { return dispatch(dimensions, row, zeros_.data()); }

    /// Puts `row`, which was last asked for and adds some volume, into the set, and takes out what it dominates.
    void add(std::size_t dimensions, const Rank* row) {
        auto& here = levels_[dimensions];
        here.set.erase(here.dominated);
        here.set.insert(row);
    }

private:
    struct level {
        columns set;
        std::vector<std::uint32_t> dominated;
        std::vector<Rank> limits;
    };

    static constexpr std::size_t most_unrolled = 6;

    double dispatch(std::size_t dimensions, const Rank* row, const Rank* floor) {
        switch (dimensions) {
        case 3: return exclusive<3>(3, row, floor);
        case 4: return exclusive<4>(4, row, floor);
        case 5: return exclusive<5>(5, row, floor);
        case most_unrolled: return exclusive<most_unrolled>(most_unrolled, row, floor);
        default: return exclusive<0>(dimensions, row, floor);
        }
    }

    /// `Fixed` is the number of dimensions where it is known to the compiler, else 0. Nothing at or below `floor` counts.
    template <std::size_t Fixed>
    double exclusive(std::size_t dimensions, const Rank* row, const Rank* outer_floor) {
        const std::size_t k = Fixed != 0 ? Fixed : dimensions;
        auto& here = levels_[k];
        here.dominated.clear();
        scratch<Rank, Fixed> floor(k);
        raise_floor<Fixed>(here.set, k, row, outer_floor, floor.data());
        double box = 1;
        for (std::size_t j = 0; j < k; ++j) {
            if (floor[j] >= row[j]) return 0;
            box *= lengths_[j][row[j]] - lengths_[j][floor[j]];
        }
        if constexpr (Fixed == 3) return box - sweep(here, row, floor.data());
        else return box - slice<Fixed>(here, k, row, floor.data());
    }

    template <class T, std::size_t Fixed>
    struct fixed_scratch : std::array<T, Fixed> {
        explicit fixed_scratch(std::size_t) {}
    };
    /// A number of values that is known to the compiler or not.
    template <class T, std::size_t Fixed>
    using scratch = std::conditional_t<Fixed == 0, std::vector<T>, fixed_scratch<T, Fixed>>;

    /// Where all other coordinates of a member reach those of `row`, it covers the box up to its own remaining coordinate.
    template <std::size_t Fixed>
    static void raise_floor(const columns& set, std::size_t dimensions, const Rank* row, const Rank* outer, Rank* floor) noexcept {
        const std::size_t k = Fixed != 0 ? Fixed : dimensions;
        using lanes = typename columns::lanes_type;
        scratch<lanes, Fixed> highest(k), mine(k), below(k);
        for (std::size_t j = 0; j < k; ++j) {
            highest[j] = columns::all(outer[j]);
            mine[j] = columns::all(row[j]);
        }
        for (std::size_t b = 0; b < set.blocks(); ++b) {
            lanes count{};
            for (std::size_t j = 0; j < k; ++j) {
                below[j] = set.block(b, j) < mine[j];
                count += below[j];
            }
            for (std::size_t j = 0; j < k; ++j) highest[j] = columns::larger(highest[j], set.block(b, j) & lanes(count == below[j]));
        }
        for (std::size_t j = 0; j < k; ++j) floor[j] = columns::largest(highest[j]);
    }

    /// Calls `visit(place)` for every member above `floor` in all coordinates, in their order.
    template <std::size_t Fixed, class Visit>
    static void each_above(const columns& set, std::size_t dimensions, const Rank* floor, Visit visit) {
        const std::size_t k = Fixed != 0 ? Fixed : dimensions;
        using lanes = typename columns::lanes_type;
        static_assert(std::endian::native == std::endian::little, "verdant: lanes are numbered from the low end; build for a little-endian target");
        constexpr auto lane_bits = 8 * sizeof(Rank);
        for (std::size_t b = 0; b < set.blocks(); ++b) {
            lanes above = set.block(b, 0) > columns::all(floor[0]);
            for (std::size_t j = 1; j < k; ++j) above &= set.block(b, j) > columns::all(floor[j]);
            std::uint64_t halves[2];
            std::memcpy(halves, &above, sizeof halves);
            for (std::size_t half = 0; half < 2; ++half)
                while (halves[half] != 0) {
                    const auto lane = static_cast<std::size_t>(std::countr_zero(halves[half])) / lane_bits;
                    halves[half] &= ~(((std::uint64_t{1} << (lane_bits - 1)) * 2 - 1) << lane * lane_bits);
                    visit(b * columns::lanes + half * (columns::lanes / 2) + lane);
                }
        }
    }

    /// The part of the box of `row` above `floor` that the set covers, in three dimensions.
    double sweep(level& here, const Rank* row, const Rank* floor) {
        stairs_.clear();
        const double bottom[3] = {lengths_[0][floor[0]], lengths_[1][floor[1]], lengths_[2][floor[2]]};
        double volume = 0, area = 0, height = 0;
        each_above<3>(here.set, 3, floor, [&](std::size_t place) {
            Rank clipped[3];
            bool dominated = true;
            for (std::size_t j = 0; j < 3; ++j) {
                const Rank rank = here.set.at(place, j);
                dominated &= rank <= row[j];
                clipped[j] = std::min(rank, row[j]);
            }
            if (dominated) here.dominated.push_back(static_cast<std::uint32_t>(place));
            const double z = lengths_[2][clipped[2]] - bottom[2];
            volume += area * (height - z);
            height = z;
            area += stairs_.insert(lengths_[0][clipped[0]] - bottom[0], lengths_[1][clipped[1]] - bottom[1]);
        });
        return volume + area * height;
    }

    /// The same in more dimensions, slice by slice of the last.
    template <std::size_t Fixed>
    double slice(level& here, std::size_t dimensions, const Rank* row, const Rank* floor) {
        const std::size_t k = Fixed != 0 ? Fixed : dimensions;
        auto& limits = here.limits;
        limits.clear();
        each_above<Fixed>(here.set, k, floor, [&](std::size_t place) {
            bool dominated = true;
            for (std::size_t j = 0; j < k; ++j) {
                const Rank rank = here.set.at(place, j);
                dominated &= rank <= row[j];
                limits.push_back(std::min(rank, row[j]));
            }
            if (dominated) here.dominated.push_back(static_cast<std::uint32_t>(place));
        });
        const std::size_t count = limits.size() / k;
        levels_[k - 1].set.reset(k - 1, count);
        double volume = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const Rank* limit = limits.data() + i * k;
            const double added = Fixed != 0 ? exclusive<(Fixed > 3 ? Fixed - 1 : 3)>(k - 1, limit, floor) : dispatch(k - 1, limit, floor);
            if (!(added > 0)) continue;
            volume += added * (lengths_[k - 1][limit[k - 1]] - lengths_[k - 1][floor[k - 1]]);
            add(k - 1, limit);
        }
        return volume;
    }

    std::vector<const double*> lengths_;
    std::vector<level> levels_;
    std::vector<Rank> zeros_;
    staircase stairs_;
};

} // namespace verdant::pareto::detail
