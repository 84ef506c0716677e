#pragma once

#include "quality_rewards.hpp"

#include <verdant/evaluators/accelerator_estimator.hpp>
#include <verdant/evaluators/network_costs.hpp>
#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/goal/trial.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/predictor/accuracy_predictor.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/space/space.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/surrogate/forest/fit_boosted_trees.hpp>
#include <verdant/surrogate/forest/xgboost_json.hpp>
#include <verdant/tabular/record_table.hpp>
#include <verdant/tabular/target_rows.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <numbers>
#include <span>

/// Problems that optimizers are judged by: each has a space, goals, and what a point costs.
namespace quality {

namespace vd = verdant;

inline std::filesystem::path goldens() {
    const char* folder = std::getenv("VERDANT_GOLDENS");
    return folder != nullptr ? folder : VERDANT_GOLDENS_DEFAULT;
}

struct one : vd::metric<"one"> {};
struct two : vd::metric<"two"> {};
struct three : vd::metric<"three"> {};

/// Accel-NASBench: top-1 accuracy by the first member of its ensemble, and latency on a ZCU102 by trees that are fitted to its records.
struct accel_nas_bench {
    using space = vd::spaces::mnasnet;
    using goals = vd::goals<vd::minimize<one>, vd::minimize<two>>;
    using reward = negated_target_reward;
    static constexpr const char* name = "accel_nas_bench";
    static constexpr std::size_t evaluations = 300;

    [[nodiscard]] static bool there() {
        return std::filesystem::exists(goldens() / "anb/xgb_ensemble_acc/member1.json") && std::filesystem::exists(goldens() / "anb/anb_dataset.csv");
    }
    [[nodiscard]] static goals::metrics_type measure(const vd::point<space>& p) {
        static const auto accuracy = vd::surrogate::read_xgboost_json((goldens() / "anb/xgb_ensemble_acc/member1.json").string()).trees;
        static const auto latency = [] {
            const auto table =
                vd::tabular::read_record_table<space>((goldens() / "anb/anb_dataset.csv").string(), vd::tabular::accel_nas_bench_schema());
            const auto training = vd::tabular::rows_of(table, table.split("train"), "latency_zcu102");
            const auto validation = vd::tabular::rows_of(table, table.split("val"), "latency_zcu102");
            return vd::surrogate::fit_boosted_trees({training.features(), training.y}, {.rounds = 600}, {validation.features(), validation.y}).model;
        }();
        std::array<float, vd::point<space>::size()> features;
        for (std::size_t i = 0; i < features.size(); ++i) features[i] = static_cast<float>(p[i]);
        return {-static_cast<double>(accuracy.predict(features)), static_cast<double>(latency.predict(features))};
    }
};

/// All accelerators of CarbonNAAS for CLIP ViT-B/16: latency and carbon, with limits of area and throughput.
struct accelerators {
    using space = vd::spaces::accelerator;
    using goals = vd::goals<vd::minimize<vd::latency>, vd::minimize<vd::total_carbon>, vd::subject_to<vd::area, vd::at_most<32>>,
                            vd::subject_to<vd::tops, vd::at_most<20.48>>>;
    using reward = product_reward;
    static constexpr const char* name = "clip_accelerators";
    static constexpr std::size_t evaluations = 300;

    [[nodiscard]] static bool there() { return true; }
    [[nodiscard]] static goals::metrics_type measure(const vd::point<space>& p) {
        static const vd::accelerator_estimator estimate;
        const auto m = estimate(p);
        return {m.get<vd::latency>(), m.get<vd::total_carbon>(), m.get<vd::area>(), m.get<vd::tops>()};
    }
};

/// MOOFA V3: accuracy by the published predictor, and multiply-accumulates, with a limit of peak memory.
struct moofa {
    using space = vd::spaces::moofa_v3;
    using goals =
        vd::goals<vd::maximize<vd::spaces::predicted_accuracy>, vd::minimize<vd::macs>, vd::subject_to<vd::peak_memory, vd::at_most<500'000>>>;
    using reward = vd::target_reward;
    static constexpr const char* name = "moofa";
    static constexpr std::size_t evaluations = 300;

    [[nodiscard]] static std::filesystem::path file() { return goldens() / "moofa/predictors/MC_OFA.safetensors"; }
    [[nodiscard]] static bool there() { return std::filesystem::exists(file()); }
    [[nodiscard]] static goals::metrics_type measure(const vd::point<space>& p) {
        static const vd::spaces::predict_accuracy<space> predict{vd::surrogate::mlp::from(vd::io::read_safetensors(file().string()))};
        const auto cost = vd::network_costs{}(p);
        return {predict(std::span{&p, 1}).front().get<vd::spaces::predicted_accuracy>(), cost.get<vd::macs>(), cost.get<vd::peak_memory>()};
    }
};

using share = vd::uniform<0.0, 1.0, 101>;

/// DTLZ2 of three objectives (Deb, Thiele, Laumanns, Zitzler, CEC 2002).
struct dtlz2 {
    struct space : vd::space<vd::param<"a", share>, vd::param<"b", share>, vd::param<"c", share>, vd::param<"d", share>, vd::param<"e", share>,
                             vd::param<"f", share>, vd::param<"g", share>, vd::param<"h", share>, vd::param<"i", share>, vd::param<"j", share>,
                             vd::param<"k", share>, vd::param<"l", share>> {};
    using goals = vd::goals<vd::minimize<one>, vd::minimize<two>, vd::minimize<three>>;
    static constexpr const char* name = "dtlz2";
    static constexpr std::size_t evaluations = 1000;

    [[nodiscard]] static bool there() { return true; }
    [[nodiscard]] static goals::metrics_type measure(const vd::point<space>& p) {
        double away = 0;
        for (std::size_t i = 2; i < p.size(); ++i) away += (p[i] / 100.0 - 0.5) * (p[i] / 100.0 - 0.5);
        const double a = p[0] / 200.0 * std::numbers::pi, b = p[1] / 200.0 * std::numbers::pi, r = 1 + away;
        return {r * std::cos(a) * std::cos(b), r * std::cos(a) * std::sin(b), r * std::sin(a)};
    }
};

/// ZDT1 (Zitzler, Deb, Thiele, Evolutionary Computation 8(2), 2000) in 10 variables.
struct zdt1 {
    struct space : vd::space<vd::param<"a", share>, vd::param<"b", share>, vd::param<"c", share>, vd::param<"d", share>, vd::param<"e", share>,
                             vd::param<"f", share>, vd::param<"g", share>, vd::param<"h", share>, vd::param<"i", share>, vd::param<"j", share>> {};
    using goals = vd::goals<vd::minimize<one>, vd::minimize<two>>;
    static constexpr const char* name = "zdt1";
    static constexpr std::size_t evaluations = 1000;

    [[nodiscard]] static bool there() { return true; }
    [[nodiscard]] static goals::metrics_type measure(const vd::point<space>& p) {
        double g = 1;
        for (std::size_t i = 1; i < p.size(); ++i) g += p[i] / 100.0;
        const double f = p[0] / 100.0;
        return {f, g * (1 - std::sqrt(f / g))};
    }
};

/// An ellipsoid of five variables of 201 values and five of 21, of condition 1000, whose least value lies off the centre; one objective.
struct mixed_ellipsoid {
    using fine = vd::uniform<-10.0, 10.0, 201>;
    using whole = vd::range<-10, 10>;
    struct space : vd::space<vd::param<"a", fine>, vd::param<"b", fine>, vd::param<"c", fine>, vd::param<"d", fine>, vd::param<"e", fine>,
                             vd::param<"f", whole>, vd::param<"g", whole>, vd::param<"h", whole>, vd::param<"i", whole>, vd::param<"j", whole>> {};
    using goals = vd::goals<vd::minimize<one>>;
    static constexpr const char* name = "mixed_ellipsoid";
    static constexpr std::size_t evaluations = 1000;

    [[nodiscard]] static bool there() { return true; }
    [[nodiscard]] static goals::metrics_type measure(const vd::point<space>& p) {
        double sum = 0;
        for (std::size_t i = 0; i < 10; ++i) {
            const double x = i < 5 ? p[i] / 10.0 - 10 - 3.1 : p[i] - 10.0 - 4;
            sum += std::pow(1000.0, static_cast<double>(i % 5) / 4) * x * x;
        }
        return {sum};
    }
};

} // namespace quality
