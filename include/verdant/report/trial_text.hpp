#pragma once

#include <verdant/goal/trial.hpp>
#include <verdant/space/point_text.hpp>
#include <verdant/text/number.hpp>
#include <verdant/text/number_in_unit.hpp>

#include <iosfwd>
#include <string>
#include <string_view>

/// Trials as text for people; tables of them are in report.hpp.
namespace verdant {

namespace detail {

/// `latency 12.3 ms, accuracy 0.93`.
template <class... M>
[[nodiscard]] std::string metrics_text(const metrics<M...>& values) {
    std::string text;
    const auto append = [&text](std::string_view name, double si, double factor, std::string_view symbol) {
        if (!text.empty()) text.append(1, ',').push_back(' ');
        text.append(name.data(), name.size()).push_back(' ');
        text.append(number_with_unit(si, factor, symbol, [](double value) { return rounded_text(value); }));
    };
    (append(M::name(), to_si(values.template get<M>()), M::unit::factor, M::unit::symbol()), ...);
    return text;
}

} // namespace detail

/// `trial 3: layers=6 width=384; latency 12.3 ms, accuracy 0.93`, with `; infeasible` or `; failed: message` where it is so.
template <class Space, class Goals>
[[nodiscard]] std::string to_string(const trial<Space, Goals>& t) {
    const auto begin = "trial " + std::to_string(t.number) + ": " + to_string(t.point) + "; ";
    if (!t.completed()) return begin + "failed: " + t.message;
    return begin + detail::metrics_text(t.values) + (t.feasible() ? "" : "; infeasible");
}

/// Writes `to_string` of the trial.
template <class Traits, class Space, class Goals>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const trial<Space, Goals>& t) {
    return out << to_string(t);
}

} // namespace verdant
