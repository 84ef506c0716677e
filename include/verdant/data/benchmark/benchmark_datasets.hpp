#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/text/utf8.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The names of the benchmark's data sets, lists of such names, and templates of paths that hold them.
namespace verdant::io {

/// The data sets of CarbonNAAS' benchmark, by the names of LAION-AI/CLIP_benchmark (CATransformers, final_model_training): three of
/// retrieval, then seventeen and the twenty of VTAB of classification.
inline constexpr std::array<std::string_view, 40> benchmark_datasets{"wds/mscoco_captions",
                                                                     "wds/flickr8k",
                                                                     "wds/flickr30k",
                                                                     "wds/imagenet1k",
                                                                     "wds/imagenetv2",
                                                                     "wds/imagenet_sketch",
                                                                     "wds/imagenet-a",
                                                                     "wds/imagenet-r",
                                                                     "wds/imagenet-o",
                                                                     "wds/objectnet",
                                                                     "wds/fer2013",
                                                                     "wds/voc2007",
                                                                     "wds/voc2007_multilabel",
                                                                     "wds/sun397",
                                                                     "wds/cars",
                                                                     "wds/fgvc_aircraft",
                                                                     "wds/stl10",
                                                                     "wds/gtsrb",
                                                                     "wds/country211",
                                                                     "wds/renderedsst2",
                                                                     "wds/vtab/caltech101",
                                                                     "wds/vtab/cifar10",
                                                                     "wds/vtab/cifar100",
                                                                     "wds/vtab/clevr_count_all",
                                                                     "wds/vtab/clevr_closest_object_distance",
                                                                     "wds/vtab/diabetic_retinopathy",
                                                                     "wds/vtab/dmlab",
                                                                     "wds/vtab/dsprites_label_orientation",
                                                                     "wds/vtab/dsprites_label_x_position",
                                                                     "wds/vtab/dsprites_label_y_position",
                                                                     "wds/vtab/dtd",
                                                                     "wds/vtab/eurosat",
                                                                     "wds/vtab/kitti_closest_vehicle_distance",
                                                                     "wds/vtab/flowers",
                                                                     "wds/vtab/pets",
                                                                     "wds/vtab/pcam",
                                                                     "wds/vtab/resisc45",
                                                                     "wds/vtab/smallnorb_label_azimuth",
                                                                     "wds/vtab/smallnorb_label_elevation",
                                                                     "wds/vtab/svhn"};

/// A named part of the data sets: `carbonnaas` (all 40), `retrieval` (3), `imagenet` (ImageNet and its variants, 7), `vtab` (20). Empty for
/// other names.
[[nodiscard]] inline std::vector<std::string> dataset_collection(std::string_view name) {
    std::size_t first = 0, count = 0;
    if (name == "carbonnaas") count = benchmark_datasets.size();
    else if (name == "retrieval") count = 3;
    else if (name == "imagenet") first = 3, count = 7;
    else if (name == "vtab") first = 20, count = 20;
    const auto all = benchmark_datasets.begin() + static_cast<std::ptrdiff_t>(first);
    return {all, all + static_cast<std::ptrdiff_t>(count)};
}

/// Names of data sets, one a line; spaces around them, empty lines and lines that begin with # do not count.
/// @throws input_error where there are none
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::string> parse_dataset_list(std::string_view text, std::string_view source) {
    std::vector<std::string> out;
    text = without_byte_order_mark(text);
    while (!text.empty()) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        const auto first = line.find_first_not_of(" \t\r");
        if (first == std::string_view::npos || line[first] == '#') continue;
        line.remove_prefix(first);
        out.emplace_back(line.substr(0, line.find_last_not_of(" \t\r") + 1));
    }
    if (out.empty()) throw input_error{source, "", "a name of a data set on each line", "none"};
    return out;
}
VERDANT_DEFINED_ONCE(std::vector<std::string> parse_dataset_list<>(std::string_view, std::string_view));

/// A data set's name without the prefix `wds/`.
[[nodiscard]] inline std::string_view bare_dataset_name(std::string_view name) { return name.starts_with("wds/") ? name.substr(4) : name; }

/// A text with every `from` replaced.
[[nodiscard]] inline std::string with_replaced(std::string text, char from, char to) {
    std::replace(text.begin(), text.end(), from, to);
    return text;
}

/// Puts values where a template has their names in braces: `"{model}_{task}.json"`. The values themselves are not looked into.
/// @param source what errors call the template: an option's name
/// @throws input_error for a name that is not among the fields, or a brace that is not closed
template <class = instantiated_when_used>
[[nodiscard]] std::string fill_template(std::string_view pattern, const std::vector<std::pair<std::string_view, std::string>>& fields,
                                        std::string_view source) {
    std::string out;
    while (true) {
        const auto open = pattern.find_first_of("{}");
        out += pattern.substr(0, open);
        if (open == std::string_view::npos) return out;
        const auto close = pattern[open] == '{' ? pattern.find('}', open) : std::string_view::npos;
        if (close == std::string_view::npos) throw input_error{source, "", "braces in pairs", "'" + std::string{pattern.substr(open)} + "'"};
        const auto name = pattern.substr(open + 1, close - open - 1);
        const auto field = std::find_if(fields.begin(), fields.end(), [name](const auto& f) { return f.first == name; });
        if (field == fields.end()) {
            std::string known;
            for (const auto& f : fields) known += (known.empty() ? "{" : ", {") + std::string{f.first} + "}";
            throw input_error{source, "", known, "'{" + std::string{name} + "}'"};
        }
        out += field->second;
        pattern.remove_prefix(close + 1);
    }
}
VERDANT_DEFINED_ONCE(std::string fill_template<>(std::string_view, const std::vector<std::pair<std::string_view, std::string>>&, std::string_view));

} // namespace verdant::io
