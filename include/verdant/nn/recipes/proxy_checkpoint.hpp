#pragma once

#include <verdant/error.hpp>
#include <verdant/image/preprocess.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/io/tensor/dtype.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/meta/type_name.hpp>
#include <verdant/nn/core/device.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/evaluate/evaluate_images.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/nn/recipes/image_training.hpp>
#include <verdant/nn/recipes/proxy_training.hpp>
#include <verdant/text/number.hpp>

#include <c10/core/ScalarType.h>

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Keeps a training with proxies between its parts.
namespace verdant::nn {

/// What a training with proxies is told by besides its recipe: a checkpoint of another one is refused.
struct training_subject {
    std::string network{}; ///< which one it is, as text: `to_string(point)`
    /// What tells the pictures, and what of the first weights the point does not say, such as a digest; may be empty.
    std::string data{};
    std::size_t images = 0, validation_images = 0;
    io::channel_statistics statistics = io::imagenet_statistics;
    std::string precision{}, mode{}; ///< the names of the types, as `computed_by` gives them
};

namespace detail {

/// Names of precisions that all compilers agree on.
template <class Precision>
struct precision_name {
    [[nodiscard]] static std::string text() { return std::string{type_name<Precision>()}; }
};
template <at::ScalarType Type>
struct precision_name<nn::pure<Type>> {
    [[nodiscard]] static std::string text() { return std::string{"pure "} + c10::toString(Type); }
};

} // namespace detail

/// The same with the names of the types that it is computed by. @tparam Precision, Mode as of `train_with_proxies_until`
template <precision_policy Precision, std::derived_from<training> Mode>
[[nodiscard]] training_subject computed_by(training_subject subject) {
    subject.precision = verdant::nn::detail::precision_name<Precision>::text();
    subject.mode = type_name<Mode>();
    return subject;
}

namespace detail {

/// Names and values of a recipe as texts.
struct recipe_texts {
    std::vector<std::pair<std::string, std::string>>& all;

    void type(const std::string&, const std::string&) const {}
    template <class Value>
    void value(const std::string& name, const Value& v) const {
        if constexpr (std::is_integral_v<Value>) all.emplace_back(name, std::to_string(v));
        else all.emplace_back(name, exact_text(static_cast<double>(v)));
    }
    template <class Value>
    void unrecorded(const std::string&, const Value&) const {}
};

[[nodiscard]] inline std::string channels_text(const std::array<float, 3>& values) {
    return exact_text(static_cast<double>(values[0])) + ' ' + exact_text(static_cast<double>(values[1])) + ' ' +
           exact_text(static_cast<double>(values[2]));
}

/// What a checkpoint must be of to go on from.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::pair<std::string, std::string>> training_identity(const nn::proxy_recipe& recipe, const nn::training_subject& of) {
    std::vector<std::pair<std::string, std::string>> all{{"network", of.network},
                                                         {"data", of.data},
                                                         {"training images", std::to_string(of.images)},
                                                         {"validation images", std::to_string(of.validation_images)},
                                                         {"channel means", channels_text(of.statistics.mean)},
                                                         {"channel deviations", channels_text(of.statistics.deviation)},
                                                         {"precision", of.precision},
                                                         {"mode", of.mode}};
    for_each_option(recipe, recipe_texts{all});
    return all;
}
VERDANT_DEFINED_ONCE(std::vector<std::pair<std::string, std::string>> training_identity<>(const nn::proxy_recipe&, const nn::training_subject&));

inline constexpr std::string_view of_net = "net.", of_optimizer = "optimizer.", of_streams = "streams.", of_record = "record.";
inline constexpr std::uint64_t epoch_numbers = 8;

template <class = instantiated_when_used>
[[nodiscard]] io::tensor_data epochs_tensor(const std::vector<nn::image_epoch>& epochs) {
    std::vector<double> numbers;
    for (const auto& e : epochs) {
        const auto v = e.validation.value_or(nn::image_score{});
        const std::array<double, epoch_numbers> row{
            static_cast<double>(e.side), e.learning_rate, e.loss, e.validation ? 1.0 : 0.0, v.loss, v.top1, v.top5, static_cast<double>(v.images)};
        numbers.insert(numbers.end(), row.begin(), row.end());
    }
    return io::tensor_data::of<double>({epochs.size(), epoch_numbers}, numbers);
}
VERDANT_DEFINED_ONCE(io::tensor_data epochs_tensor<>(const std::vector<nn::image_epoch>&));

/// A row of `epochs_tensor`. Losses of validations may be anything: networks that diverge have infinite ones, and go on.
/// @throws input_error for what no epoch has
[[nodiscard]] inline nn::image_epoch epoch_of(std::span<const double> row, std::int64_t number, std::string_view source) {
    const auto take = [&](std::size_t column, std::string_view expected, bool right) {
        if (!right) throw input_error{source, "record.epochs, epoch " + std::to_string(number), expected, exact_text(row[column])};
        return row[column];
    };
    const auto count = [&](std::size_t column, std::string_view expected) {
        const auto n = row[column];
        return static_cast<std::int64_t>(take(column, expected, n >= 0 && n <= 1e15 && std::floor(n) == n));
    };
    const auto share = [&](std::size_t column, std::string_view expected) { return take(column, expected, row[column] >= 0 && row[column] <= 1); };
    nn::image_epoch e{.epoch = number,
                      .side = count(0, "the side of images"),
                      .learning_rate = take(1, "a learning rate", std::isfinite(row[1])),
                      .loss = take(2, "the loss of a training, which is finite", std::isfinite(row[2]))};
    if (take(3, "0 or 1, whether it was validated", row[3] == 0 || row[3] == 1) == 1)
        e.validation =
            nn::image_score{row[4], share(5, "a top-1 of 0 to 1"), share(6, "a top-5 of 0 to 1"), count(7, "the number of validation images")};
    return e;
}

/// @throws input_error for other numbers than `epochs_tensor` writes
template <class = instantiated_when_used>
[[nodiscard]] std::vector<nn::image_epoch> epochs_of(const io::tensor_data& t, std::string_view source, std::int64_t most) {
    if (t.type() != io::dtype::f64)
        throw input_error{source, "record.epochs", "elements of type f64", "of type " + std::string{io::name_of(t.type())}};
    if (t.shape().size() != 2 || t.shape()[0] < 1 || t.shape()[0] > static_cast<std::uint64_t>(most) || t.shape()[1] != epoch_numbers)
        throw input_error{source, "record.epochs", "eight numbers of 1 to " + std::to_string(most) + " epochs", io::shape_text(t.shape())};
    const auto numbers = t.to<double>();
    std::vector<nn::image_epoch> out;
    for (std::size_t i = 0; i < numbers.size(); i += epoch_numbers)
        out.push_back(epoch_of(std::span{numbers}.subspan(i, epoch_numbers), static_cast<std::int64_t>(out.size()), source));
    return out;
}
VERDANT_DEFINED_ONCE(std::vector<nn::image_epoch> epochs_of<>(const io::tensor_data&, std::string_view, std::int64_t));

} // namespace detail

/// Keeps where a training with proxies stands in one file, which appears whole or not at all: the net, the velocities, the random stream, what the
/// epochs gave, and what recipe, network and pictures they are of.
/// @throws file_error
template <convolutional_net Net>
void write_proxy_checkpoint(const std::string& path, const Net& net, const image_training_state& state, const proxy_recipe& recipe,
                            const training_subject& of) {
    io::safetensors_content content;
    const auto add = [&content](std::string_view before, const io::named_tensors& all) {
        for (const auto& [name, tensor] : all) content.tensors.add(std::string{before} + name, tensor);
    };
    add(detail::of_net, state_of(net));
    add(detail::of_optimizer, state.optimizer);
    add(detail::of_streams, state.streams);
    content.tensors.add("record.epochs", verdant::nn::detail::epochs_tensor(state.record.epochs));
    content.tensors.add("record.seconds", io::tensor_data::of<double>({}, std::vector<double>{state.record.seconds}));
    content.metadata = verdant::nn::detail::training_identity(recipe, of);
    io::write_file(path, io::as_text(io::to_safetensors(content)));
}

/// Reads such a file: the net has its weights then.
/// @param net of the same network; unchanged where this throws
/// @throws file_error; input_error that names the file and what differs, for a training of another network or of other pictures or by another recipe,
/// and for what is not such a checkpoint file
template <convolutional_net Net>
[[nodiscard]] image_training_state read_proxy_checkpoint(const std::string& path, Net& net, const proxy_recipe& recipe, const training_subject& of) {
    const auto content = io::parse_safetensors(io::byte_source::open(path));
    for (const auto& [name, now] : verdant::nn::detail::training_identity(recipe, of)) {
        std::string begun = "nothing";
        for (const auto& [known, value] : content.metadata)
            if (known == name) begun = '\'' + value + '\'';
        if (begun != '\'' + now + '\'')
            throw input_error{path, name, '\'' + now + "' as now, or another folder of checkpoints", begun + ", with which the training was begun"};
    }
    image_training_state state;
    io::named_tensors weights{path};
    state.optimizer = io::named_tensors{path};
    state.streams = io::named_tensors{path};
    for (const auto& [name, tensor] : content.tensors) {
        const auto put = [&name, &tensor](std::string_view before, io::named_tensors& to) {
            const bool is = name.starts_with(before);
            if (is) to.add(name.substr(before.size()), tensor);
            return is;
        };
        if (!put(detail::of_net, weights) && !put(detail::of_optimizer, state.optimizer) && !put(detail::of_streams, state.streams) &&
            !name.starts_with(detail::of_record))
            throw input_error{path, "tensor " + name, "only tensors of a training with proxies", "another one"};
    }
    state.record.epochs = verdant::nn::detail::epochs_of(content.tensors.at("record.epochs"), path, recipe.epochs);
    state.epochs = static_cast<std::int64_t>(state.record.epochs.size());
    const auto seconds = content.tensors.at("record.seconds").template to<double>();
    if (seconds.size() != 1 || !(seconds[0] >= 0) || !std::isfinite(seconds[0]))
        throw input_error{path, "record.seconds", "a time of 0 s or more",
                          seconds.size() == 1 ? exact_text(seconds[0]) : std::to_string(seconds.size()) + " numbers"};
    state.record.seconds = seconds[0];
    for (const auto& e : state.record.epochs)
        if (e.validation) verdant::nn::detail::keep_best(state.record, *e.validation);
    load_state(net, weights, may_lack::nothing);
    return state;
}

} // namespace verdant::nn
