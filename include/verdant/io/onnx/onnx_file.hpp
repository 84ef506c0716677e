#pragma once

#include <verdant/meta/component/onnx.hpp>

#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/io/onnx/detail/careful_schemas.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>

// A macro of <sys/mman.h>, and an enumerator of ONNX's parser.
#pragma push_macro("MAP_TYPE")
#undef MAP_TYPE
#include <onnx/checker.h>
#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>
#pragma pop_macro("MAP_TYPE")

#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <string>
#include <string_view>

/// Models in files of ONNX, the format of networks that frameworks exchange (ONNX 1.12, its specification of the intermediate representation).
namespace verdant::io {

/// The newest set of operators of ONNX's main domain that is read and written.
inline constexpr std::int64_t newest_onnx_opset = 17;

namespace detail {

/// The first line of what ONNX says, which goes on with its context.
[[nodiscard]] inline std::string first_line(std::string_view text) { return std::string{text.substr(0, text.find('\n'))}; }

} // namespace detail

/// @throws input_error unless ONNX's own checker accepts the model, and its main operators are of a set up to `newest_onnx_opset`
/// @param source the file, for errors
template <class = instantiated_when_used>
void check_onnx(const onnx::ModelProto& model, const std::string& source) {
    if (!model.has_graph()) throw input_error{source, "", "a model with a graph", "none"};
    for (const auto& set : model.opset_import())
        if ((set.domain().empty() || set.domain() == "ai.onnx") && (set.version() < 1 || set.version() > newest_onnx_opset))
            throw input_error{source, "opset_import", "operators of a set from 1 to " + std::to_string(newest_onnx_opset),
                              std::to_string(set.version())};
    try {
        onnx::checker::check_model(model);
    } catch (const std::exception& wrong) { throw input_error{source, "", "a model that ONNX's checker accepts", detail::first_line(wrong.what())}; }
}
VERDANT_DEFINED_ONCE(void check_onnx<>(const onnx::ModelProto&, const std::string&));

/// A model of the bytes of a file, checked, and with the shapes of all tensors as far as ONNX infers them.
/// @param source the file, for errors
/// @throws input_error where it is no model, or one that `check_onnx` refuses
template <class = instantiated_when_used>
[[nodiscard]] onnx::ModelProto parse_onnx(std::string_view bytes, const std::string& source) {
    onnx::ModelProto model;
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
        !model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
        throw input_error{source, "", "a model of ONNX, a message of protobuf of less than 2 GiB",
                          std::to_string(bytes.size()) + " bytes of something else"};
    check_onnx(model, source);
    const detail::careful_schemas schemas;
    try {
        onnx::shape_inference::InferShapes(model, &schemas);
    } catch (const std::exception& wrong) { throw input_error{source, "", "tensors whose shapes fit", detail::first_line(wrong.what())}; }
    return model;
}
VERDANT_DEFINED_ONCE(onnx::ModelProto parse_onnx<>(std::string_view, const std::string&));

/// The model of an .onnx file; see `parse_onnx`. Weights in files beside it are not looked for. @throws file_error, input_error
[[nodiscard]] inline onnx::ModelProto read_onnx(const std::string& path) { return parse_onnx(read_file(path), path); }

/// Writes a model, after ONNX's own check, as a whole or not at all. @throws file_error, input_error
template <class = instantiated_when_used>
void write_onnx(const std::string& path, const onnx::ModelProto& model) {
    check_onnx(model, path);
    std::string bytes;
    if (!model.SerializeToString(&bytes)) throw input_error{path, "", "a model of less than 2 GiB", "a larger one"};
    write_file(path, bytes);
}
VERDANT_DEFINED_ONCE(void write_onnx<>(const std::string&, const onnx::ModelProto&));

} // namespace verdant::io
