#include "../golden.hpp"

#include <verdant/hardware/devices/fit_calibration.hpp>
#include <verdant/hardware/devices/kernel.hpp>
#include <verdant/hardware/devices/published_devices.hpp>
#include <verdant/hardware/devices/roofline.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

// Kernels that others measured: `<kind>_<device>.csv` without a head. Products: m, n, k, "t ms", "r Tflops"; others: extents, 10^9 elements a second
// (the unit that the bandwidth leaves: 10^12, as the originals' programs print, would be hundreds of times the memory's).
namespace {

namespace hw = verdant::hardware;

enum class kind { product, element, row };

hw::timed_kernel kernel_of(const std::vector<std::string>& fields, kind k, hw::precision p) {
    const auto count = [&](std::size_t i) { return static_cast<std::int64_t>(std::stoll(fields.at(i))); };
    if (k == kind::product) {
        if (fields.at(3).find("ms") == std::string::npos) throw std::runtime_error{"a time without its unit, ms: " + fields[3]};
        return {hw::matrix_product(count(0), count(1), count(2), p), std::stod(fields[3]) * verdant::milliseconds{}};
    }
    const bool rows = k == kind::row;
    const double elements = static_cast<double>(count(0)) * (rows ? static_cast<double>(count(1)) : 1.0);
    return {rows ? hw::row_wise(count(0), count(1), p) : hw::elementwise(count(0), p),
            elements / (std::stod(fields.at(rows ? 2 : 1)) * 1e9) * verdant::seconds{}};
}

double median(std::vector<double> v) {
    std::sort(v.begin(), v.end());
    return v.size() % 2 ? v[v.size() / 2] : (v[v.size() / 2 - 1] + v[v.size() / 2]) / 2;
}

void check(const golden::file& f, kind k) {
    const auto known = std::find_if(hw::published_devices.begin(), hw::published_devices.end(), [&](const auto& d) { return d.name == f.star; });
    if (known == hw::published_devices.end()) return golden::skip(f.name, "no published figures of a device " + f.star);
    const auto p = hw::computes(*known, hw::precision::fp16) ? hw::precision::fp16 : hw::precision::bf16;
    std::vector<hw::timed_kernel> fitted, others;
    std::vector<double> above;
    std::ifstream in{f.path};
    // kernels of other devices are reported: what their programs measured, caches filled or not, is not known
    const bool held = f.star == "A100";
    golden::summary summary{f.name + " (bound above measurement)", held ? 0 : std::numeric_limits<double>::infinity()};
    for (std::string line; std::getline(in, line);) {
        const auto fields = golden::split_csv(line);
        if (fields.size() < 2) continue;
        const auto timed = kernel_of(fields, k, p);
        summary.next_row();
        const double measured = verdant::to_si(timed.time), bound = verdant::to_si(hw::lower_bound(timed.work, *known, p));
        above.push_back(measured / bound);
        summary.compare("bound", measured, std::max(measured, bound)); // the bound is never above
        ((fitted.size() + others.size()) % 2 == 0 ? fitted : others).push_back(timed);
    }
    if (above.empty()) return golden::skip(f.name, "no rows");
    std::printf("golden %s: measured / bound: least %.2f, median %.2f\n", f.name.c_str(), *std::min_element(above.begin(), above.end()),
                median(above));
    if (fitted.size() < 3 || others.empty()) return golden::skip(f.name + " (calibrated)", "too few rows for two halves");
    const auto c = hw::fit_calibration(fitted, *known, p);
    std::vector<double> errors;
    for (const auto& o : others) {
        const double estimate = verdant::to_si(hw::estimated_time(o.work, *known, p, c)), measured = verdant::to_si(o.time);
        errors.push_back(std::abs(estimate / measured - 1));
        CHECK(estimate >= verdant::to_si(hw::lower_bound(o.work, *known, p)));
    }
    std::printf(
        "golden %s (calibrated on %zu rows: launch %.1f us, %.0f %% of the peak, %.0f %% of the bandwidth): %zu other rows, median error %.3f, "
        "max relative error %.3f\n",
        f.name.c_str(), fitted.size(), verdant::in<verdant::microseconds>(c.launch), 100 * c.arithmetic, 100 * c.memory, errors.size(),
        median(errors), *std::max_element(errors.begin(), errors.end()));
    if (held) CHECK(median(errors) <= 0.15);
}

} // namespace

TEST_CASE("measured kernels are above the roofline, and near it once calibrated") {
    for (const auto& f : golden::find_all("real/hardware/matmul_*.csv")) check(f, kind::product);
    for (const auto& f : golden::find_all("real/hardware/gelu_*.csv")) check(f, kind::element);
    for (const auto& f : golden::find_all("real/hardware/softmax_*.csv")) check(f, kind::row);
    for (const auto& f : golden::find_all("real/hardware/layernorm_*.csv")) check(f, kind::row);
    // no other kind is modelled: it is named
    for (const auto& f : golden::find_all("real/hardware/*.csv")) {
        const auto bar = f.star.rfind('_');
        const auto what = f.star.substr(0, bar), device = bar == std::string::npos ? std::string{} : f.star.substr(bar + 1);
        const bool ours = std::any_of(hw::published_devices.begin(), hw::published_devices.end(), [&](const auto& d) { return d.name == device; });
        if (ours && what != "matmul" && what != "gelu" && what != "softmax" && what != "layernorm") golden::skip(f.name, "no model of this kind");
    }
}
