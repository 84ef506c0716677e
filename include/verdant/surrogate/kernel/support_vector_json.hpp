#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/surrogate/detail/json_numbers.hpp>
#include <verdant/surrogate/kernel/kernel_function.hpp>
#include <verdant/surrogate/kernel/support_vector_regressor.hpp>
#include <verdant/text/closest_name.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Support vectors as JSON, under scikit-learn's names: `kernel`, `gamma_value`, `coef0`, `degree`, `intercept`, `support_vectors`, `dual_coef`.
namespace verdant::surrogate {

/// Reads support vectors. `coef0` and `degree` may be missing where the kernel has none; settings of the fit (`C`, `epsilon`, `nu`, `tol`,
/// `X_var_all`, `support_train_pos`) are passed over; other members are refused.
/// @throws input_error that names source and member
template <class = instantiated_when_used>
[[nodiscard]] support_vector_regressor support_vectors_from(const nlohmann::json& object, std::string_view source) {
    const detail::json_members members{object, source};
    io::check_members(object, source, "",
                      std::array<std::string_view, 14>{"kernel", "gamma_value", "coef0", "degree", "intercept", "n_sv", "support_vectors",
                                                       "dual_coef", "C", "epsilon", "nu", "tol", "X_var_all", "support_train_pos"});
    const auto name = members.text("kernel");
    const auto found = std::find(kernel_names.begin(), kernel_names.end(), name);
    if (found == kernel_names.end())
        throw input_error{source, "kernel", "one of " + io::name_list(kernel_names), '\'' + name + '\'' + io::did_you_mean(name, kernel_names)};
    kernel_function kernel{.kind = static_cast<kernel_kind>(found - kernel_names.begin())};
    kernel.gamma = members.number<double>("gamma_value");
    const bool shifted = kernel.kind == kernel_kind::polynomial || kernel.kind == kernel_kind::sigmoid;
    if (shifted || members.has("coef0")) kernel.offset = members.number<double>("coef0");
    if (kernel.kind == kernel_kind::polynomial || members.has("degree")) kernel.degree = members.number<std::uint32_t>("degree");
    auto coefficients = members.numbers<double>("dual_coef");
    const auto& rows = members.array("support_vectors");
    if (rows.size() != coefficients.size() || rows.empty())
        throw input_error{source, "support_vectors", "at least one, and as many as dual_coef has",
                          std::to_string(rows.size()) + " for " + std::to_string(coefficients.size())};
    if (members.has("n_sv") && members.number<std::uint64_t>("n_sv") != rows.size())
        throw input_error{source, "n_sv", std::to_string(rows.size()) + ", as support_vectors has",
                          std::to_string(members.number<std::uint64_t>("n_sv"))};
    std::vector<float> vectors;
    std::size_t columns = 0;
    for (std::size_t r = 0; r < rows.size(); ++r) {
        const auto place = "support_vectors[" + std::to_string(r) + ']';
        const auto row = members.numbers_in<float>(members.array_in(rows[r], place), place);
        if (r == 0) columns = row.size();
        if (row.size() != columns || columns == 0)
            throw input_error{source, place, columns == 0 ? "at least one number" : std::to_string(columns) + " numbers, as the first one has",
                              std::to_string(row.size())};
        vectors.insert(vectors.end(), row.begin(), row.end());
    }
    return {kernel, {vectors, columns}, std::move(coefficients), members.number<double>("intercept"), source};
}

/// The JSON of support vectors, which `support_vectors_from` reads.
template <class Json = nlohmann::ordered_json>
[[nodiscard]] Json support_vectors_json(const support_vector_regressor& m) {
    const auto& k = m.kernel();
    Json out{{"kernel", kernel_names[static_cast<std::size_t>(k.kind)]},
             {"gamma_value", k.gamma},
             {"coef0", k.offset},
             {"degree", k.degree},
             {"intercept", m.intercept()},
             {"n_sv", m.coefficients().size()}};
    auto& vectors = out["support_vectors"] = Json::array();
    for (std::size_t j = 0; j < m.coefficients().size(); ++j) {
        auto row = Json::array();
        for (std::size_t f = 0; f < m.features(); ++f) row.push_back(static_cast<double>(m.support(j, f)));
        vectors.push_back(std::move(row));
    }
    out["dual_coef"] = std::vector<double>(m.coefficients().begin(), m.coefficients().end());
    return out;
}

/// Reads a file. Throws file_error or input_error, which name it.
template <class = instantiated_when_used>
[[nodiscard]] support_vector_regressor read_support_vectors(const std::string& path) {
    return support_vectors_from(io::read_json(path), path);
}
VERDANT_DEFINED_ONCE(support_vector_regressor read_support_vectors<>(const std::string&));

/// Writes a file, whole or not at all. Throws file_error, and input_error where there are no support vectors, which the file could not tell from a
/// damaged one.
template <class = instantiated_when_used>
void write_support_vectors(const std::string& path, const support_vector_regressor& m) {
    if (m.coefficients().empty()) throw input_error{path, "support vectors", "at least one", "none"};
    io::write_json(path, support_vectors_json(m), -1);
}
VERDANT_DEFINED_ONCE(void write_support_vectors<>(const std::string&, const support_vector_regressor&));

} // namespace verdant::surrogate
