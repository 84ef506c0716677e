#pragma once

#include <verdant/predictor/graph/detail/edge_kernels.hpp>

#include <cstddef>
#include <cstdint>

/// Sums, means and maxima over the edges of each target, or over the nodes of each graph, forwards and backwards, over plain memory.
namespace verdant::predictor::detail {

/// A row for each target from those of its sources.
template <class T>
struct sum_inputs {
    row_view rows;    ///< `sources` may be null, where the sources are rows in order
    std::size_t width;
    const T* weights; ///< of each number, or null for 1

    [[nodiscard]] std::size_t source(std::int32_t e) const { return static_cast<std::size_t>(rows.sources == nullptr ? e : rows.sources[e]); }
    [[nodiscard]] T weight(std::int32_t e) const {
        return weights == nullptr ? T{1} : weights[static_cast<std::size_t>(rows.numbers == nullptr ? e : rows.numbers[e])];
    }
};

/// What a row of the result is divided by.
template <class T>
[[nodiscard]] T row_share(const row_view& rows, std::size_t i, bool mean) {
    const auto n = rows.starts[i + 1] - rows.starts[i];
    return mean && n > 0 ? 1 / static_cast<T>(n) : T{1};
}

/// Sums or means; those of nothing are zeros. @param out zeros before
template <class T>
void add_up(const sum_inputs<T>& in, bool mean, const T* x, T* out) {
    for (std::size_t i = 0; i < in.rows.nodes; ++i) {
        T* const to = out + i * in.width;
        for (auto e = in.rows.starts[i]; e < in.rows.starts[i + 1]; ++e) add_scaled(to, in.weight(e), x + in.source(e) * in.width, in.width);
        if (const T share = row_share<T>(in.rows, i, mean); share != 1)
            for (std::size_t c = 0; c < in.width; ++c) to[c] *= share;
    }
}
template <class T>
void add_up_backwards(const sum_inputs<T>& in, bool mean, const T* of_out, T* of_x) {
    for (std::size_t i = 0; i < in.rows.nodes; ++i) {
        const T share = row_share<T>(in.rows, i, mean);
        for (auto e = in.rows.starts[i]; e < in.rows.starts[i + 1]; ++e)
            add_scaled(of_x + in.source(e) * in.width, share * in.weight(e), of_out + i * in.width, in.width);
    }
}

/// Maxima; those of nothing are 0. @param from the edge that each came from, -1 where there is none
template <class T>
void take_greatest(const sum_inputs<T>& in, const T* x, T* out, std::int32_t* from) {
    for (std::size_t i = 0; i < in.rows.nodes; ++i)
        for (std::size_t c = 0; c < in.width; ++c) {
            std::int32_t best = -1;
            T most = 0;
            for (auto e = in.rows.starts[i]; e < in.rows.starts[i + 1]; ++e)
                if (const T value = in.weight(e) * x[in.source(e) * in.width + c]; best < 0 || value > most) best = e, most = value;
            out[i * in.width + c] = most;
            from[i * in.width + c] = best;
        }
}
template <class T>
void take_greatest_backwards(const sum_inputs<T>& in, const T* of_out, const std::int32_t* from, T* of_x) {
    for (std::size_t i = 0; i < in.rows.nodes * in.width; ++i)
        if (from[i] >= 0) of_x[in.source(from[i]) * in.width + i % in.width] += in.weight(from[i]) * of_out[i];
}

} // namespace verdant::predictor::detail
