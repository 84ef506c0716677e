#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/forest/boosted_trees.hpp>
#include <verdant/surrogate/forest/distributional_trees.hpp>
#include <verdant/surrogate/forest/forest_json.hpp>
#include <verdant/surrogate/forest/tree_forest.hpp>
#include <verdant/surrogate/forest/xgboost_json.hpp>
#include <verdant/surrogate/forest/xgboost_model.hpp>
#include <verdant/surrogate/forest/xgboost_ubjson.hpp>
#include <verdant/surrogate/kernel/support_vector_json.hpp>
#include <verdant/surrogate/kernel/support_vector_regressor.hpp>
#include <verdant/surrogate/logarithmic.hpp>
#include <verdant/tabular/target_model.hpp>
#include <verdant/text/closest_name.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

/// Surrogates as folders: `model.json` says what is predicted and lists the members, each a file in the form that its family has elsewhere, so that
/// XGBoost reads boosted trees and who knows scikit-learn's names the others.
///
///     {"format": "verdant surrogate 1", "target": "val_top1", "unit": "%", "parameters": ["block0_e", ...],
///      "members": [{"family": "boosted_trees", "file": "member_1.json"}, ...]}
///
/// A member that was fitted to logarithms says so: `"labels": "logarithm"`.
namespace verdant::tabular {

/// The trees of a model of XGBoost's over the indices of parameters. Where it names its features, as one that was trained with a table of pandas
/// does, these are the parameters in their order, or no parameter is called like any of them (`f0`, `f1`, ...): in another order, they would be taken
/// one for the other.
/// @param source what errors call the model
/// @throws input_error that names the first feature that is not as it must be
[[nodiscard]] inline surrogate::boosted_trees trees_over(surrogate::xgboost_model model, std::span<const std::string> parameters,
                                                         std::string_view source) {
    surrogate::check_feature_names(model.feature_names, parameters, source);
    return std::move(model.trees);
}

namespace detail {

inline constexpr std::string_view surrogate_format = "verdant surrogate 1";
inline constexpr std::string_view surrogate_list = "model.json";

inline void write_member(const std::string& path, const fitted_model& member) {
    std::visit(
        [&path]<class M>(const M& m) {
            if constexpr (std::is_same_v<M, surrogate::boosted_trees>)
                surrogate::write_xgboost_json(path, surrogate::xgboost_model{m, "reg:squarederror", {}, {}, {}});
            else if constexpr (std::is_same_v<M, surrogate::tree_forest>) surrogate::write_forest(path, m);
            else if constexpr (std::is_same_v<M, surrogate::distributional_trees>) surrogate::write_distributional_trees(path, m);
            else surrogate::write_support_vectors(path, m);
        },
        member.model());
}

/// @pre the family is one of `fitted_model::families`
[[nodiscard]] inline fitted_model::any_model read_member(const std::string& path, std::string_view family, std::span<const std::string> parameters) {
    switch (std::find(fitted_model::families.begin(), fitted_model::families.end(), family) - fitted_model::families.begin()) {
    case 0: return trees_over(surrogate::read_xgboost(path), parameters, path);
    case 1: return surrogate::read_forest(path);
    case 2: return surrogate::read_distributional_trees(path);
    default: return surrogate::read_support_vectors(path);
    }
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
    if (found == object.end() || !found->is_array())
        throw input_error{source, name, "a list", found == object.end() ? "nothing" : found->type_name()};
    return *found;
}

} // namespace detail

namespace detail {

/// Whether a folder is a surrogate, or what a write that was cut off has left of one: members without a list. Other programs, too, call a file
/// `model.json`.
[[nodiscard]] inline bool holds_surrogate(const std::filesystem::path& folder) {
    namespace fs = std::filesystem;
    std::error_code failure;
    if (!fs::is_directory(folder, failure)) return false;
    if (const auto list = (folder / surrogate_list).string(); fs::exists(list, failure)) try {
            const auto object = io::parse_json(io::read_file(list), list);
            const auto format = object.is_object() ? object.find("format") : object.end();
            return format != object.end() && *format == surrogate_format;
        } catch (const input_error&) { return false; }
    fs::directory_iterator file{folder, failure}, end;
    for (; !failure && file != end; file.increment(failure)) {
        const auto name = file->path().filename().string();
        if (!name.starts_with("member_") || !(name.ends_with(".json") || name.ends_with(".json.new"))) return false;
    }
    return !failure;
}

} // namespace detail

/// Writes a surrogate into a folder, which is made. `model.json` comes last: a folder without it holds nothing that was finished. What stood there as
/// a surrogate is replaced once all members of the new one are written.
/// @throws file_error, also where there is something else at that path, such as another program's `model.json`
template <class = instantiated_when_used>
void write_target_model(const std::string& folder, const target_model& model) {
    namespace fs = std::filesystem;
    const fs::path path{folder};
    const auto list = path / detail::surrogate_list;
    std::error_code failure;
    if (fs::exists(path, failure) && !detail::holds_surrogate(path)) throw file_error{folder, "write", "something else than a surrogate is there"};
    fs::create_directories(path, failure);
    if (failure) throw file_error{folder, "make the folder", failure.message()};
    const auto member_file = [&path](std::size_t m) { return path / ("member_" + std::to_string(m + 1) + ".json"); };
    const auto unfinished = [&member_file](std::size_t m) { return member_file(m) += ".new"; };
    try {
        for (std::size_t m = 0; m < model.members().size(); ++m) detail::write_member(unfinished(m).string(), model.members()[m]);
    } catch (...) { // as on a full disk: the surrogate that was there stays
        for (std::size_t m = 0; m < model.members().size(); ++m) fs::remove(unfinished(m), failure);
        throw;
    }
    fs::remove(list, failure);
    if (failure) throw file_error{list.string(), "remove", failure.message()};
    nlohmann::ordered_json to{{"format", detail::surrogate_format}, {"target", model.target()}, {"unit", model.unit()}};
    to["parameters"] = std::vector<std::string>(model.parameters().begin(), model.parameters().end());
    auto& members = to["members"] = nlohmann::ordered_json::array();
    for (std::size_t m = 0; m < model.members().size(); ++m) {
        fs::rename(unfinished(m), member_file(m), failure);
        if (failure) throw file_error{member_file(m).string(), "write", failure.message()};
        nlohmann::ordered_json member{{"family", model.members()[m].family()}};
        if (model.members()[m].labels() == surrogate::label_scale::logarithm) member["labels"] = "logarithm";
        member["file"] = member_file(m).filename().string();
        members.push_back(std::move(member));
    }
    for (auto m = model.members().size(); fs::remove(member_file(m), failure); ++m) {} // of a larger one before
    io::write_json(list.string(), to, 1);
}

/// What `model.json` says.
struct target_model_list {
    struct member {
        std::string family{}, file{}; ///< one of `fitted_model::families`; a name without a folder
        surrogate::label_scale labels = surrogate::label_scale::plain;
        friend bool operator==(const member&, const member&) = default;
    };
    std::string target, unit;
    std::vector<std::string> parameters;
    std::vector<member> members;
    friend bool operator==(const target_model_list&, const target_model_list&) = default;
};

/// Reads the text of a `model.json`. Everything is used or refused by its name.
/// @param source what errors call it
/// @throws input_error that names the source and the member
template <class = instantiated_when_used>
[[nodiscard]] target_model_list parse_target_model_list(std::string_view text, std::string_view source) {
    const auto from = io::parse_json<nlohmann::ordered_json>(text, source);
    if (!from.is_object()) throw input_error{source, "", "an object that describes a surrogate", from.type_name()};
    io::check_members(from, source, "", std::array<std::string_view, 5>{"format", "target", "unit", "parameters", "members"});
    if (const auto format = detail::text_member(from, source, "", "format"); format != detail::surrogate_format)
        throw input_error{source, "format", '\'' + std::string{detail::surrogate_format} + '\'', '\'' + format + '\''};
    target_model_list to{detail::text_member(from, source, "", "target"), detail::text_member(from, source, "", "unit"), {}, {}};
    for (const auto& name : detail::list_member(from, source, "parameters")) {
        if (!name.is_string()) throw input_error{source, "parameters", "texts", name.type_name()};
        to.parameters.push_back(name.get<std::string>());
    }
    for (const auto& member : detail::list_member(from, source, "members")) {
        const auto where = "members[" + std::to_string(to.members.size()) + ']';
        if (!member.is_object()) throw input_error{source, where, "an object of a family and a file", member.type_name()};
        io::check_members(member, source, where + '.', std::array<std::string_view, 3>{"family", "labels", "file"});
        auto& added = to.members.emplace_back(target_model_list::member{detail::text_member(member, source, where + '.', "family"),
                                                                        detail::text_member(member, source, where + '.', "file"),
                                                                        surrogate::label_scale::plain});
        if (std::find(fitted_model::families.begin(), fitted_model::families.end(), added.family) == fitted_model::families.end())
            throw input_error{source, where + ".family", "one of " + io::name_list(fitted_model::families),
                              '\'' + added.family + '\'' + io::did_you_mean(added.family, fitted_model::families)};
        if (added.file.empty() || added.file == "." || added.file == ".." ||
            added.file.find_first_of(std::string_view{"/\0", 2}) != std::string::npos)
            throw input_error{source, where + ".file", "the name of a file in the same folder", '\'' + added.file + '\''};
        const auto labels = member.contains("labels") ? detail::text_member(member, source, where + '.', "labels") : "plain";
        if (labels != "plain" && labels != "logarithm") throw input_error{source, where + ".labels", "plain or logarithm", '\'' + labels + '\''};
        if (labels == "logarithm") added.labels = surrogate::label_scale::logarithm;
    }
    return to;
}

/// Reads a surrogate of a folder. Throws file_error, or input_error that names file and member.
template <class = instantiated_when_used>
[[nodiscard]] target_model read_target_model(const std::string& folder) {
    const std::filesystem::path path{folder};
    const auto source = (path / detail::surrogate_list).string();
    auto list = parse_target_model_list(io::read_file(source), source);
    std::vector<fitted_model> members;
    for (const auto& m : list.members) members.emplace_back(detail::read_member((path / m.file).string(), m.family, list.parameters), m.labels);
    return {std::move(list.target), std::move(list.unit), std::move(list.parameters), std::move(members), source};
}

} // namespace verdant::tabular
