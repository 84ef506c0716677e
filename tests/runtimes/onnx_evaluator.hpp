#pragma once

// Computes models of ONNX by ATen, operator by operator, where no run-time for them is there: the operators that transformers are written in, with
// the attributes that are written. Follows the operators' specification of ONNX 1.12.

#include <verdant/nn/core/prelude.hpp>

#include <ATen/ops/add.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/div.h>
#include <ATen/ops/eq.h>
#include <ATen/ops/erf.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/lt.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/minimum.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/sqrt.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/zeros.h>
#include <onnx/onnx_pb.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace exported {

/// Holds the tensors of a model by name.
class onnx_evaluator {
public:
    explicit onnx_evaluator(const onnx::ModelProto& model) : graph_{model.graph()} {
        for (const auto& t : graph_.initializer()) values_[t.name()] = constant(t);
    }

    void set(const std::string& input, const at::Tensor& value) { values_[input] = value; }

    /// Computes all operators in their order.
    void run() {
        for (const auto& n : graph_.node()) {
            node_ = &n;
            values_[n.output(0)] = result();
        }
    }

    [[nodiscard]] const at::Tensor& operator[](const std::string& name) const { return values_.at(name); }

private:
    static at::Tensor constant(const onnx::TensorProto& t) {
        const std::vector<std::int64_t> sizes(t.dims().begin(), t.dims().end());
        if (t.data_type() == onnx::TensorProto::INT64)
            return at::from_blob(const_cast<std::int64_t*>(t.int64_data().data()), sizes, at::kLong).clone();
        return at::from_blob(const_cast<char*>(t.raw_data().data()), sizes, at::kFloat).clone();
    }

    [[nodiscard]] const onnx::AttributeProto& attribute(const std::string& name) const {
        for (const auto& a : node_->attribute())
            if (a.name() == name) return a;
        throw std::out_of_range{node_->name() + " has no " + name};
    }
    [[nodiscard]] std::int64_t whole(const std::string& name) const { return attribute(name).i(); }
    [[nodiscard]] std::vector<std::int64_t> wholes(const std::string& name) const {
        return {attribute(name).ints().begin(), attribute(name).ints().end()};
    }

    [[nodiscard]] bool has_input(int i) const { return i < node_->input_size(); }
    [[nodiscard]] at::Tensor input(int i) const { return has_input(i) ? values_.at(node_->input(i)) : at::Tensor{}; }
    [[nodiscard]] std::vector<std::int64_t> integers(int i) const {
        const auto t = input(i);
        return {t.data_ptr<std::int64_t>(), t.data_ptr<std::int64_t>() + t.numel()};
    }

    [[nodiscard]] at::Tensor reshaped() const {
        auto shape = integers(1);
        for (std::size_t i = 0; i < shape.size(); ++i)
            if (shape[i] == 0) shape[i] = input(0).size(static_cast<std::int64_t>(i));
        return input(0).reshape(shape);
    }
    /// One place gives an axis less, a list of them an axis of their number, and a table of them its axes.
    [[nodiscard]] at::Tensor gathered() const {
        const auto x = input(0), places = input(1);
        const auto axis = whole("axis");
        auto sizes = x.sizes().vec();
        sizes.erase(sizes.begin() + axis);
        sizes.insert(sizes.begin() + axis, places.sizes().begin(), places.sizes().end());
        return at::index_select(x, axis, places.reshape({-1})).reshape(sizes);
    }
    /// With the batch as the only common axis, and one place for each row.
    [[nodiscard]] at::Tensor gathered_tuples() const {
        const auto x = input(0), places = input(1);
        if (whole("batch_dims") != 1 || places.dim() != 2 || places.size(1) != 1) throw std::out_of_range{node_->name() + " has other places"};
        auto out = x.select(1, 0).clone();
        for (std::int64_t i = 0; i < x.size(0); ++i) out[i] = x[i][places[i][0].item<std::int64_t>()];
        return out;
    }
    /// ONNX has all numbers before, then all behind; ATen both for each axis, the last axis first.
    [[nodiscard]] at::Tensor padded() const {
        const auto pads = integers(1);
        const auto axes = pads.size() / 2;
        std::vector<std::int64_t> order;
        for (std::size_t i = axes; i-- > 0;) order.insert(order.end(), {pads[i], pads[axes + i]});
        return at::constant_pad_nd(input(0), order);
    }
    [[nodiscard]] at::Tensor cast() const {
        const auto to = whole("to");
        return input(0).to(to == onnx::TensorProto::FLOAT ? at::kFloat : to == onnx::TensorProto::BOOL ? at::kBool : at::kLong);
    }

    [[nodiscard]] at::Tensor elementwise(const std::string& op) const {
        if (op == "Add") return at::add(input(0), input(1));
        if (op == "Mul") return at::mul(input(0), input(1));
        if (op == "Div") return at::div(input(0), input(1));
        if (op == "Min") return at::minimum(input(0), input(1));
        if (op == "Equal") return at::eq(input(0), input(1));
        if (op == "Less") return at::lt(input(0), input(1));
        if (op == "Sqrt") return at::sqrt(input(0));
        if (op == "Erf") return at::erf(input(0));
        if (op == "Relu") return at::relu(input(0));
        if (op == "Sigmoid") return at::sigmoid(input(0));
        if (op == "Tanh") return at::tanh(input(0));
        return op == "Cast" ? cast() : at::Tensor{};
    }
    [[nodiscard]] at::Tensor result() const {
        const auto& op = node_->op_type();
        if (const auto y = elementwise(op); y.defined()) return y;
        if (op == "MatMul") return at::matmul(input(0), input(1));
        if (op == "Gemm" && whole("transB") == 1) return at::linear(input(0), input(1), input(2));
        if (op == "Softmax") return at::softmax(input(0), whole("axis"));
        if (op == "LayerNormalization" && whole("axis") == -1)
            return at::layer_norm(input(0), input(1).sizes(), input(1), input(2), static_cast<double>(attribute("epsilon").f()));
        if (op == "ReduceMean") return input(0).mean(wholes("axes"), true);
        if (op == "Conv") return at::conv2d(input(0), input(1), input(2), wholes("strides"));
        if (op == "Reshape") return reshaped();
        if (op == "Transpose") return input(0).permute(wholes("perm"));
        if (op == "Expand") return at::add(input(0), at::zeros(integers(1), input(0).options()));
        if (op == "Gather") return gathered();
        if (op == "GatherND") return gathered_tuples();
        if (op == "Pad") return padded();
        if (op == "ArgMax") return at::argmax(input(0), whole("axis"), whole("keepdims") == 1);
        throw std::out_of_range{"no rule for " + op};
    }

    const onnx::GraphProto& graph_;
    const onnx::NodeProto* node_ = nullptr;
    std::map<std::string, at::Tensor> values_;
};

} // namespace exported
