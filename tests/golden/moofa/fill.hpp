#pragma once

// The numbers that stand for weights and images in these goldens, so that none need to be shipped.

#include <verdant/nn/core/prelude.hpp>
#include <verdant/meta/fnv1a.hpp>
#include <verdant/nn/models/net_state.hpp>

#include "golden/golden.hpp"

#include <ATen/ops/empty.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace golden {

namespace nn = verdant::nn;
namespace io = verdant::io;
namespace spaces = verdant::spaces;
namespace supernet = verdant::supernet;

/// Uniform numbers of [0, 1) that depend on a name alone: splitmix64 from the name's FNV-1a hash.
class named_stream {
public:
    explicit named_stream(std::string_view name) : state_{verdant::fnv1a::of(name)} {}
    double operator()() {
        state_ += 0x9E3779B97F4A7C15U;
        auto z = state_;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        z ^= z >> 31U;
        return static_cast<double>(z >> 11U) * 0x1p-53;
    }

private:
    std::uint64_t state_;
};

/// An image batch of that name.
inline at::Tensor named_images(const std::string& name, const std::vector<std::int64_t>& shape) {
    auto out = at::empty(shape, at::kFloat);
    named_stream next{name};
    auto* const to = out.data_ptr<float>();
    for (std::int64_t i = 0; i < out.numel(); ++i) to[i] = static_cast<float>((next() - 0.5) * 4);
    return out;
}

/// The images that a golden names, in one of its spellings `det_input("OFA/x128",(1,3,128,128))`, `det_input tr/x (8,3,64,64)`, and, in a list after
/// such a one, `tr/x (8,...)`: the other axes are those of `before`.
inline at::Tensor listed_images(const std::string& text, at::IntArrayRef before = {}) {
    const auto open = text.find_last_of('('), close = text.find(')', open);
    const std::string start = text.starts_with("det_input") ? "det_input" : "";
    if ((start.empty() && before.empty()) || open == std::string::npos || close == std::string::npos)
        throw std::runtime_error{"golden: expected det_input name (shape), found " + text};
    std::string name;
    for (const char c : text.substr(start.size(), open - start.size()))
        if (c != ' ' && c != '"' && c != '(' && c != ',') name += c;
    std::vector<std::int64_t> shape;
    std::istringstream numbers{text.substr(open + 1, close - open - 1)};
    for (std::string extent; std::getline(numbers, extent, ',');) {
        if (extent.find("...") != std::string::npos) {
            while (shape.size() < before.size()) shape.push_back(before[shape.size()]);
            break;
        }
        shape.push_back(std::stoll(extent));
    }
    return named_images(name, shape);
}
inline at::Tensor named_images(const std::string& text) { return listed_images(text); }

struct gains {
    double convolution = 4, linear = 4;
};

/// Fills every tensor of a net, also in 64 bits.
template <nn::convolutional_net Net>
void fill_by_name(Net& net, const std::string& prefix, const gains& gain) {
    for_each_tensor(net, [&](const std::string& name, at::Tensor& t, bool) {
        if (name.ends_with("num_batches_tracked")) {
            t.zero_();
            return;
        }
        const auto ends = [&name](std::string_view end) { return name.ends_with(end); };
        double slope = 0.2, middle = 0;
        if (ends("running_mean")) middle = 0;
        else if (ends("running_var")) slope = 1, middle = 1;
        else if (ends("_matrix")) middle = 0;
        else if (t.dim() == 4) slope = 2 * std::sqrt(gain.convolution / static_cast<double>(t.size(1) * t.size(2) * t.size(3)));
        else if (t.dim() == 2) slope = 2 * gain.linear * std::sqrt(3.0 / static_cast<double>(t.size(1)));
        else if (ends("weight")) slope = 1, middle = 1;
        auto values = at::empty(t.sizes(), at::kFloat);
        named_stream next{prefix + name};
        auto* const to = values.template data_ptr<float>();
        const std::int64_t count = t.numel(), diagonal = ends("_matrix") ? t.size(1) + 1 : 0;
        if (diagonal != 0)
            for (std::int64_t i = 0; i < count; ++i) to[i] = static_cast<float>((i % diagonal == 0 ? 1 : 0) + (next() - 0.5) * slope);
        else
            for (std::int64_t i = 0; i < count; ++i) to[i] = static_cast<float>(middle + (next() - 0.5) * slope);
        t.copy_(values);
    });
}

/// A sub-network of a golden, in the raw form.
template <class Arch>
Arch raw_arch(const json& j) {
    Arch a{};
    for (std::size_t i = 0; i < a.ks.size(); ++i) a.ks[i] = j.at("ks").at(i).get<int>();
    for (std::size_t i = 0; i < a.e.size(); ++i) a.e[i] = j.at("e").at(i).get<double>();
    for (std::size_t i = 0; i < a.d.size(); ++i) a.d[i] = j.at("d").at(i).get<int>();
    a.image_size = j.value("image_size", 224);
    return a;
}

/// Rows of numbers as a tensor.
inline at::Tensor rows(const json& j) {
    const auto values = j.get<std::vector<std::vector<double>>>();
    auto out = at::empty({static_cast<std::int64_t>(values.size()), static_cast<std::int64_t>(values.front().size())}, at::kDouble);
    auto* to = out.data_ptr<double>();
    for (const auto& line : values)
        for (const double v : line) *to++ = v;
    return out;
}

/// Largest difference, as a share of the mean size of what is expected; infinite where shapes differ.
inline double relative_difference(const at::Tensor& expected, const at::Tensor& found) {
    if (expected.sizes() != found.sizes()) return std::numeric_limits<double>::infinity();
    const auto wanted = expected.to(at::kDouble);
    return ((wanted - found.detach().to(at::kDouble)).abs().max() / wanted.abs().mean().clamp_min(1e-30)).item<double>();
}

/// One row: a tensor that must agree to the summary's tolerance, relative to its mean size.
inline void compare_scaled(summary& s, const std::string& what, const at::Tensor& expected, const at::Tensor& found) {
    s.next_row();
    s.compare(what, 0, relative_difference(expected, found));
}

} // namespace golden
