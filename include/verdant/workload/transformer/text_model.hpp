#pragma once

#include <verdant/workload/graph/fusion.hpp>

#include <concepts>

namespace verdant::workload {

/// The configuration of a model that reads texts, `bert_config` or `llama_config`: its operators depend on the length of the text.
template <class Config>
concept text_config = requires(const Config& c, int tokens) {
    { operators(c, tokens) } -> std::convertible_to<model>;
};

/// A model and the length of the texts that it reads, in tokens, padding included. A configuration alone stands for 512.
template <text_config Config>
struct text_model {
    Config config;
    int tokens = 512;

    friend constexpr bool operator==(const text_model&, const text_model&) = default;
};
template <class Config>
text_model(Config, int) -> text_model<Config>;

/// The operators of one inference.
/// @throws input_error if the configuration is not well formed, or the text longer than it allows
template <class Config>
[[nodiscard]] constexpr model operators(const text_model<Config>& m) {
    return operators(m.config, m.tokens);
}

} // namespace verdant::workload
