#pragma once

#include <verdant/meta/component/onnx.hpp>

// A macro of <sys/mman.h>, and an enumerator of ONNX's parser.
#pragma push_macro("MAP_TYPE")
#undef MAP_TYPE
#include <onnx/defs/schema.h>
#include <onnx/defs/shape_inference.h>
#pragma pop_macro("MAP_TYPE")

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

/// What ONNX's inference of shapes takes for granted: it divides by strides and the like, and reads axes of tensors that have fewer, without looking
/// (ONNX 1.12).
namespace verdant::io::detail {

/// Looks at what an operator is given before ONNX does, and leaves its shapes open, as ONNX does where shapes do not fit, if they would end the
/// program.
class onnx_shape_check {
public:
    explicit onnx_shape_check(onnx::InferenceContext& of) : of_{of} {}

    /// Of poolings, and of convolutions and others that take a second map or a kernel: both have as many axes, two and at least one of space.
    void map(std::size_t other = 0) const {
        for (const char* const divisor : {"strides", "dilations", "group"}) positive(divisor);
        const auto x = rank(0), y = rank(other);
        if (x >= 0 && x < 3) fail_shape_inference("a map without axes of space");
        if (x >= 0 && y >= 0 && x != y) fail_shape_inference("a map and a kernel of another number of axes");
    }
    void normalised_axis() const {
        const auto x = rank(0), axis = onnx::getAttribute(of_, "axis", std::int64_t{-1});
        if (x >= 0 && (axis < -x || axis >= x)) fail_shape_inference("an axis that its tensor does not have");
    }
    void gathered_tuples() const {
        const auto data = rank(0), indices = rank(1), batch = onnx::getAttribute(of_, "batch_dims", std::int64_t{0});
        if (data < 0 || indices < 0) return;
        if (batch < 0 || batch >= data || batch >= indices) fail_shape_inference("axes of a batch that its tensors do not have");
        const auto& last = onnx::getInputShape(of_, 1).dim(static_cast<int>(indices) - 1);
        if (last.has_dim_value() && (last.dim_value() < 1 || last.dim_value() > data - batch))
            fail_shape_inference("indices of axes that their tensor does not have");
    }
    /// Of operators that make as many axes as a tensor has numbers.
    void axes_of(std::size_t input) const {
        if (rank(input) != 1) return;
        const auto& axes = onnx::getInputShape(of_, input).dim(0);
        if (axes.has_dim_value() && (axes.dim_value() < 0 || axes.dim_value() > most_axes)) fail_shape_inference("more than ", most_axes, " axes");
    }

private:
    static constexpr std::int64_t most_axes = 1000;

    /// -1 where it is not known.
    [[nodiscard]] std::int64_t rank(std::size_t input) const {
        return onnx::hasInputShape(of_, input) ? onnx::getInputShape(of_, input).dim_size() : -1;
    }
    void positive(const char* name) const {
        const auto* const a = of_.getAttribute(name);
        if (a == nullptr) return;
        bool all = a->type() != onnx::AttributeProto::INT || a->i() > 0;
        for (const auto i : a->ints()) all = all && i > 0;
        if (!all) fail_shape_inference("numbers below 1 in ", name);
    }

    onnx::InferenceContext& of_;
};

/// The operators of ONNX, with these checks before the inference of those that need them.
class careful_schemas final : public onnx::ISchemaRegistry {
public:
    const onnx::OpSchema* GetSchema(const std::string& name, const int version, const std::string& domain) const override {
        const auto* const schema = onnx::OpSchemaRegistry::Instance()->GetSchema(name, version, domain);
        const auto check = check_of(name);
        if (schema == nullptr || check == nullptr || !(domain.empty() || domain == "ai.onnx")) return schema;
        const auto found = checked_.find({name, version});
        if (found != checked_.end()) return &found->second;
        auto& own = checked_.emplace(std::pair{name, version}, *schema).first->second;
        own.TypeAndShapeInferenceFunction([check, infer = schema->GetTypeAndShapeInferenceFunction()](onnx::InferenceContext& of) {
            if (check(onnx_shape_check{of})) infer(of);
        });
        return &own;
    }

private:
    /// False where shapes are left open.
    using rule = bool (*)(const onnx_shape_check&);

    [[nodiscard]] static rule check_of(const std::string& name) {
        static const std::map<std::string, rule> rules{
            {"AveragePool", [](const onnx_shape_check& c) { return c.map(), true; }},
            {"ConstantOfShape", [](const onnx_shape_check& c) { return c.axes_of(0), true; }},
            {"Conv", [](const onnx_shape_check& c) { return c.map(1), true; }},
            {"ConvInteger", [](const onnx_shape_check& c) { return c.map(1), true; }},
            {"ConvTranspose", [](const onnx_shape_check& c) { return c.map(1), true; }},
            {"Expand", [](const onnx_shape_check& c) { return c.axes_of(1), true; }},
            {"GatherND", [](const onnx_shape_check& c) { return c.gathered_tuples(), true; }},
            {"LayerNormalization", [](const onnx_shape_check& c) { return c.normalised_axis(), true; }},
            {"LpPool", [](const onnx_shape_check& c) { return c.map(), true; }},
            {"MaxPool", [](const onnx_shape_check& c) { return c.map(), true; }},
            {"MaxUnpool", [](const onnx_shape_check& c) { return c.map(1), true; }},
            {"QLinearConv", [](const onnx_shape_check& c) { return c.map(3), true; }},
            {"STFT", [](const onnx_shape_check&) { return false; }},
        };
        const auto found = rules.find(name);
        return found == rules.end() ? nullptr : found->second;
    }

    mutable std::map<std::pair<std::string, int>, onnx::OpSchema> checked_;
};

} // namespace verdant::io::detail
