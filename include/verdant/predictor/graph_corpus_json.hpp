#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/predictor/graph_corpus.hpp>
#include <verdant/spaces/autobuild/mbconv_config.hpp>
#include <verdant/spaces/autobuild/mbconv_json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

/// Corpora as JSON in the form of AutoBuild's caches, which are such lists pickled:
///
///     [{"original config": [224, [["mbconv3_e3_k7", ...], ...]], "acc": 0.76, "latency_gpu": 8.1}, ...]
namespace verdant::predictor {

/// Reads a corpus. Its metrics are all numbers that some entry has beside its configuration; others have none of them, or null (NaN). Other members
/// are left alone.
/// @param family of the sub-networks; by default that of the first block
/// @throws input_error that names source and entry where something is not as it must be, also where there is no entry
template <class = instantiated_when_used>
[[nodiscard]] graph_corpus parse_graph_corpus_json(std::string_view text, std::string_view source, std::optional<spaces::mbconv_family> family = {}) {
    const auto all = io::parse_json<nlohmann::ordered_json>(text, source);
    if (!all.is_array()) throw input_error{source, "", "a list of sub-networks", all.type_name()};
    if (all.empty()) throw input_error{source, "", "at least one sub-network", "none"};
    graph_corpus corpus;
    corpus.source = source;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto place = "entry " + std::to_string(i + 1);
        const auto& from = all[i];
        const auto found = from.is_object() ? from.find("original config") : from.end();
        if (found == from.end() || !found->is_array() || found->size() != 2)
            throw input_error{source, place, "an object with an 'original config' of a resolution and a list of units", from.is_object() ? "another" : from.type_name()};
        const auto& resolution = (*found)[0];
        if (!resolution.is_number_integer() || resolution < 1 || resolution > 8192)
            throw input_error{source, place + ", resolution", "a whole number from 1 to 8192", resolution.is_number() ? resolution.dump() : resolution.type_name()};
        const auto& units = (*found)[1];
        if (i == 0) {
            const bool named = units.is_array() && !units.empty() && units[0].is_array() && !units[0].empty() && units[0][0].is_string();
            corpus.family = family.value_or(named && units[0][0].get<std::string>().starts_with("mbconv2") ? spaces::mbconv_family::pn : spaces::mbconv_family::mbv3);
        }
        auto& entry = corpus.entries.emplace_back();
        entry.config = {corpus.family, resolution.get<int>(), spaces::units_from_json(units, corpus.family, source, place)};
        spaces::require_units_of(corpus.family, entry.config.units, source, place);
        entry.values.assign(corpus.metrics.size(), std::numeric_limits<double>::quiet_NaN());
        for (const auto& [name, value] : from.items()) {
            if (!value.is_number()) continue;
            auto at = static_cast<std::size_t>(std::find(corpus.metrics.begin(), corpus.metrics.end(), name) - corpus.metrics.begin());
            if (at == corpus.metrics.size()) {
                if (at == 1000) throw input_error{source, place, "at most 1000 metrics", "another, '" + name + '\''};
                corpus.metrics.push_back(name);
                for (auto& e : corpus.entries) e.values.push_back(std::numeric_limits<double>::quiet_NaN());
            }
            entry.values[at] = value.template get<double>();
        }
    }
    // What is a number elsewhere is one here, too: as a text it would be missing without a word.
    for (std::size_t i = 0; i < all.size(); ++i)
        for (const auto& [name, value] : all[i].items())
            if (!value.is_number() && !value.is_null() && std::find(corpus.metrics.begin(), corpus.metrics.end(), name) != corpus.metrics.end())
                throw input_error{source, "entry " + std::to_string(i + 1) + ", " + name, "a number or null, as other entries have it",
                                  value.is_string() ? '\'' + value.template get<std::string>() + '\'' : value.type_name()};
    return corpus;
}
VERDANT_DEFINED_ONCE(graph_corpus parse_graph_corpus_json<>(std::string_view, std::string_view, std::optional<spaces::mbconv_family>));

/// Reads a corpus from a file. Throws file_error or input_error, which name the file.
[[nodiscard]] inline graph_corpus read_graph_corpus_json(const std::string& path, std::optional<spaces::mbconv_family> family = {}) {
    return parse_graph_corpus_json(io::read_file(path), path, family);
}

/// The text of a corpus, which `parse_graph_corpus_json` reads back: an entry a line.
/// @throws input_error where a name or a number is none that JSON can have
template <class = instantiated_when_used>
[[nodiscard]] std::string graph_corpus_json_text(const graph_corpus& corpus) {
    std::string text = "[";
    for (std::size_t i = 0; i < corpus.entries.size(); ++i) {
        const auto& e = corpus.entries[i];
        nlohmann::ordered_json entry;
        entry["original config"] = {e.config.resolution, spaces::units_json(e.config.units, e.config.family)};
        for (std::size_t m = 0; m < corpus.metrics.size(); ++m) {
            if (std::isinf(e.values[m])) throw input_error{"corpus", "entry " + std::to_string(i + 1) + ", " + corpus.metrics[m], "a finite number", "an infinite one"};
            if (!std::isnan(e.values[m])) entry[corpus.metrics[m]] = e.values[m];
        }
        try {
            text += (i == 0 ? "\n" : ",\n") + entry.dump();
        } catch (const nlohmann::json::exception&) { throw input_error{"corpus", "entry " + std::to_string(i + 1), "names of metrics in UTF-8", "another"}; }
    }
    return text + "\n]\n";
}
VERDANT_DEFINED_ONCE(std::string graph_corpus_json_text<>(const graph_corpus&));

} // namespace verdant::predictor
