#pragma once

#include <verdant/meta/component/onnx.hpp>

#include <verdant/error.hpp>
#include <verdant/io/onnx/onnx_builder.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/io/weights/tensor_naming.hpp>

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

/// Networks as models of ONNX, with the weights of checkpoints.
namespace verdant::workload::detail {

/// Whether a tensor of a checkpoint belongs to another part of the network than the one that is written.
struct nothing_elsewhere {
    [[nodiscard]] bool operator()(const std::string&) const { return false; }
};

/// Takes the weights of a network by their names, each once, and holds the graph that they go into.
class onnx_network {
public:
    [[nodiscard]] io::onnx_builder& graph() { return onnx_; }

    /// The model.
    /// @param elsewhere called as `elsewhere(name)` for tensors that no layer took
    /// @throws input_error where a weight was missing, had another shape, or belongs neither to a layer nor elsewhere
    template <std::predicate<const std::string&> Elsewhere = nothing_elsewhere>
    [[nodiscard]] onnx::ModelProto finish(const Elsewhere& elsewhere = {}) && {
        if (!missing_.empty()) throw io::missing_tensors(weights_, std::span<const std::string>{missing_});
        for (const auto& [name, value] : weights_) {
            const bool counts_steps = name.ends_with("num_batches_tracked"); // of training, of no use for a static network
            if (!used_.contains(name) && !counts_steps && !elsewhere(name))
                throw input_error{source(), "tensor " + name, "weights of this network", "a tensor that it does not have"};
        }
        return std::move(onnx_).finish();
    }

protected:
    onnx_network(std::string_view network, const io::named_tensors& weights, std::int64_t opset, int batch)
        : onnx_{std::string{network}, opset, batch}, weights_{weights} {}

    [[nodiscard]] std::string source() const { return weights_.source_name().empty() ? "weights" : weights_.source_name(); }
    [[nodiscard]] const io::named_tensors& weights() const { return weights_; }

    std::string weight(const std::string& name, std::vector<int> shape) { return onnx_.weight(name, taken(name, std::move(shape))); }

    std::string number(const std::string& name, float value) { return onnx_.weight(name, io::tensor_data::of({1}, std::vector{value})); }

    /// The weights of that name; zeros where they are missing, so that all missing ones are found.
    io::tensor_data taken(const std::string& name, std::vector<int> shape) {
        const io::tensor_shape wanted(shape.begin(), shape.end());
        const auto* found = weights_.find(name);
        if (found == nullptr) {
            missing_.push_back(name);
            return io::tensor_data::of(wanted, std::vector<float>(io::element_count(wanted).value_or(0)));
        }
        used_.insert(name);
        if (found->shape() != wanted)
            throw input_error{source(), "tensor " + name, "the shape " + io::shape_text(wanted), io::shape_text(found->shape())};
        return *found;
    }

private:
    io::onnx_builder onnx_;
    const io::named_tensors& weights_;
    std::unordered_set<std::string> used_;
    std::vector<std::string> missing_;
};

} // namespace verdant::workload::detail
