// The supernets that moofa knows, by the names of its configuration files.
#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/yaml.hpp>
#include <verdant/report/report.hpp>
#include <verdant/spaces/once_for_all/catalogue.hpp>
#include <verdant/spaces/once_for_all/comp_ofa.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/narrow.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace moofa {

namespace vd = verdant;
namespace spaces = verdant::spaces;

/// Those of the catalogue that configuration files name. OFA has another width where the file of models says so.
using models = spaces::catalogue<spaces::ofa_mobilenet_v3<1.0>, spaces::comp_ofa, spaces::moofa_v1, spaces::moofa_v2, spaces::moofa_v3,
                                 spaces::narrow_ofa, spaces::narrow_moofa>;
inline constexpr std::array<std::string_view, 4> dataset_names{"imagenet", "imagenette", "cifar10", "fashion-mnist"};

/// Calls `f(std::type_identity<Space>{})` for the space of that name. @pre the name is one of those of `models`
/// @param width multiplier, other than 1 for OFA only
template <class F>
auto with_space(std::string_view model, double width, const F& f) {
    return width == 1.2 ? f(std::type_identity<spaces::ofa_mobilenet_v3<1.2>>{}) : models::visit(model, f);
}

/// The values of a domain, such as `Space::images`.
template <class Domain, class T>
std::vector<T> values() {
    std::vector<T> out;
    for (std::size_t i = 0; i < Domain::size; ++i) out.push_back(static_cast<T>(Domain::value(i)));
    return out;
}

/// The width multiplier of a model in such a file as `check_model_file` reads. @throws input_error for one that no type of the program has
inline double width_in_model_file(const std::string& path, const std::string& model) {
    const auto m = vd::io::yaml_section::read(path).section(model);
    const auto widths = m.list<double>("width_mult_list");
    if (widths.empty() || (widths.size() == 1 && (widths[0] == 1 || (widths[0] == 1.2 && model == "OFA")))) return widths.empty() ? 1 : widths[0];
    m.refuse("width_mult_list", model == "OFA" ? "1 or 1.2" : "1", widths.size() == 1 ? vd::exact_text(widths[0]) : std::string{"a list"});
}

/// The original keeps the lists of each model in a file; here they are types, and such a file must agree with them.
template <class Space>
void check_model_file(const std::string& path, const std::string& model) {
    const auto file = vd::io::yaml_section::read(path);
    const auto m = file.section(model);
    const auto same = [&m]<class T>(const char* key, const std::vector<T>& ours) {
        if (!m.has(key) || m.list<T>(key) == ours) return;
        const auto text = [](const std::vector<T>& list) {
            std::string all;
            for (const auto x : list) all += (all.empty() ? "" : ", ") + vd::exact_text(static_cast<double>(x));
            return '[' + all + ']';
        };
        m.refuse(key, text(ours) + ", which the program was built with", text(m.list<T>(key)));
    };
    static_cast<void>(m.value<std::string>("model_class", ""));
    same("expand_list", values<typename Space::expands, double>());
    same("ks_list", values<typename Space::kernels, int>());
    same("depth_list", values<typename Space::depths, int>());
    same("image_size", values<typename Space::images, int>());
    static_cast<void>(m.list<double>("width_mult_list")); // chooses the type
    m.finish();
}

} // namespace moofa
