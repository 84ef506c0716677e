#pragma once

#include <verdant/meta/component/onnx.hpp>

#include <verdant/error.hpp>
#include <verdant/io/onnx/onnx_builder.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/io/weights/tensor_naming.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
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

/// Takes the weights of a network by their names, each once, and holds the graph that they go into. Numbers are written last, when names, shapes and
/// the size of all are known to be sound: until then a weight is a name and a shape, however large it is.
class onnx_network {
public:
    [[nodiscard]] io::onnx_builder& graph() { return onnx_; }

    /// The model.
    /// @param elsewhere called as `elsewhere(name)` for tensors that no layer took
    /// @throws input_error where a weight was missing, had another shape, cannot be read, or belongs neither to a layer nor elsewhere; and where the
    /// model has 2 GiB or more
    template <std::predicate<const std::string&> Elsewhere = nothing_elsewhere>
    [[nodiscard]] onnx::ModelProto finish(const Elsewhere& elsewhere = {}) && {
        if (!missing_.empty()) throw io::missing_tensors(weights_, std::span<const std::string>{missing_});
        if (wrong_) throw input_error{*wrong_};
        const auto is_known = [&](const std::string& name) {
            const bool counts_steps = name.ends_with("num_batches_tracked"); // of training, of no use for a static network
            return used_.contains(name) || counts_steps || elsewhere(name);
        };
        for (const auto& [name, value] : weights_)
            if (!is_known(name)) throw input_error{source(), "tensor " + name, "weights of this network", "a tensor that it does not have"};
        for (const auto& [name, what] : weights_.unread())
            if (!is_known(name)) throw input_error{source(), "tensor " + name, "weights of this network", what};
        check_size();
        for (const auto& one : later_) onnx_.weight(one.name, one.make());
        return std::move(onnx_).finish();
    }

protected:
    onnx_network(std::string_view network, const io::named_tensors& weights, std::int64_t opset, int batch)
        : onnx_{std::string{network}, opset, batch}, weights_{weights} {}

    [[nodiscard]] std::string source() const { return weights_.source_name().empty() ? "weights" : weights_.source_name(); }
    [[nodiscard]] const io::named_tensors& weights() const { return weights_; }

    std::string weight(const std::string& name, std::vector<int> shape) {
        return changed_weight(name, shape, name, io::tensor_shape(shape.begin(), shape.end()), [](const io::tensor_data& value) { return value; });
    }

    /// Weights that are written otherwise than the checkpoint has them.
    /// @param name, shape those of the checkpoint @param written, written_shape those of the file
    /// @param change called as `change(value)`, gives the tensor of that shape
    template <std::invocable<const io::tensor_data&> Change>
    std::string changed_weight(const std::string& name, const std::vector<int>& shape, const std::string& written,
                               const io::tensor_shape& written_shape, Change change) {
        const auto* value = taken(name, shape);
        return constant(written, written_shape, [value, change = std::move(change)] { return change(*value); });
    }

    /// Numbers that are not weights. @param make gives the tensor of that shape, and is called when the whole model is known to be sound
    std::string constant(const std::string& name, const io::tensor_shape& shape, std::function<io::tensor_data()> make) {
        later_.push_back({name, io::element_count(shape), std::move(make)});
        return name;
    }

    std::string number(const std::string& name, float value) { return onnx_.weight(name, io::tensor_data::of({1}, std::vector{value})); }

    /// Notes what is wrong with a weight, which `finish` says where none is missing: a layer that lacks one weight looks as if the others had other
    /// shapes.
    void refuse(const std::string& name, const std::string& expected, const std::string& found) {
        if (!wrong_) wrong_.emplace(source(), "tensor " + name, expected, found);
    }

private:
    /// Numbers that are not made yet.
    struct numbers_to_come {
        std::string name;
        std::optional<std::size_t> count; ///< none: more than can be counted
        std::function<io::tensor_data()> make;
    };

    /// The weights of that name, which is null where they are missing, so that all missing ones are found. @throws input_error where they cannot be
    /// read
    [[nodiscard]] const io::tensor_data* taken(const std::string& name, const std::vector<int>& shape) {
        const io::tensor_shape wanted(shape.begin(), shape.end());
        const auto* found = weights_.find(name);
        if (found == nullptr) {
            for (const auto& one : weights_.unread())
                if (one.name == name) static_cast<void>(weights_.at(name)); // says why
            missing_.push_back(name);
            return nullptr;
        }
        used_.insert(name);
        if (found->shape() != wanted) refuse(name, "the shape " + io::shape_text(wanted), io::shape_text(found->shape()));
        return found;
    }

    /// @throws input_error where operators and weights are no message of protobuf
    void check_size() const {
        constexpr std::uint64_t most = std::numeric_limits<std::int32_t>::max(), countable = 1ULL << 60U; // sums beyond the second are given as it
        std::uint64_t bytes = onnx_.bytes();
        for (const auto& one : later_)
            bytes = std::min(countable, bytes + sizeof(float) * std::min<std::uint64_t>(countable, one.count.value_or(countable)));
        if (bytes > most) throw input_error{source(), "", "a model of less than 2 GiB with its weights in 32 bits", std::to_string(bytes) + " bytes"};
    }

    io::onnx_builder onnx_;
    const io::named_tensors& weights_;
    std::unordered_set<std::string> used_;
    std::vector<std::string> missing_;
    std::optional<input_error> wrong_; ///< the first
    std::vector<numbers_to_come> later_;
};

} // namespace verdant::workload::detail
