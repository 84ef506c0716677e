#pragma once

#include <verdant/carbon/consumption/nvml_counters.hpp>
#include <verdant/carbon/consumption/process_use.hpp>
#include <verdant/carbon/consumption/rapl_counters.hpp>
#include <verdant/carbon/operational.hpp>
#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/search_consumption.hpp>
#include <verdant/text/number.hpp>
#include <verdant/units.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include <unistd.h>

namespace verdant::carbon {

/// Whose memory counts.
enum class metered_memory : std::uint8_t {
    machine, ///< all that the machine has: CodeCarbon's default
    process, ///< what this process and its children have in use at each sample: on a machine that others use, too
};

/// How consumption is metered. Defaults are CodeCarbon's (github.com/mlco2/codecarbon 2.x, docs/source/methodology.rst).
struct metering_options {
    si::power processors =
        85.0 * watts{}; ///< of all processors at full load: counts where there are no RAPL counters; the default is for an unknown one
    metered_memory memory = metered_memory::machine;
    si::time interval = 15.0 * seconds{}; ///< between samples
    std::string powercap = "/sys/class/powercap"; ///< the folder of RAPL counters
    std::string nvml = "libnvidia-ml.so.1";       ///< NVIDIA's management library, by name or path
};

/// Power of memory by its size: 3 W for 8 GB, where a GB has 2^30 bytes (CodeCarbon, docs/source/methodology.rst, "RAM").
[[nodiscard]] inline si::power memory_power(double bytes) { return bytes / 1073741824.0 * 0.375 * watts{}; }

/// Adds up what the machine consumes from sample to sample: the core of `consumption_meter`, without its clock and its thread.
template <class = instantiated_when_used>
class basic_consumption_sampler {
public:
    /// @throws input_error for a power or an intensity that is negative or no number, and an interval that is not above 0, or above 10^8 s
    basic_consumption_sampler(si::carbon_intensity grid, const metering_options& options);

    /// Begins to count. @param now seconds on a clock that only goes forward
    void begin(double now);

    /// Adds what was consumed since the last sample, and gives all since `begin`.
    const search_consumption& sample(double now);
    /// As of the last sample.
    [[nodiscard]] const search_consumption& total() const noexcept { return total_; }

    /// Which counters these are: of the whole machine, of which processes are parts; each graphics card; of this process, of which its children are
    /// parts.
    [[nodiscard]] metered_scope scope() const;

private:
    [[nodiscard]] static double processor_count() { return static_cast<double>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN))); }

    [[nodiscard]] std::string method() const;

    metering_options options_;
    si::carbon_intensity grid_;
    rapl_counters rapl_;
    nvml_counters nvml_;
    search_consumption total_;
    double last_ = 0, busy_ = 0;
};

template <class Deferred>
basic_consumption_sampler<Deferred>::basic_consumption_sampler(si::carbon_intensity grid, const metering_options& options)
    : options_{options}, grid_{grid}, rapl_{options.powercap}, nvml_{options.nvml} {
    const auto require = [](const char* what, double value, const char* expected, bool holds) {
        if (!holds) throw input_error{"consumption meter", what, expected, exact_text(value)};
    };
    require("carbon intensity", in<grams_per_kilowatt_hour>(grid), "0 g/kWh or more", grid.value() >= 0 && std::isfinite(grid.value()));
    require("processors", options.processors.value(), "0 W or more", options.processors.value() >= 0 && std::isfinite(options.processors.value()));
    // Longer ones are beyond the clock, on which a thread would not wait at all.
    require("interval", options.interval.value(), "a time above 0 s, at most 10^8 s",
            options.interval.value() > 0 && options.interval.value() <= 1e8);
}

template <class Deferred>
void basic_consumption_sampler<Deferred>::begin(double now) {
    total_ = {};
    total_.method = method();
    last_ = now;
    busy_ = processor_time().value();
    static_cast<void>(rapl_.taken());
    static_cast<void>(nvml_.taken({}));
}

template <class Deferred>
const search_consumption& basic_consumption_sampler<Deferred>::sample(double now) {
    const auto elapsed = std::max(0.0, now - last_) * seconds{};
    last_ = std::max(last_, now);
    total_.took += elapsed;
    if (rapl_.readable()) total_.processors += rapl_.taken();
    else {
        const auto busy = std::max(busy_, processor_time().value()); // children that nobody waited for are gone from the sum
        total_.processors += options_.processors * ((busy - std::exchange(busy_, busy)) / processor_count() * seconds{});
    }
    total_.graphics += nvml_.taken(elapsed);
    total_.memory += memory_power(options_.memory == metered_memory::machine ? machine_memory() : resident_memory()) * elapsed;
    total_.emitted = operational(total_.energy(), grid_);
    return total_;
}

template <class Deferred>
metered_scope basic_consumption_sampler<Deferred>::scope() const {
    char name[256]{};
    const std::string host = ::gethostname(name, sizeof name - 1) == 0 && name[0] != 0 ? name : "this machine";
    const auto process = host + '/' + process_lineage();
    return {rapl_.readable() ? host : process, nvml_.counters(host), options_.memory == metered_memory::machine ? host : process};
}

template <class Deferred>
std::string basic_consumption_sampler<Deferred>::method() const {
    const auto gigabytes = rounded_text(machine_memory() / 1073741824.0, 4);
    return "processors: " +
           (rapl_.readable() ? "RAPL, " + rapl_.names()
                             : "processor time x " + rounded_text(options_.processors.value(), 4) + " W / " + rounded_text(processor_count(), 6) +
                                   " (" + rapl_.trouble() + ')') +
           "; graphics: " + (nvml_.readable() ? nvml_.names() : "none (" + nvml_.trouble() + ')') + "; memory: 0.375 W/GB of " +
           (options_.memory == metered_memory::machine ? gigabytes + " GB" : std::string{"this process"}) +
           "; grid: " + rounded_text(in<grams_per_kilowatt_hour>(grid_), 6) + " g CO2e/kWh";
}
VERDANT_DEFINED_ONCE(class basic_consumption_sampler<>);
/// The sampler of consumption, as programs name it.
using consumption_sampler = basic_consumption_sampler<>;

} // namespace verdant::carbon
