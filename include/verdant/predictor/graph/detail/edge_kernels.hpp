#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

/// Attention and sums over the edges of a graph, forwards and backwards, over plain memory. Sums are formed in one order, so that the same numbers
/// give the same bits.
namespace verdant::predictor::detail {

/// As many numbers as fit a vector register that all processors of a kind have.
template <class T>
struct lanes {
    typedef T type __attribute__((vector_size(16))); // NOLINT(modernize-use-using): the attribute of an alias template is ignored
    static constexpr std::size_t count = 16 / sizeof(T);

    [[nodiscard]] static type load(const T* from) {
        type v;
        std::memcpy(&v, from, sizeof v);
        return v;
    }
    static void store(T* to, type v) { std::memcpy(to, &v, sizeof v); }
    [[nodiscard]] static T sum(type v) {
        T total = v[0];
        for (std::size_t i = 1; i < count; ++i) total += v[i];
        return total;
    }
};

template <class T>
[[nodiscard]] T dot(const T* a, const T* b, std::size_t n) {
    using v = lanes<T>;
    typename v::type even{}, odd{};
    std::size_t i = 0;
    for (; i + 2 * v::count <= n; i += 2 * v::count) {
        even += v::load(a + i) * v::load(b + i);
        odd += v::load(a + i + v::count) * v::load(b + i + v::count);
    }
    T total = v::sum(even + odd);
    for (; i < n; ++i) total += a[i] * b[i];
    return total;
}

/// to += factor * from
template <class T>
void add_scaled(T* to, T factor, const T* from, std::size_t n) {
    using v = lanes<T>;
    std::size_t i = 0;
    for (; i + v::count <= n; i += v::count) v::store(to + i, v::load(to + i) + factor * v::load(from + i));
    for (; i < n; ++i) to[i] += factor * from[i];
}

/// The rows of a graph.
struct row_view {
    std::size_t nodes;
    const std::int32_t *starts, *sources, *numbers; ///< `numbers` may be null
};

/// Attention along edges: shares by `attention` times the leaky sum of a key of the source, one of the target, and one of the edge, where there are
/// such.
template <class T>
struct attention_inputs {
    row_view rows;
    std::size_t heads, keys, channels;
    T slope;
    const T *attention;               ///< [heads, keys]
    const T *left, *right, *edge;     ///< [nodes, heads * keys] of sources and of targets, [numbers, heads * keys] of edges or null
    const T *values;                  ///< [nodes, heads * channels], of which the shares are taken

    /// The key of an edge, or null.
    [[nodiscard]] const T* of_edge(std::int32_t e) const {
        return edge == nullptr ? nullptr : edge + static_cast<std::size_t>(rows.numbers == nullptr ? e : rows.numbers[e]) * heads * keys;
    }
};

/// The sum over channels of attention * leaky(a + b + c).
template <class T>
[[nodiscard]] T attention_score(const T* weight, const T* a, const T* b, const T* c, T slope, std::size_t n) {
    using v = lanes<T>;
    typename v::type sums{};
    std::size_t i = 0;
    for (; i + v::count <= n; i += v::count) {
        auto m = v::load(a + i) + v::load(b + i);
        if (c != nullptr) m += v::load(c + i);
        sums += v::load(weight + i) * (m > 0 ? m : slope * m);
    }
    T total = v::sum(sums);
    for (; i < n; ++i) {
        T m = a[i] + b[i];
        if (c != nullptr) m += c[i];
        total += weight[i] * (m > 0 ? m : slope * m);
    }
    return total;
}

/// Scores of a row to shares that add up to 1, as PyTorch-Geometric computes them: torch_geometric/utils/softmax.py.
template <class T>
void softmax_row(T* scores, std::size_t n, std::size_t stride) {
    T most = -std::numeric_limits<T>::infinity(), sum = 0;
    for (std::size_t e = 0; e < n; ++e) most = std::max(most, scores[e * stride]);
    for (std::size_t e = 0; e < n; ++e) sum += scores[e * stride] = std::exp(scores[e * stride] - most);
    for (std::size_t e = 0; e < n; ++e) scores[e * stride] /= sum + static_cast<T>(1e-16);
}

/// @param alpha [edges, heads] @param out [nodes, heads * channels], zeros before
template <class T>
void attend(const attention_inputs<T>& in, T* alpha, T* out) {
    const auto wide = in.heads * in.keys, width = in.heads * in.channels;
    for (std::size_t i = 0; i < in.rows.nodes; ++i) {
        const auto first = in.rows.starts[i], last = in.rows.starts[i + 1];
        for (std::size_t h = 0; h < in.heads; ++h) {
            const auto key = h * in.keys;
            for (auto e = first; e < last; ++e) {
                const T* const edge = in.of_edge(e);
                alpha[static_cast<std::size_t>(e) * in.heads + h] =
                    attention_score(in.attention + key, in.left + static_cast<std::size_t>(in.rows.sources[e]) * wide + key, in.right + i * wide + key,
                                    edge == nullptr ? nullptr : edge + key, in.slope, in.keys);
            }
            softmax_row(alpha + static_cast<std::size_t>(first) * in.heads + h, static_cast<std::size_t>(last - first), in.heads);
            for (auto e = first; e < last; ++e)
                add_scaled(out + i * width + h * in.channels, alpha[static_cast<std::size_t>(e) * in.heads + h],
                           in.values + static_cast<std::size_t>(in.rows.sources[e]) * width + h * in.channels, in.channels);
        }
    }
}

/// Gradients of `attend`; all are zeros before, `edge` may be null, and those of values and left keys may be the same where these are.
template <class T>
struct attention_gradients {
    T *attention, *left, *right, *edge, *values;
};

/// The gradient of one score with respect to its terms. @param edge may be null, as may c
template <class T>
void add_score_gradient(const T* weight, const T* a, const T* b, const T* c, T slope, T of_score, T* of_weight, T* of_a, T* of_b, T* of_edge,
                        std::size_t n) {
    using v = lanes<T>;
    std::size_t i = 0;
    for (; i + v::count <= n; i += v::count) {
        auto m = v::load(a + i) + v::load(b + i);
        if (c != nullptr) m += v::load(c + i);
        const typename v::type leaky = m > 0 ? m : slope * m;
        const typename v::type through = of_score * v::load(weight + i);
        const typename v::type d = m > 0 ? through : slope * through;
        v::store(of_weight + i, v::load(of_weight + i) + of_score * leaky);
        v::store(of_a + i, v::load(of_a + i) + d);
        v::store(of_b + i, v::load(of_b + i) + d);
        if (of_edge != nullptr) v::store(of_edge + i, v::load(of_edge + i) + d);
    }
    for (; i < n; ++i) {
        T m = a[i] + b[i];
        if (c != nullptr) m += c[i];
        const T d = of_score * weight[i] * (m > 0 ? T{1} : slope);
        of_weight[i] += of_score * (m > 0 ? m : slope * m);
        of_a[i] += d;
        of_b[i] += d;
        if (of_edge != nullptr) of_edge[i] += d;
    }
}

/// @param alpha as `attend` wrote it @param of_out the gradient with respect to its result
template <class T>
void attend_backwards(const attention_inputs<T>& in, const T* alpha, const T* of_out, const attention_gradients<T>& to) {
    const auto wide = in.heads * in.keys, width = in.heads * in.channels;
    std::vector<T> of_alpha;
    for (std::size_t i = 0; i < in.rows.nodes; ++i) {
        const auto first = in.rows.starts[i], last = in.rows.starts[i + 1];
        of_alpha.resize(static_cast<std::size_t>(last - first));
        for (std::size_t h = 0; h < in.heads; ++h) {
            const auto key = h * in.keys, value = h * in.channels;
            const T* const incoming = of_out + i * width + value;
            T mean = 0;
            for (auto e = first; e < last; ++e) {
                const auto source = static_cast<std::size_t>(in.rows.sources[e]) * width + value;
                const T share = alpha[static_cast<std::size_t>(e) * in.heads + h];
                auto& d = of_alpha[static_cast<std::size_t>(e - first)] = dot(incoming, in.values + source, in.channels);
                mean += share * d;
                add_scaled(to.values + source, share, incoming, in.channels);
            }
            for (auto e = first; e < last; ++e) {
                const auto source = static_cast<std::size_t>(in.rows.sources[e]) * wide + key, target = i * wide + key;
                const T of_score = alpha[static_cast<std::size_t>(e) * in.heads + h] * (of_alpha[static_cast<std::size_t>(e - first)] - mean);
                const T* const edge = in.of_edge(e);
                T* const of_edge = to.edge == nullptr || edge == nullptr ? nullptr : to.edge + (edge - in.edge) + key;
                add_score_gradient(in.attention + key, in.left + source, in.right + target, edge == nullptr ? nullptr : edge + key, in.slope, of_score,
                                   to.attention + key, to.left + source, to.right + target, of_edge, in.keys);
            }
        }
    }
}

} // namespace verdant::predictor::detail
