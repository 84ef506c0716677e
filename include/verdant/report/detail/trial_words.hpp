#pragma once

#include <verdant/goal/trial.hpp>
#include <verdant/space/point_text.hpp>
#include <verdant/text/number.hpp>
#include <verdant/text/number_in_unit.hpp>

#include <string>
#include <string_view>

namespace verdant::detail {

template <class Record>
struct metric_words;
template <class... M>
struct metric_words<metrics<M...>> {
    [[nodiscard]] static std::string of(const metrics<M...>& values) {
        std::string text;
        const auto add = [&text](std::string_view name, double si, double factor, std::string_view unit) {
            text += (text.empty() ? "" : ", ") + std::string{name} + ' ' +
                    number_with_unit(si, factor, unit, [](double value) { return rounded_text(value); });
        };
        (add(M::name(), to_si(values.template get<M>()), M::unit::factor, M::unit::symbol()), ...);
        return text;
    }
};

/// `trial 17: layers=3 width=4; accuracy 0.78, latency 12.5 ms`: what a picture says of a mark under the pointer.
template <class Space, class Goals>
[[nodiscard]] std::string trial_words(const trial<Space, Goals>& t) {
    return "trial " + std::to_string(t.number) + (t.origin == trial_origin::start_point ? " (start point): " : ": ") + to_string(t.point) + "; " +
           (t.completed() ? metric_words<typename Goals::metrics_type>::of(t.values) + (t.feasible() ? "" : "; breaks a constraint") : "failed: " + t.message);
}

} // namespace verdant::detail
