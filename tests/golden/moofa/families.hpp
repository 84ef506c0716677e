#pragma once

// The golden files' spelling of sub-networks: digit strings, families by name.

#include "golden/golden.hpp"

#include <verdant/spaces/once_for_all/comp_ofa.hpp>
#include <verdant/spaces/once_for_all/elastic_arch.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>

#include <array>
#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace golden {

namespace spaces = verdant::spaces;

/// A family of the golden files: its networks, and what the digits of `e_idx` stand for.
struct family {
    std::string_view name;
    spaces::mobile_family net;
    std::array<double, 3> expands;
};

inline const family& family_named(std::string_view name) {
    static const std::array<family, 5> all{
        family{"OFA", spaces::ofa_mobilenet_v3<>::family, {3, 4, 6}}, family{"CompOFA", spaces::comp_ofa::family, {3, 4, 6}},
        family{"MOOFA_V1", spaces::moofa_v1::family, {3, 4, 6}}, family{"MOOFA_V2", spaces::moofa_v2::family, {1, 1.5, 2}},
        family{"MOOFA_V3", spaces::moofa_v3::family, {2, 3, 4}}};
    for (const auto& f : all)
        if (f.name == name) return f;
    throw std::runtime_error{"no family " + std::string{name}};
}

/// Calls `f` with the space of a family as a template argument.
template <class F>
auto with_space(std::string_view name, F&& f) {
    if (name == "OFA") return f.template operator()<spaces::ofa_mobilenet_v3<>>();
    if (name == "CompOFA") return f.template operator()<spaces::comp_ofa>();
    if (name == "MOOFA_V1") return f.template operator()<spaces::moofa_v1>();
    if (name == "MOOFA_V2") return f.template operator()<spaces::moofa_v2>();
    if (name == "MOOFA_V3") return f.template operator()<spaces::moofa_v3>();
    throw std::runtime_error{"no space " + std::string{name}};
}

/// The recorded data set with whose name a file's begins, which may say more behind it; empty where there is none.
inline std::string set_of_file(const std::string& file) {
    return longest_start(file, std::vector<std::string>{"MIT_OFA", "CompOFA", "MC_OFA", "ablation_config1", "ablation_config2", "ablation_config3"});
}

/// The family of a recorded data set or of a predictor, by the name of its file; empty where there is none. MC_OFA is what the recorded files call
/// the third of the new spaces.
inline std::string family_of_set(const std::string& file) {
    static const std::map<std::string, std::string> families{{"MIT_OFA", "OFA"},
                                                             {"CompOFA", "CompOFA"},
                                                             {"MC_OFA", "MOOFA_V3"},
                                                             {"ablation_config1", "MOOFA_V1"},
                                                             {"ablation_config2", "MOOFA_V2"},
                                                             {"ablation_config3", "MOOFA_V3"}};
    const auto found = families.find(set_of_file(file));
    return found == families.end() ? std::string{} : found->second;
}

/// The recorded data set whose predictor the original searches a family with.
inline std::string set_of_family(std::string_view family) {
    if (family == "OFA") return "MIT_OFA";
    if (family == "CompOFA") return "CompOFA";
    if (family == "MOOFA_V1") return "ablation_config1";
    if (family == "MOOFA_V2") return "ablation_config2";
    if (family == "MOOFA_V3") return "MC_OFA";
    throw std::runtime_error{"no family " + std::string{family}};
}

inline constexpr std::array<std::string_view, 5> family_names{"OFA", "CompOFA", "MOOFA_V1", "MOOFA_V2", "MOOFA_V3"};

/// The family with whose name a file's begins, or an empty name.
inline std::string family_of_file(const std::string& file) {
    return longest_start(file, std::vector<std::string>(family_names.begin(), family_names.end()));
}

inline int digit(const std::string& text, std::size_t i) { return text.at(i) - '0'; }

/// The sub-network of a CSV row with the columns r, d, ks and e_idx, or e where there is one.
inline spaces::ofa_arch arch_of(const row& r, const std::array<double, 3>& expands) {
    spaces::ofa_arch a;
    a.image_size = std::stoi(r.at("r"));
    for (std::size_t s = 0; s < a.d.size(); ++s) a.d[s] = digit(r.at("d"), s);
    const bool plain = r.find("e") != r.end();
    for (std::size_t i = 0; i < a.ks.size(); ++i) {
        a.ks[i] = digit(r.at("ks"), i);
        a.e[i] = plain ? digit(r.at("e"), i) : expands.at(static_cast<std::size_t>(digit(r.at("e_idx"), i)));
    }
    return a;
}

/// The sub-network of a JSON object with ks, e, d and image_size.
inline spaces::ofa_arch arch_of(const json& j) {
    spaces::ofa_arch a;
    a.image_size = j.at("image_size").get<int>();
    a.d = j.at("d").get<std::array<int, 5>>();
    a.ks = j.at("ks").get<std::array<int, 20>>();
    a.e = j.at("e").get<std::array<double, 20>>();
    return a;
}

} // namespace golden
