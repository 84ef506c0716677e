#pragma once

#include <verdant/goal/standard_metrics.hpp>
#include <verdant/goal/trial.hpp>
#include <verdant/published/published_front.hpp>
#include <verdant/report/report.hpp>
#include <verdant/search/result.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>
#include <verdant/spaces/carbon_nas/clip_co_design.hpp>
#include <verdant/spaces/carbon_nas/transformer.hpp>
#include <verdant/units.hpp>
#include <verdant/workload/transformer/clip.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>
#include <verdant/workload/transformer/clip_parameters.hpp>

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The result files of the published searches, as tables.
namespace verdant::published {

/// A parameter of the published searches under the name that result files have (CATransformers, optimization/optimizer_<mode>.py and
/// optimizer_<mode>_hf.py).
struct published_parameter {
    /// What a value counts: itself, or blocks of the unpruned model's size, eighths for CLIP and sixteenths for other models.
    enum class unit : std::uint8_t { itself, ffn_blocks, width_blocks };
    enum class part : std::uint8_t { text, vision, model, hardware };

    std::string_view name;      ///< in this library, without the prefix `hw.` where the accelerator is the whole space
    std::string_view published; ///< in the original
    part of;
    unit counts = unit::itself;
};

/// The columns of the published result files that hold parameters, in their order.
inline constexpr std::array published_parameters{
    published_parameter{"text.layers", "num_hidden_layers", published_parameter::part::text},
    published_parameter{"text.ffn", "intermediate_size", published_parameter::part::text, published_parameter::unit::ffn_blocks},
    published_parameter{"text.width", "hidden_size", published_parameter::part::text, published_parameter::unit::width_blocks},
    published_parameter{"text.heads", "num_attn_heads", published_parameter::part::text},
    published_parameter{"vision.layers", "vision_num_hidden_layers", published_parameter::part::vision},
    published_parameter{"vision.ffn", "vision_intermediate_size", published_parameter::part::vision, published_parameter::unit::ffn_blocks},
    published_parameter{"vision.width", "vision_hidden_size", published_parameter::part::vision, published_parameter::unit::width_blocks},
    published_parameter{"vision.heads", "vision_num_attn_heads", published_parameter::part::vision},
    published_parameter{"model.layers", "num_hidden_layers", published_parameter::part::model},
    published_parameter{"model.ffn", "intermediate_size", published_parameter::part::model, published_parameter::unit::ffn_blocks},
    published_parameter{"model.width", "hidden_size", published_parameter::part::model, published_parameter::unit::width_blocks},
    published_parameter{"model.heads", "num_attn_heads", published_parameter::part::model},
    published_parameter{"hw.clusters", "cluster_num", published_parameter::part::hardware},
    published_parameter{"hw.width", "width", published_parameter::part::hardware},
    published_parameter{"hw.depth", "depth", published_parameter::part::hardware},
    published_parameter{"hw.l2_kib", "l2_sram_choices_KB", published_parameter::part::hardware},
    published_parameter{"hw.l2_bandwidth", "l2_bw", published_parameter::part::hardware},
    published_parameter{"hw.glb_mib", "glb_buffer_MB", published_parameter::part::hardware},
};

/// The value that the original has for a parameter of a point.
/// @param base the unpruned model: a `workload::clip_config`, or a configuration with one `ffn` and one `width`
template <class Base>
[[nodiscard]] constexpr std::int64_t published_value(const published_parameter& p, std::int64_t value, const Base& base) {
    const auto blocks = [&](std::int64_t count, const auto& sizes) {
        return value * count / (p.counts == published_parameter::unit::ffn_blocks ? sizes.ffn : sizes.width);
    };
    if (p.counts == published_parameter::unit::itself) return value;
    if constexpr (std::same_as<Base, workload::clip_config>) return blocks(8, p.of == published_parameter::part::text ? base.text : base.vision);
    else return blocks(spaces::transformer_blocks, base);
}

namespace detail {

template <class Space>
[[nodiscard]] constexpr std::size_t position_of(const published_parameter& p) {
    const auto whole = view_of<Space>.find(p.name);
    if constexpr (spaces::accelerator_space<Space>)
        if (whole == parameter_count<Space> && p.name.starts_with("hw.")) return view_of<Space>.find(p.name.substr(3));
    return whole;
}

/// Whether points are models whose sizes may be shares of the base's.
template <class Space, class Base>
inline constexpr bool describes_clip = spaces::clip_space<Space> && std::same_as<Base, workload::clip_config>;

/// The size of a CLIP that a parameter of `part::text` or `part::vision` is.
[[nodiscard]] constexpr std::int64_t size_of(const published_parameter& p, const workload::clip_config& c) {
    const auto& tower = p.of == published_parameter::part::text ? c.text : c.vision;
    const auto size = p.name.substr(p.name.find('.') + 1);
    return size == "layers" ? tower.layers : size == "ffn" ? tower.ffn : size == "width" ? tower.width : tower.heads;
}

/// Whether the blocks of a space's models can be counted with a base of this type.
template <class Space, class Base>
[[nodiscard]] consteval bool counts_blocks() {
    if (spaces::clip_space<Space> && !std::same_as<Base, workload::clip_config>) return false;
    for (const auto& p : published_parameters) {
        const bool of_clip = p.of == published_parameter::part::text || p.of == published_parameter::part::vision;
        if (p.counts == published_parameter::unit::itself || position_of<Space>(p) == parameter_count<Space>) continue;
        if (of_clip != std::same_as<Base, workload::clip_config>) return false;
    }
    return true;
}

} // namespace detail

/// A point as the original prints it, a Python dictionary: `{'num_hidden_layers': 6, ...}`. Parameters that the published searches do not have are
/// left out.
template <search_space Space, class Base>
[[nodiscard]] std::string published_text(const point<Space>& p, const Base& base) {
    constexpr bool fits = detail::counts_blocks<Space, Base>();
    static_assert(fits, "verdant: these points describe models of another kind than the base; give the unpruned model as the last argument, for "
                        "example workload::bert_base_uncased");
    std::string text = "{";
    if constexpr (fits) {
        const auto add = [&](const published_parameter& q, std::int64_t value) {
            text += text.size() > 1 ? ", '" : "'";
            text += q.published;
            text += "': ";
            text += std::to_string(published_value(q, value, base));
        };
        for (const auto& q : published_parameters) {
            const bool of_clip = q.of == published_parameter::part::text || q.of == published_parameter::part::vision;
            if constexpr (detail::describes_clip<Space, Base>) {
                if (of_clip) {
                    add(q, detail::size_of(q, spaces::clip_of(p, base)));
                    continue;
                }
            }
            if (const auto at = detail::position_of<Space>(q); at != parameter_count<Space>) add(q, view_of<Space>.code_of(at, p[at]));
        }
    }
    return text + '}';
}

/// The columns of a trial in the units of the published files; NaN where the goals do not record a metric.
template <class Space, class Goals>
[[nodiscard]] published_row published_row_of(const trial<Space, Goals>& t) {
    published_row row;
    row.fill(std::numeric_limits<double>::quiet_NaN());
    const auto put = [&]<class Metric>(column c, double factor) {
        if constexpr (Goals::metrics_type::template has<Metric>) row[static_cast<std::size_t>(c)] = to_si(t.template get<Metric>()) / factor;
    };
    put.template operator()<verdant::accuracy>(column::accuracy, 1);
    put.template operator()<verdant::total_carbon>(column::carbon, kilograms_co2e::factor);
    put.template operator()<verdant::latency>(column::latency, seconds::factor);
    put.template operator()<verdant::area>(column::area, square_micrometres::factor);
    put.template operator()<verdant::lifetime_energy>(column::energy, kilowatt_hours::factor);
    put.template operator()<verdant::tops>(column::tops, 1);
    return row;
}

/// Bytes of a pruned model as the original counts them: 32-bit parameters and the context x context mask.
[[nodiscard]] constexpr std::int64_t stored_bytes(const workload::clip_config& c) {
    return 4 * (workload::parameters(c) + std::int64_t{c.context} * c.context);
}

/// Completed trials with the columns of the published result file of their mode (CATransformers, `results/<name>/<name>.csv`):
/// those of `Trial Number,Accuracy,Carbon,Latency,Parameters,Model size,Area,Energy,TOPs` that the goals record; the model's size where the point
/// describes a CLIP. Failed trials are left out: the original has no row for them.
/// @param base the unpruned model: a `workload::clip_config`, or a `bert_config`, `vit_config` or `llama_config`
template <class Space, class Goals, class Base = workload::clip_config>
[[nodiscard]] report published_table(std::span<const trial<Space, Goals>> trials, const Base& base = workload::clip_named("ViT-B-16")) {
    using record = typename Goals::metrics_type;
    constexpr bool model = detail::describes_clip<Space, Base>;
    struct shown {
        column value;
        std::string_view name;
        bool present;
    };
    const std::array before{shown{column::accuracy, "Accuracy", record::template has<verdant::accuracy>},
                            shown{column::carbon, "Carbon", record::template has<verdant::total_carbon>},
                            shown{column::latency, "Latency", record::template has<verdant::latency>}};
    const std::array after{shown{column::area, "Area", record::template has<verdant::area>},
                           shown{column::energy, "Energy", record::template has<verdant::lifetime_energy>},
                           shown{column::tops, "TOPs", record::template has<verdant::tops>}};
    report made;
    made.columns.emplace_back("Trial Number");
    for (const auto& c : before)
        if (c.present) made.columns.emplace_back(c.name);
    made.columns.emplace_back("Parameters");
    if (model) made.columns.emplace_back("Model size");
    for (const auto& c : after)
        if (c.present) made.columns.emplace_back(c.name);
    for (const auto& t : trials) {
        if (!t.completed()) continue;
        const auto values = published_row_of(t);
        auto& row = made.rows.emplace_back();
        row.push_back(std::to_string(t.number));
        for (const auto& c : before)
            if (c.present) row.push_back(exact_text(values[static_cast<std::size_t>(c.value)]));
        row.push_back(published_text(t.point, base));
        if constexpr (model) {
            char size[32]; // not as printf writes it, which follows the locale
            const auto mebibytes = static_cast<double>(stored_bytes(spaces::clip_of(t.point, base))) / (1024.0 * 1024.0);
            row.push_back(std::string{size, std::to_chars(size, size + sizeof size, mebibytes, std::chars_format::fixed, 3).ptr} + "MB");
        }
        for (const auto& c : after)
            if (c.present) row.push_back(exact_text(values[static_cast<std::size_t>(c.value)]));
    }
    return made;
}
template <class Space, class Goals, class Base = workload::clip_config>
[[nodiscard]] report published_table(const std::vector<trial<Space, Goals>>& trials, const Base& base = workload::clip_named("ViT-B-16")) {
    return published_table(std::span<const trial<Space, Goals>>{trials}, base);
}

/// The trials that the original's front of a mode holds, which is not `result.front()`: it is filtered by fewer limits and lets equal trials
/// eliminate each other (see `front_rule`). Limits are the published ones.
/// @param mode  `carbon`, `latency`, `energy`, `all`, `all-hw` or `energy-model`; those of other models than CLIP have the same rules
/// @param equal `keep_first` for a front without mutual elimination
/// @throws input_error for another mode
template <class Space, class Goals>
[[nodiscard]] std::vector<trial<Space, Goals>> published_front_of(const search_result<Space, Goals>& result, std::string_view mode,
                                                                  pareto::equal_vectors equal = pareto::equal_vectors::keep_none) {
    std::vector<published_row> rows;
    std::vector<const trial<Space, Goals>*> from;
    for (const auto& t : result.trials())
        if (t.completed()) {
            rows.push_back(published_row_of(t));
            from.push_back(&t);
        }
    std::vector<trial<Space, Goals>> front;
    for (const auto i : published_front(rows, front_rule_of(mode), published_limits(), equal)) front.push_back(*from[i]);
    return front;
}

} // namespace verdant::published
