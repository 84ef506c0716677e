#pragma once

// BERT, ViT and Llama once more in plain loops over doubles, written from the papers, to check the library's against.

#include <verdant/nn/models/bert.hpp>
#include <verdant/nn/models/llama.hpp>
#include <verdant/nn/models/vit.hpp>

#include <cmath>
#include <cstddef>
#include <functional>
#include <vector>

namespace naive {

using row = std::vector<double>;
using rows = std::vector<row>;

inline row flat(const at::Tensor& t) {
    const auto c = t.detach().to(at::kDouble).contiguous();
    return {c.data_ptr<double>(), c.data_ptr<double>() + c.numel()};
}

/// y = W x + b for each row; an empty bias is none.
inline rows linear(const rows& x, const at::Tensor& weight, const row& bias = {}) {
    const auto w = flat(weight);
    const auto out = static_cast<std::size_t>(weight.size(0)), in = static_cast<std::size_t>(weight.size(1));
    rows y;
    for (const auto& from : x) {
        row to(out);
        for (std::size_t o = 0; o < out; ++o) {
            double sum = bias.empty() ? 0 : bias[o];
            for (std::size_t i = 0; i < in; ++i) sum += w[o * in + i] * from[i];
            to[o] = sum;
        }
        y.push_back(to);
    }
    return y;
}
inline rows linear(const rows& x, const verdant::nn::affine& a) { return linear(x, a.weight, flat(a.bias)); }

inline rows add(rows a, const rows& b) {
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t j = 0; j < a[i].size(); ++j) a[i][j] += b[i][j];
    return a;
}

inline rows each(rows x, const std::function<double(double)>& f) {
    for (auto& r : x)
        for (auto& v : r) v = f(v);
    return x;
}

inline double gelu(double x) { return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0))); }
inline double silu(double x) { return x / (1 + std::exp(-x)); }

inline rows layer_norm(rows x, const verdant::nn::affine& n) {
    const auto gain = flat(n.weight), shift = flat(n.bias);
    for (auto& r : x) {
        double mean = 0, variance = 0;
        for (const double v : r) mean += v / static_cast<double>(r.size());
        for (const double v : r) variance += (v - mean) * (v - mean) / static_cast<double>(r.size());
        for (std::size_t j = 0; j < r.size(); ++j) r[j] = (r[j] - mean) / std::sqrt(variance + 1e-12) * gain[j] + shift[j];
    }
    return x;
}

inline rows rms_norm(rows x, const at::Tensor& weight, double epsilon) {
    const auto gain = flat(weight);
    for (auto& r : x) {
        double square = 0;
        for (const double v : r) square += v * v / static_cast<double>(r.size());
        for (std::size_t j = 0; j < r.size(); ++j) r[j] *= gain[j] / std::sqrt(square + epsilon);
    }
    return x;
}

/// Head h of the queries reads head h / shared of keys and values; `reads(i, j)` tells whether token i sees token j.
inline rows attention(const rows& q, const rows& k, const rows& v, std::size_t heads, std::size_t shared,
                      const std::function<bool(std::size_t, std::size_t)>& reads) {
    const std::size_t n = q.size(), d = q[0].size() / heads;
    rows out(n, row(q[0].size()));
    for (std::size_t h = 0; h < heads; ++h) {
        const std::size_t own = h * d, other = h / shared * d;
        for (std::size_t i = 0; i < n; ++i) {
            row weight(n);
            double sum = 0;
            for (std::size_t j = 0; j < n; ++j) {
                if (!reads(i, j)) continue;
                double score = 0;
                for (std::size_t c = 0; c < d; ++c) score += q[i][own + c] * k[j][other + c];
                sum += weight[j] = std::exp(score / std::sqrt(static_cast<double>(d)));
            }
            for (std::size_t j = 0; j < n; ++j)
                for (std::size_t c = 0; c < d && reads(i, j); ++c) out[i][own + c] += weight[j] / sum * v[j][other + c];
        }
    }
    return out;
}

inline rows self_attention(const verdant::nn::encoder_layer& l, const rows& x, int heads,
                           const std::function<bool(std::size_t, std::size_t)>& reads) {
    return linear(attention(linear(x, l.query), linear(x, l.key), linear(x, l.value), static_cast<std::size_t>(heads), 1, reads), l.attention_output);
}

/// Scores of one text. `attended[i]` tells whether token i is none of the padding.
inline row logits(const verdant::nn::bert& m, const std::vector<int>& ids, const std::vector<bool>& attended, const std::vector<int>& types) {
    const auto words = flat(m.word_embeddings), places = flat(m.position_embeddings), segments = flat(m.token_type_embeddings);
    const auto width = static_cast<std::size_t>(m.config.width);
    rows x;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        row r(width);
        for (std::size_t j = 0; j < width; ++j)
            r[j] = words[static_cast<std::size_t>(ids[i]) * width + j] + places[i * width + j] +
                   segments[static_cast<std::size_t>(types[i]) * width + j];
        x.push_back(r);
    }
    x = layer_norm(x, m.embedding_norm);
    for (const auto& l : m.layers) {
        x = layer_norm(add(x, self_attention(l, x, m.config.heads, [&](std::size_t, std::size_t j) { return attended[j]; })), l.attention_norm);
        x = layer_norm(add(x, linear(each(linear(x, l.intermediate), gelu), l.output)), l.output_norm);
    }
    return linear(each(linear({x[0]}, m.pooler), [](double v) { return std::tanh(v); }), m.classifier)[0];
}

/// Scores of one image, [channels, S, S].
inline row logits(const verdant::nn::vit& m, const at::Tensor& image) {
    const auto pixels = flat(image), kernel = flat(m.patch_embeddings.weight), bias = flat(m.patch_embeddings.bias),
               places = flat(m.position_embeddings);
    const auto size = [](int n) { return static_cast<std::size_t>(n); };
    const std::size_t width = size(m.config.width), side = size(m.config.image), patch = size(m.config.patch), channels = size(m.config.channels);
    rows x{flat(m.cls_token)};
    for (std::size_t top = 0; top < side; top += patch)
        for (std::size_t left = 0; left < side; left += patch) {
            row r(width);
            for (std::size_t e = 0; e < width; ++e) {
                r[e] = bias[e];
                for (std::size_t c = 0; c < channels; ++c)
                    for (std::size_t y = 0; y < patch; ++y)
                        for (std::size_t z = 0; z < patch; ++z)
                            r[e] += kernel[((e * channels + c) * patch + y) * patch + z] * pixels[(c * side + top + y) * side + left + z];
            }
            x.push_back(r);
        }
    for (std::size_t i = 0; i < x.size(); ++i)
        for (std::size_t j = 0; j < width; ++j) x[i][j] += places[i * width + j];
    for (const auto& l : m.layers) {
        x = add(x, self_attention(l, layer_norm(x, l.attention_norm), m.config.heads, [](std::size_t, std::size_t) { return true; }));
        x = add(x, linear(each(linear(layer_norm(x, l.output_norm), l.intermediate), gelu), l.output));
    }
    return linear(layer_norm({x[0]}, m.norm), m.classifier)[0];
}

/// Channels i and i + d/2 of each head of token n as one complex number, times e^(i n base^(-2i/d)).
inline rows rotated(rows x, std::size_t heads, double base) {
    const std::size_t d = x[0].size() / heads;
    for (std::size_t n = 0; n < x.size(); ++n)
        for (std::size_t h = 0; h < heads; ++h)
            for (std::size_t i = 0; i < d / 2; ++i) {
                const double angle = static_cast<double>(n) * std::pow(base, -2.0 * static_cast<double>(i) / static_cast<double>(d));
                double &re = x[n][h * d + i], &im = x[n][h * d + i + d / 2];
                const double turned = re * std::cos(angle) - im * std::sin(angle);
                im = re * std::sin(angle) + im * std::cos(angle);
                re = turned;
            }
    return x;
}

/// Scores of one text: of the last token that is attended.
inline row logits(const verdant::nn::llama& m, const std::vector<int>& ids, const std::vector<bool>& attended) {
    const auto& c = m.config;
    const auto words = flat(m.embed_tokens);
    const auto width = static_cast<std::size_t>(c.width), heads = static_cast<std::size_t>(c.heads),
               narrow = static_cast<std::size_t>(c.key_value_heads);
    rows x;
    std::size_t last = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto first = words.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(ids[i]) * width);
        x.emplace_back(first, first + static_cast<std::ptrdiff_t>(width));
        if (attended[i]) last = i;
    }
    for (const auto& l : m.layers) {
        const auto read = rms_norm(x, l.input_norm, c.norm_epsilon);
        const auto q = rotated(linear(read, l.q_proj), heads, c.rotary_base), k = rotated(linear(read, l.k_proj), narrow, c.rotary_base);
        const auto mixed =
            attention(q, k, linear(read, l.v_proj), heads, heads / narrow, [&](std::size_t i, std::size_t j) { return j <= i && attended[j]; });
        x = add(x, linear(mixed, l.o_proj));
        const auto normed = rms_norm(x, l.post_attention_norm, c.norm_epsilon);
        auto gate = each(linear(normed, l.gate_proj), silu);
        const auto up = linear(normed, l.up_proj);
        for (std::size_t i = 0; i < gate.size(); ++i)
            for (std::size_t j = 0; j < gate[i].size(); ++j) gate[i][j] *= up[i][j];
        x = add(x, linear(gate, l.down_proj));
    }
    return linear(rms_norm({x[last]}, m.norm, c.norm_epsilon), m.score)[0];
}

} // namespace naive
