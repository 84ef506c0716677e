#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/forest/boosted_trees.hpp>
#include <verdant/surrogate/forest/xgboost_json.hpp>
#include <verdant/surrogate/forest/xgboost_model.hpp>
#include <verdant/surrogate/forest/xgboost_ubjson.hpp>
#include <verdant/surrogate/kernel/support_vector_json.hpp>
#include <verdant/surrogate/kernel/support_vector_regressor.hpp>
#include <verdant/tabular/target_model.hpp>
#include <verdant/text/closest_name.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

/// Surrogates as folders: `model.json` says what is predicted and lists the members, each a file in the form that its family has elsewhere, so that XGBoost
/// reads boosted trees and who knows scikit-learn's names the others.
///
///     {"format": "verdant surrogate 1", "target": "val_top1", "unit": "%", "parameters": ["block0_e", ...],
///      "members": [{"family": "boosted_trees", "file": "member_1.json"}, ...]}
namespace verdant::tabular {

namespace detail {

inline constexpr std::string_view surrogate_format = "verdant surrogate 1";
inline constexpr std::string_view surrogate_list = "model.json";

inline void write_member(const std::string& path, const fitted_model& member) {
    std::visit(
        [&path]<class M>(const M& m) {
            if constexpr (std::is_same_v<M, surrogate::boosted_trees>) surrogate::write_xgboost_json(path, surrogate::xgboost_model{m, "reg:squarederror", {}, {}, {}});
            else surrogate::write_support_vectors(path, m);
        },
        member.model());
}

[[nodiscard]] inline fitted_model read_member(const std::string& path, std::string_view family, std::string_view source, const std::string& place) {
    if (family == "boosted_trees") return fitted_model::any_model{surrogate::read_xgboost(path).trees};
    if (family == "support_vectors") return fitted_model::any_model{surrogate::read_support_vectors(path)};
    constexpr std::array<std::string_view, 2> families{"boosted_trees", "support_vectors"};
    throw input_error{source, place, "one of " + io::name_list(families), '\'' + std::string{family} + '\'' + io::did_you_mean(family, families)};
}

template <class Json>
[[nodiscard]] std::string text_member(const Json& object, std::string_view source, const std::string& where, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_string())
        throw input_error{source, where + name, "a text", found == object.end() ? "nothing" : found->type_name()};
    return found->template get<std::string>();
}

template <class Json>
[[nodiscard]] const Json& list_member(const Json& object, std::string_view source, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_array()) throw input_error{source, name, "a list", found == object.end() ? "nothing" : found->type_name()};
    return *found;
}

} // namespace detail

/// Writes a surrogate into a folder, which is made. `model.json` comes last: a folder without it holds nothing that was finished. What stood there as a
/// surrogate is replaced.
/// @throws file_error, also where there is something else at that path
template <class = instantiated_when_used>
void write_target_model(const std::string& folder, const target_model& model) {
    namespace fs = std::filesystem;
    const fs::path path{folder};
    const auto list = path / detail::surrogate_list;
    std::error_code failure;
    if (fs::exists(path, failure) && !fs::exists(list, failure) && !(fs::is_directory(path, failure) && fs::is_empty(path, failure)))
        throw file_error{folder, "write", "something else than a surrogate is there"};
    fs::create_directories(path, failure);
    if (failure) throw file_error{folder, "make the folder", failure.message()};
    fs::remove(list, failure);
    if (failure) throw file_error{list.string(), "remove", failure.message()};
    nlohmann::ordered_json to{{"format", detail::surrogate_format}, {"target", model.target()}, {"unit", model.unit()}};
    to["parameters"] = std::vector<std::string>(model.parameters().begin(), model.parameters().end());
    auto& members = to["members"] = nlohmann::ordered_json::array();
    for (std::size_t m = 0; m < model.members().size(); ++m) {
        const auto name = "member_" + std::to_string(m + 1) + ".json";
        detail::write_member((path / name).string(), model.members()[m]);
        members.push_back({{"family", model.members()[m].family()}, {"file", name}});
    }
    for (auto m = model.members().size() + 1; fs::remove(path / ("member_" + std::to_string(m) + ".json"), failure); ++m) {} // of a larger one before
    io::write_json(list.string(), to, 1);
}

/// Reads a surrogate of a folder. Everything is used or refused by its name.
/// @throws file_error, or input_error that names file and member
template <class = instantiated_when_used>
[[nodiscard]] target_model read_target_model(const std::string& folder) {
    const std::filesystem::path path{folder};
    const auto source = (path / detail::surrogate_list).string();
    const auto from = io::read_json<nlohmann::ordered_json>(source);
    if (!from.is_object()) throw input_error{source, "", "an object that describes a surrogate", from.type_name()};
    io::check_members(from, source, "", std::array<std::string_view, 5>{"format", "target", "unit", "parameters", "members"});
    if (const auto format = detail::text_member(from, source, "", "format"); format != detail::surrogate_format)
        throw input_error{source, "format", '\'' + std::string{detail::surrogate_format} + '\'', '\'' + format + '\''};
    std::vector<std::string> parameters;
    for (const auto& name : detail::list_member(from, source, "parameters")) {
        if (!name.is_string()) throw input_error{source, "parameters", "texts", name.type_name()};
        parameters.push_back(name.get<std::string>());
    }
    std::vector<fitted_model> members;
    for (const auto& member : detail::list_member(from, source, "members")) {
        const auto where = "members[" + std::to_string(members.size()) + ']';
        if (!member.is_object()) throw input_error{source, where, "an object of a family and a file", member.type_name()};
        io::check_members(member, source, where + '.', std::array<std::string_view, 2>{"family", "file"});
        const auto file = detail::text_member(member, source, where + '.', "file");
        if (file.empty() || std::filesystem::path{file}.filename() != std::filesystem::path{file} || file == "..")
            throw input_error{source, where + ".file", "the name of a file in the same folder", '\'' + file + '\''};
        members.push_back(detail::read_member((path / file).string(), detail::text_member(member, source, where + '.', "family"), source, where + ".family"));
    }
    return {detail::text_member(from, source, "", "target"), detail::text_member(from, source, "", "unit"), std::move(parameters), std::move(members), source};
}

} // namespace verdant::tabular
