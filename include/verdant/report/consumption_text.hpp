#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/search_consumption.hpp>
#include <verdant/text/number.hpp>
#include <verdant/units.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

namespace verdant {

/// The shares of workers, at most eight one by one: `, of it 0.003 kWh by workers (host 17: 0.002, host 18: 0.001)`; empty without any.
[[nodiscard]] inline std::string worker_shares_text(const search_consumption& one) {
    constexpr std::size_t most = 8;
    si::energy sum{}, rest{};
    std::string each;
    for (std::size_t i = 0; i < one.workers.size(); ++i) {
        const auto& w = one.workers[i];
        sum += w.energy();
        if (i >= most) rest += w.energy();
        else each += (i == 0 ? "" : ", ") + w.worker + ": " + rounded_text(in<kilowatt_hours>(w.energy()), 3);
    }
    if (one.workers.size() > most) each += ", " + std::to_string(one.workers.size() - most) + " more: " + rounded_text(in<kilowatt_hours>(rest), 3);
    return each.empty() ? each : ", of it " + rounded_text(in<kilowatt_hours>(sum), 3) + " kWh by workers (" + each + ')';
}

/// What a search consumed, in a line for people:
/// `0.0213 kWh in 2 h 5 min (processors 0.0182, graphics 0, memory 0.0031), 1.45 g CO2e; processors by ...`.
template <class = instantiated_when_used>
[[nodiscard]] std::string consumption_text(const search_consumption& one) {
    const auto kilowatt_hours_of = [](si::energy e) { return rounded_text(in<kilowatt_hours>(e), 3); };
    const auto whole = static_cast<std::uint64_t>(std::llround(std::fmin(std::fmax(one.took.value(), 0), 1e15)));
    const auto time = whole < 60     ? std::to_string(whole) + " s"
                      : whole < 3600 ? std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s"
                                     : std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
    return kilowatt_hours_of(one.energy()) + " kWh in " + time + " (processors " + kilowatt_hours_of(one.processors) + ", graphics " +
           kilowatt_hours_of(one.graphics) + ", memory " + kilowatt_hours_of(one.memory) + "), " + rounded_text(in<grams_co2e>(one.emitted), 3) +
           " g CO2e" + worker_shares_text(one) + (one.runs > 1 ? " in " + std::to_string(one.runs) + " runs" : "") + "; " + one.method;
}
VERDANT_DEFINED_ONCE(std::string consumption_text<>(const search_consumption&));

} // namespace verdant
