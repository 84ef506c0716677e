#pragma once

#include <verdant/error.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/perceptron/dense_layer.hpp>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A trained multilayer perceptron.
namespace verdant::surrogate {

namespace detail {

/// The numbers in a name such as `layers.0.0.weight`, by which layers are ordered.
[[nodiscard]] inline std::vector<std::uint64_t> numbers_in(std::string_view name) {
    std::vector<std::uint64_t> found;
    bool inside = false;
    for (const char c : name) {
        const bool digit = std::isdigit(static_cast<unsigned char>(c)) != 0;
        if (digit && !inside) found.push_back(0);
        if (digit) found.back() = found.back() * 10 + static_cast<std::uint64_t>(c - '0');
        inside = digit;
    }
    return found;
}

} // namespace detail

/// A perceptron with rectified layers and one plain output: y = offset + w_L relu(... relu(W_0 x + b_0)). Immutable, so that any number of threads
/// may use it, each with its own workspace.
class mlp {
public:
    /// Room for the layers' results; grows at first use.
    class workspace {
        friend mlp;
        std::vector<float> even_, odd_;
    };

    /// Throws input_error unless each layer takes what the one before gives and the last gives one number.
    explicit mlp(std::vector<dense_layer> layers, float offset = 0) : layers_{std::move(layers)}, offset_{offset} {
        if (layers_.empty() || layers_.back().outputs() != 1) throw input_error{"perceptron", "last layer", "one output", "another number"};
        for (std::size_t l = 1; l < layers_.size(); ++l)
            if (layers_[l].inputs() != layers_[l - 1].outputs())
                throw input_error{"perceptron", "layer " + std::to_string(l), std::to_string(layers_[l - 1].outputs()) + " inputs",
                                  std::to_string(layers_[l].inputs())};
    }

    /// A trained network of a file: `<number...>.weight` and, where there is one, `.bias` of each layer in the order of the numbers, and `base_acc`,
    /// the offset. That covers the accuracy predictors of MOOFA (`layers.0.0.weight`, ..., `layers.3.weight`) and of Once-for-All (`0.weight`,
    /// `2.weight`, ...). Throws input_error that names the file and the tensor which does not fit, or is missing: all layers but the
    /// last have a bias, or none has.
    template <class = instantiated_when_used>
    [[nodiscard]] static mlp from(const io::named_tensors& tensors);

    [[nodiscard]] std::size_t inputs() const noexcept { return layers_.front().inputs(); }
    [[nodiscard]] std::span<const dense_layer> layers() const noexcept { return layers_; }
    /// What is added to the output of the last layer.
    [[nodiscard]] float offset() const noexcept { return offset_; }

    /// The outputs for many rows of `inputs()` features; a row's output does not depend on the others. Allocates nothing once `w` has served as
    /// many rows, or 96. Throws input_error where the lengths do not fit.
    void predict(std::span<const float> features, std::span<float> out, workspace& w) const {
        if (features.size() != out.size() * inputs())
            throw input_error{"perceptron", "features", std::to_string(out.size()) + " rows of " + std::to_string(inputs()),
                              std::to_string(features.size()) + " numbers"};
        // So many rows that the results of two layers stay in the second cache, whole blocks of rows.
        constexpr std::size_t rows_at_once = 16 * detail::dense_rows;
        std::size_t widest = 0;
        for (const auto& l : layers_) widest = std::max(widest, l.stride());
        const auto room = widest * std::min(rows_at_once, out.size());
        for (auto* v : {&w.even_, &w.odd_})
            if (v->size() < room) v->resize(room);
        for (std::size_t begin = 0; begin < out.size(); begin += rows_at_once) {
            const auto rows = std::min(rows_at_once, out.size() - begin);
            const float* x = features.data() + begin * inputs();
            auto stride = inputs();
            float *next = w.even_.data(), *other = w.odd_.data();
            for (const auto& l : layers_) {
                l.apply(x, stride, rows, next);
                x = next;
                stride = l.stride();
                std::swap(next, other);
            }
            for (std::size_t r = 0; r < rows; ++r) out[begin + r] = x[r * stride] + offset_;
        }
    }
    [[nodiscard]] std::vector<float> predict(std::span<const float> features) const {
        if (features.empty()) return {};
        workspace w;
        std::vector<float> out(features.size() / inputs());
        predict(features, out, w);
        return out;
    }

private:
    std::vector<dense_layer> layers_;
    float offset_;
};

template <class>
mlp mlp::from(const io::named_tensors& tensors) {
    const std::string source = tensors.source_name().empty() ? "accuracy predictor" : tensors.source_name();
    struct found_layer {
        std::vector<std::uint64_t> order;
        std::string name;
        const io::tensor_data *weight, *bias;
    };
    std::vector<found_layer> found;
    float offset = 0;
    std::size_t used = 0;
    for (const auto& [name, value] : tensors) {
        constexpr std::string_view suffix = ".weight";
        if (name == "base_acc") {
            if (value.size() != 1) throw input_error{source, "tensor " + name, "one number", io::shape_text(value.shape())};
            offset = value.template to<float>().front();
            ++used;
        } else if (name.ends_with(suffix)) {
            if (value.shape().size() != 2) throw input_error{source, "tensor " + name, "a matrix", io::shape_text(value.shape())};
            auto stem = name.substr(0, name.size() - suffix.size());
            const auto* const bias = tensors.find(stem + ".bias");
            if (bias != nullptr && bias->shape() != io::tensor_shape{value.shape()[0]})
                throw input_error{source, "tensor " + stem + ".bias", io::shape_text(std::vector{value.shape()[0]}), io::shape_text(bias->shape())};
            used += bias != nullptr ? 2 : 1;
            found.push_back({detail::numbers_in(stem), std::move(stem), &value, bias});
        }
    }
    if (used != tensors.size() || found.empty())
        throw input_error{source, "names of tensors", "weights and biases of numbered layers, and base_acc",
                          std::to_string(tensors.size() - used) + " others of " + std::to_string(tensors.size())};
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.order < b.order; });
    // A file from which a bias is missing would pass for another network.
    for (std::size_t l = 1; l + 1 < found.size(); ++l)
        if ((found[l].bias == nullptr) != (found.front().bias == nullptr))
            throw input_error{source, "", "a tensor named " + found[found[l].bias == nullptr ? l : 0].name + ".bias, as other layers have one",
                              "none"};
    std::vector<dense_layer> layers;
    for (const auto& f : found) {
        const auto outputs = f.weight->shape()[0], inputs = f.weight->shape()[1], wanted = layers.empty() ? inputs : layers.back().outputs();
        const bool last = &f == &found.back();
        if (inputs != wanted || inputs == 0 || outputs == 0 || (last && outputs != 1))
            throw input_error{source, "tensor " + f.name + ".weight",
                              io::shape_text(std::vector<std::uint64_t>{last ? 1 : std::max<std::uint64_t>(outputs, 1), wanted}),
                              io::shape_text(f.weight->shape())};
        const auto weight = f.weight->template to<float>();
        const auto bias = f.bias != nullptr ? f.bias->template to<float>() : std::vector<float>{};
        layers.emplace_back(inputs, outputs, weight, bias, last ? dense_output::linear : dense_output::rectified);
    }
    return mlp{std::move(layers), offset};
}
VERDANT_DEFINED_ONCE(mlp mlp::from<>(const io::named_tensors&));

} // namespace verdant::surrogate
