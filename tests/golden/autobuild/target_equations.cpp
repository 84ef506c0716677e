#include <verdant/predictor/target_equation.hpp>

#include "golden/golden.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace verdant;

TEST_CASE("Target equations have the values and names that Python gives them", "[golden]") {
    for (const auto& f : golden::find_all("autobuild/target_equations*.json")) {
        golden::summary summary{f.name, 1e-12};
        const auto file = golden::read_json(f.path);
        for (const auto& entry : file.at("cases")) {
            summary.next_row();
            const auto& metrics = entry.at("entry");
            for (const auto& [text, value] : entry.at("values").items()) {
                const auto equation = predictor::target_equation::parse(text);
                if (value.is_null()) continue; // Python raised an error
                const auto column = predictor::targets_of(equation, 1, [&](std::size_t, std::string_view name) {
                    const auto found = metrics.find(name);
                    return found == metrics.end() || found->is_null() ? std::optional<double>{} : found->get<double>();
                });
                summary.equal(text + ": dropped", std::size_t{0}, column.dropped());
                summary.compare(text, value.is_boolean() ? value.get<bool>() : value.get<double>(), column.values.front());
            }
        }
        for (const auto& [text, name] : file.at("format_target").items()) {
            summary.next_row();
            summary.equal(text, name.get<std::string>(), predictor::format_target(text));
        }
        CHECK(summary.rows() > 0);
    }
}
