#pragma once

#include <verdant/meta/component/onnx.hpp>

#include <verdant/error.hpp>
#include <verdant/io/onnx/onnx_file.hpp>
#include <verdant/io/tensor/dtype.hpp>
#include <verdant/io/tensor/tensor_data.hpp>

#include <onnx/onnx_pb.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace verdant::io {

/// An attribute of an operator: its name, and a whole number, a number, or whole numbers.
struct onnx_attribute {
    std::string_view name;
    std::variant<std::int64_t, float, std::vector<std::int64_t>> value;
};

/// Writes a graph of ONNX, operator by operator, in an order in which each comes behind what it takes. Tensors are known by their names.
class onnx_builder {
public:
    /// @param graph its name @param opset of ONNX's main domain @param batch length of the first axis of inputs and outputs; 0: any length
    /// @throws input_error where the batch is negative
    explicit onnx_builder(const std::string& graph, std::int64_t opset = newest_onnx_opset, std::int64_t batch = 1) : batch_{batch} {
        if (batch < 0) throw input_error{graph, "batch", "a number of at least 0", std::to_string(batch)};
        model_.set_ir_version(opset > 14 ? 8 : 7); // 7 up to set 14, which most readers know; 8 from set 15
        model_.set_producer_name("verdant");
        model_.add_opset_import()->set_version(opset);
        model_.mutable_graph()->set_name(graph);
    }

    /// An input of numbers in 32 bits, whose first axis is the batch.
    /// @param axes lengths of the axes behind it
    std::string input(const std::string& name, std::initializer_list<std::int64_t> axes) {
        describe(*model_.mutable_graph()->add_input(), name, axes, onnx::TensorProto::FLOAT);
        return name;
    }
    /// An input of whole numbers in 64 bits, such as the ids of tokens; see `input`.
    std::string integer_input(const std::string& name, std::initializer_list<std::int64_t> axes) {
        describe(*model_.mutable_graph()->add_input(), name, axes, onnx::TensorProto::INT64);
        return name;
    }
    /// Says that a tensor is what the graph gives; see `input`.
    void output(const std::string& name, std::initializer_list<std::int64_t> axes) {
        describe(*model_.mutable_graph()->add_output(), name, axes, onnx::TensorProto::FLOAT);
    }

    /// Weights, which are rounded to 32 bits where they are wider, and widened where they are narrower.
    std::string weight(const std::string& name, const tensor_data& value) {
        auto& tensor = *model_.mutable_graph()->add_initializer();
        tensor.set_name(name);
        tensor.set_data_type(onnx::TensorProto::FLOAT);
        for (const auto length : value.shape()) tensor.add_dims(static_cast<std::int64_t>(length));
        const auto numbers = value.to<float>();
        tensor.set_raw_data(numbers.data(), numbers.size() * sizeof(float));
        return name;
    }
    /// Whole numbers, such as a shape.
    std::string integers(const std::string& name, const std::vector<std::int64_t>& values) {
        auto& tensor = *model_.mutable_graph()->add_initializer();
        tensor.set_name(name);
        tensor.set_data_type(onnx::TensorProto::INT64);
        tensor.add_dims(static_cast<std::int64_t>(values.size()));
        for (const auto v : values) tensor.add_int64_data(v);
        return name;
    }
    /// One whole number without axes, such as a place.
    std::string integer(const std::string& name, std::int64_t value) {
        auto& tensor = *model_.mutable_graph()->add_initializer();
        tensor.set_name(name);
        tensor.set_data_type(onnx::TensorProto::INT64);
        tensor.add_int64_data(value);
        return name;
    }

    /// An operator of ONNX's main domain.
    /// @param name of the operator, unique @return the name of what it gives, which is its own
    std::string node(std::string_view op, const std::string& name, const std::vector<std::string>& inputs,
                     std::initializer_list<onnx_attribute> attributes = {}) {
        auto& n = *model_.mutable_graph()->add_node();
        n.set_op_type(std::string{op});
        n.set_name(name);
        for (const auto& i : inputs) n.add_input(i);
        n.add_output(name);
        for (const auto& a : attributes) {
            auto& out = *n.add_attribute();
            out.set_name(std::string{a.name});
            if (const auto* whole = std::get_if<std::int64_t>(&a.value)) {
                out.set_type(onnx::AttributeProto::INT);
                out.set_i(*whole);
            } else if (const auto* number = std::get_if<float>(&a.value)) {
                out.set_type(onnx::AttributeProto::FLOAT);
                out.set_f(*number);
            } else {
                out.set_type(onnx::AttributeProto::INTS);
                for (const auto v : std::get<std::vector<std::int64_t>>(a.value)) out.add_ints(v);
            }
        }
        return name;
    }

    /// What is written so far, in bytes of a file.
    [[nodiscard]] std::size_t bytes() const { return model_.ByteSizeLong(); }

    /// The whole model. @throws input_error where ONNX's checker refuses it
    [[nodiscard]] onnx::ModelProto finish() && {
        check_onnx(model_, model_.graph().name());
        return std::move(model_);
    }

private:
    void describe(onnx::ValueInfoProto& value, const std::string& name, std::initializer_list<std::int64_t> axes,
                  std::int32_t type_of_element) const {
        value.set_name(name);
        auto& type = *value.mutable_type()->mutable_tensor_type();
        type.set_elem_type(type_of_element);
        auto& first = *type.mutable_shape()->add_dim();
        if (batch_ == 0) first.set_dim_param("batch");
        else first.set_dim_value(batch_);
        for (const auto length : axes) type.mutable_shape()->add_dim()->set_dim_value(length);
    }

    std::int64_t batch_;
    onnx::ModelProto model_;
};

} // namespace verdant::io
