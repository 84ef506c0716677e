// Files of ONNX: what is written is read back with its shapes, and what is not a model is refused by name.

#include <verdant/error.hpp>
#include <verdant/io/onnx/onnx_builder.hpp>
#include <verdant/io/onnx/onnx_file.hpp>
#include <verdant/io/tensor/tensor_data.hpp>

#include "catch.hpp"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace io = verdant::io;

namespace {

/// A convolution of 3 x 3 with 2 channels out of 3, then ReLU.
onnx::ModelProto small_model(std::int64_t batch = 1) {
    io::onnx_builder b{"small", 10, batch};
    const auto x = b.input("x", {3, 8, 8});
    const auto w = b.weight("w", io::tensor_data::of({2, 3, 3, 3}, std::vector<double>(54, 0.5)));
    const auto y = b.node("Conv", "conv", {x, w}, {{"strides", std::vector<std::int64_t>{2, 2}}, {"pads", std::vector<std::int64_t>{1, 1, 1, 1}}});
    b.output(b.node("Relu", "relu", {y}), {2, 4, 4});
    return std::move(b).finish();
}

std::string refusal(const std::string& bytes) {
    try {
        static_cast<void>(io::parse_onnx(bytes, "a.onnx"));
    } catch (const verdant::input_error& wrong) { return wrong.what(); }
    return "nothing";
}

} // namespace

TEST_CASE("a model comes back from its file, with the shapes of all tensors") {
    const auto path = (std::filesystem::temp_directory_path() / "verdant_small.onnx").string();
    io::write_onnx(path, small_model());
    const auto read = io::read_onnx(path);
    std::remove(path.c_str());
    CHECK(read.opset_import(0).version() == 10);
    REQUIRE(read.graph().node_size() == 2);
    CHECK(read.graph().node(1).op_type() == "Relu");
    // Weights of 64 bits are of 32 there.
    CHECK(read.graph().initializer(0).raw_data().size() == 54 * sizeof(float));
    // The convolution's output is no output of the graph: ONNX inferred its shape.
    REQUIRE(read.graph().value_info_size() == 1);
    const auto& inferred = read.graph().value_info(0);
    CHECK(inferred.name() == "conv");
    const auto& shape = inferred.type().tensor_type().shape();
    REQUIRE(shape.dim_size() == 4);
    CHECK(shape.dim(1).dim_value() == 2);
    CHECK(shape.dim(3).dim_value() == 4);
}

TEST_CASE("the batch may stay open") {
    const auto model = small_model(0);
    CHECK(model.graph().input(0).type().tensor_type().shape().dim(0).dim_param() == "batch");
    CHECK_THROWS_AS(small_model(-1), verdant::input_error);
}

TEST_CASE("what is no model is refused by the file's name") {
    CHECK(refusal("not a model").starts_with("verdant: a.onnx: expected a model"));
    CHECK(refusal("").starts_with("verdant: a.onnx: expected a model"));
    CHECK_THROWS_AS(io::read_onnx("/nowhere/a.onnx"), verdant::file_error);

    auto newer = small_model();
    newer.mutable_opset_import(0)->set_version(18);
    CHECK(refusal(newer.SerializeAsString()).find("from 1 to 17, found 18") != std::string::npos);

    auto cyclic = small_model();
    cyclic.mutable_graph()->mutable_node(0)->set_input(0, "relu");
    CHECK(refusal(cyclic.SerializeAsString()).find("that ONNX's checker accepts") != std::string::npos);

    auto unknown = small_model();
    unknown.mutable_graph()->mutable_node(1)->set_op_type("Rleu");
    CHECK(refusal(unknown.SerializeAsString()).find("Rleu") != std::string::npos);
}

TEST_CASE("nothing is written of a model that ONNX refuses") {
    auto model = small_model();
    model.mutable_graph()->clear_name();
    const auto path = (std::filesystem::temp_directory_path() / "verdant_refused.onnx").string();
    CHECK_THROWS_AS(io::write_onnx(path, model), verdant::input_error);
    CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("shapes that ONNX would divide by or run out of memory for stay open") {
    const auto shape_of_output = [](io::onnx_builder b) {
        const auto model = io::parse_onnx(std::move(b).finish().SerializeAsString(), "a.onnx");
        return model.graph().value_info_size();
    };
    {
        io::onnx_builder b{"strides of 0", 10};
        const auto w = b.weight("w", io::tensor_data::of({2, 3, 3, 3}, std::vector<double>(54, 0.5)));
        const auto y = b.node("Conv", "conv", {b.input("x", {3, 8, 8}), w}, {{"strides", std::vector<std::int64_t>{0, 0}}});
        b.output(b.node("Relu", "relu", {y}), {2, 4, 4});
        CHECK(shape_of_output(std::move(b)) == 0);
    }
    {
        io::onnx_builder b{"a kernel of another number of axes", 10};
        const auto y = b.node("Conv", "conv", {b.input("x", {3, 8, 8}), b.weight("w", io::tensor_data::of({2}, std::vector<double>(2, 0.5)))});
        b.output(b.node("Relu", "relu", {y}), {2, 4, 4});
        CHECK(shape_of_output(std::move(b)) == 0);
    }
    {
        io::onnx_builder b{"an axis that is not there", 17};
        const auto one = b.weight("w", io::tensor_data::of({4}, std::vector<double>(4, 1)));
        const auto y = b.node("LayerNormalization", "norm", {b.input("x", {4}), one, one}, {{"axis", std::int64_t{-5}}});
        b.output(b.node("Relu", "relu", {y}), {4});
        CHECK(shape_of_output(std::move(b)) == 0);
    }
    {
        io::onnx_builder b{"as many axes as memory holds", 10, std::int64_t{1} << 40};
        const auto y = b.node("ConstantOfShape", "zeros", {b.input("x", {})});
        b.output(b.node("Relu", "relu", {y}), {2});
        CHECK(shape_of_output(std::move(b)) == 0);
    }
}
