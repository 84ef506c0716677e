#pragma once

#include <verdant/space/point.hpp>
#include <verdant/spaces/carbon_nas/transformer.hpp>
#include <verdant/workload/transformer/bert.hpp>
#include <verdant/workload/transformer/llama.hpp>
#include <verdant/workload/transformer/text_model.hpp>
#include <verdant/workload/transformer/vit.hpp>

#include <concepts>

/// The models of points of `spaces::transformer`, and of larger spaces that have one below `model`. Their evaluator is
///
///     co_design_costs cost{workload::bert_base_uncased};                            // texts of 512 tokens
///     co_design_costs shorter{workload::text_model{workload::bert_base_uncased, 128}};
namespace verdant::detail {

template <class Space>
concept nests_transformer = search_space<Space> && spaces::transformer_space<typename find_nested<"model", 0, typename Space::elements>::space_type>;

template <class Config>
concept truncatable_config =
    std::same_as<Config, workload::bert_config> || std::same_as<Config, workload::vit_config> || std::same_as<Config, workload::llama_config>;

} // namespace verdant::detail

namespace verdant {

/// The truncated model of a point, which is the space itself or stands below `model`.
/// @param base the model that points truncate
/// @throws input_error as `spaces::transformer_of`
template <class Space, detail::truncatable_config Config>
    requires spaces::transformer_space<Space> || detail::nests_transformer<Space>
[[nodiscard]] constexpr Config model_at(const point<Space>& p, const Config& base) {
    if constexpr (spaces::transformer_space<Space>) return spaces::transformer_of(p, base);
    else return spaces::transformer_of(p.template nested<"model">(), base);
}

/// The same for texts of a length of their own.
template <class Space, detail::truncatable_config Config>
    requires spaces::transformer_space<Space> || detail::nests_transformer<Space>
[[nodiscard]] constexpr workload::text_model<Config> model_at(const point<Space>& p, const workload::text_model<Config>& base) {
    return {model_at(p, base.config), base.tokens};
}

} // namespace verdant
