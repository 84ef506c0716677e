#pragma once

#include <verdant/error.hpp>
#include <verdant/space/point.hpp>
#include <verdant/surrogate/feature_rows.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// Points as features of a regressor: the index of each parameter's value in its domain, in the order of the parameters, neither scaled nor spread
/// over columns. Accel-NASBench encodes architectures in this way (surrogate_model.py, through ConfigSpace's get_array).
namespace verdant::surrogate {

/// Writes the indices of one point. @param out point<S>::size() numbers
/// @throws input_error where `out` has another length
template <search_space S>
void index_features(const point<S>& p, std::span<float> out) {
    require_features("index_features", p.size(), out.size());
    for (std::size_t i = 0; i < p.size(); ++i) out[i] = static_cast<float>(p[i]);
}

/// Writes the indices of many points, row by row. @param out points.size() * point<S>::size() numbers
/// @return the rows, in the memory of `out`
/// @throws input_error where `out` has another length
template <search_space S>
feature_rows index_features(std::span<const point<S>> points, std::span<float> out) {
    constexpr auto columns = point<S>::size();
    if (out.size() != points.size() * columns)
        throw input_error{"index_features", "numbers", std::to_string(points.size()) + " rows of " + std::to_string(columns),
                          std::to_string(out.size())};
    for (std::size_t r = 0; r < points.size(); ++r) index_features(points[r], out.subspan(r * columns, columns));
    return {out, columns};
}

/// How many values each parameter of a space has: the features of its points are whole numbers below these.
template <search_space S>
[[nodiscard]] std::vector<std::size_t> index_domains() {
    std::vector<std::size_t> sizes(point<S>::size());
    for (std::size_t p = 0; p < sizes.size(); ++p) sizes[p] = view_of<S>.domain_size(p);
    return sizes;
}

} // namespace verdant::surrogate
