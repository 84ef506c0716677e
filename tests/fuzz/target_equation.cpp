#include "fuzz.hpp"

#include <verdant/predictor/target_equation.hpp>

#include <cstddef>
#include <vector>

VERDANT_FUZZ_TARGET(target_equation) {
    const auto text = fuzz::text(data);
    static_cast<void>(verdant::predictor::format_target(text));
    const auto equation = verdant::predictor::target_equation::parse(text);
    fuzz::require(equation.text() == text, "an equation keeps its text");
    std::vector<double> values(equation.metrics().size());
    for (const double first : {0.0, -1.5, 3.0, 1e300}) {
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = first + static_cast<double>(i);
        static_cast<void>(equation(values));
    }
}
