#pragma once

// The closed-form stand-in for CarbonNAAS's evaluation over the 14 published parameters, and the goals of four modes
// (optimization/optimizer_<mode>.py).

#include <verdant/goal/goal.hpp>
#include <verdant/search/search.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>
#include <verdant/spaces/carbon_nas/clip.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace stand_in {

struct co_design : verdant::space<verdant::nest<"model", verdant::spaces::clip>, verdant::nest<"hw", verdant::spaces::accelerator>> {};
using point = verdant::point<co_design>;

// Plain numbers in the units of the published thresholds: kg, s, square micrometres.
struct accuracy : verdant::metric<"accuracy"> {};
struct carbon : verdant::metric<"carbon"> {};
struct latency : verdant::metric<"latency"> {};
struct energy : verdant::metric<"energy"> {};
struct area : verdant::metric<"area"> {};
struct tops : verdant::metric<"tops"> {};
using record = verdant::metrics<accuracy, carbon, latency, energy, area, tops>;

/// The published proxy of FLOPs (CATransformers, eval/model_constants.py).
inline std::int64_t flop(std::int64_t tl, std::int64_t te, std::int64_t tf, std::int64_t th, std::int64_t vl, std::int64_t ve, std::int64_t vf,
                         std::int64_t vh) {
    return 4 * tl * te * (2 * th * 64 + tf) + 2 * 77 * th * 64 + 4 * vl * ve * (2 * vh * 64 + vf) + 2 * 197 * vh * 64;
}

struct evaluator {
    record operator()(const point& p) const {
        const double tl = p.get<"model.text.layers">(), te = p.get<"model.text.width">(), th = p.get<"model.text.heads">();
        const double vl = p.get<"model.vision.layers">(), ve = p.get<"model.vision.width">(), vh = p.get<"model.vision.heads">();
        const auto f = static_cast<double>(flop(p.get<"model.text.layers">(), p.get<"model.text.width">(), p.get<"model.text.ffn">(),
                                                p.get<"model.text.heads">(), p.get<"model.vision.layers">(), p.get<"model.vision.width">(),
                                                p.get<"model.vision.ffn">(), p.get<"model.vision.heads">()));
        const double c = p.get<"hw.clusters">(), w = p.get<"hw.width">(), d = p.get<"hw.depth">(), s = p.get<"hw.l2_kib">(),
                     b = p.get<"hw.l2_bandwidth">(), g = p.get<"hw.glb_mib">();
        const auto square = [](double x) { return x * x; };
        const auto r = f / 245748224;
        const auto a = 0.55 * (1 - std::exp(-2.5 * r)) *
                       (1 - .10 * square(1 - te / 512) - .30 * square(1 - ve / 768) - .08 * square(1 - tl / 12) - .25 * square(1 - vl / 12) -
                        .05 * square(1 - th / 8) - .05 * square(1 - vh / 12));
        const auto peak = c * w * d * 2 * 625e6 / 1e12, work = 98.5 * f;
        const auto util = .7 / (1 + w * d / 8192) * (1 - .25 * (c - 1) / 4) * (.5 + .5 * std::min(1.0, s / 256));
        const auto compute = work / (c * w * d * 625e6 * util), traffic = (f / 2) * (1 + 1.5 / std::sqrt(g)) / (b * 1e9) * 4;
        const auto time = std::max(compute, traffic) + .3 * std::min(compute, traffic);
        const auto size = 1e4 * (c * w * d * .12) + c * s * 1024 * 4 * .9 + g * 1024 * 1024 * .55 + b * 2e4 + 1.5e6;
        const auto joule = work * 2.2e-12 + time * (.4 + size * 4e-8) + f * 2e-11;
        return {a, 1.28e-8 * size + .9 * joule, time, joule, size, peak};
    }
};

template <class... Args>
using study = verdant::search<co_design, Args...>;

using area_limit = verdant::subject_to<area, verdant::at_most<31990347>>;
using latency_limit = verdant::subject_to<latency, verdant::at_most<0.05>>;
using tops_limit = verdant::subject_to<tops, verdant::at_most<20.48>>;

template <class Optimizer>
using carbon_mode = study<verdant::maximize<accuracy, verdant::threshold<0.15>>, verdant::minimize<carbon, verdant::threshold<0.5>>, area_limit,
                          latency_limit, tops_limit, verdant::track<energy>, Optimizer>;
template <class Optimizer>
using latency_mode = study<verdant::maximize<accuracy, verdant::threshold<0.1>>, verdant::minimize<latency, verdant::threshold<0.02>>, area_limit,
                           tops_limit, verdant::track<carbon>, verdant::track<energy>, Optimizer>;
template <class Optimizer>
using energy_mode = study<verdant::maximize<accuracy, verdant::threshold<0.1>>, verdant::minimize<energy, verdant::threshold<2.0>>, area_limit,
                          latency_limit, tops_limit, verdant::track<carbon>, Optimizer>;
template <class Optimizer>
using all_mode = study<verdant::maximize<accuracy, verdant::threshold<0.02>>, verdant::minimize<latency, verdant::threshold<0.1>>,
                       verdant::minimize<carbon, verdant::threshold<0.4>>, area_limit, tops_limit, verdant::track<energy>, Optimizer>;

} // namespace stand_in
