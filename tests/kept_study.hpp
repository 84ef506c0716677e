#pragma once

#include <verdant/search/stored_study.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

/// Studies as storages give them, without a search.
namespace kept {

/// Depth 2 to 6 in steps of 2, a word that is all that HTML and SQL quote, a switch, a rate that exists where that is on; accuracy and latency;
/// energy at most 3 J.
inline verdant::study_description description() {
    constexpr auto none = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
    verdant::study_description d{.optimizer = "by_hand", .seed = 7, .batch = 1, .library = "verdant 0"};
    d.parameters = {{"depth", "integer", "2, 4, 6", ""},
                    {"act", "text", R"(relu, "it's </script> <b> \"x\"")", ""},
                    {"on", "boolean", "false, true", ""},
                    {"rate", "real", "0.1, 0.2, 0.3", "on == true"}};
    d.constraints = {"depth * 2 <= 12", "act == relu || depth < 6"};
    d.goals = {{"maximize", "accuracy", "%", 0.01, 0.5, none, none},
               {"minimize", "latency", "ms", 0.001, 0.01, none, none},
               {"subject_to", "energy", "J", 1, none, -infinity, 3}};
    d.metrics = {"accuracy", "latency", "energy"};
    return d;
}

/// All feasible points of that space: 20 of them; number 3 failed, and the energy grows with depth and rate.
inline verdant::stored_study study() {
    verdant::stored_study s{.description = description()};
    for (const int depth : {2, 4, 6})
        for (const std::string act : {"relu", "it's </script> <b> \"x\""})
            for (const std::string rate : {"", "0.1", "0.2", "0.30000000000000004"}) {
                if (depth == 6 && act != "relu") continue;
                const auto i = s.trials.size();
                verdant::stored_trial t{.number = i, .parameters = {std::to_string(depth), act, rate.empty() ? "false" : "true", rate}};
                const double r = rate.empty() ? 0 : std::stod(rate);
                t.times = {1.79e9 + 2.0 * static_cast<double>(i / 2), 1.79e9 + 2.0 * static_cast<double>(i / 2) + 1.5,
                           static_cast<std::uint32_t>(i % 2 + 1)};
                if (i == 3) {
                    t.completed = false;
                    t.message = "diverged at <step> 3 & \"stopped\"";
                } else {
                    t.metrics = {0.5 + 0.05 * depth + 0.1 * r, 0.001 * depth * (1 + r), 0.5 * depth + r};
                }
                s.trials.push_back(std::move(t));
            }
    s.trials[0].origin = verdant::trial_origin::start_point;
    return s;
}

inline bool same(const verdant::stored_trial& a, const verdant::stored_trial& b) {
    const auto equal = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
    return a.number == b.number && a.parameters == b.parameters && a.completed == b.completed && a.metrics == b.metrics && a.message == b.message &&
           a.origin == b.origin && equal(a.times.started, b.times.started) && equal(a.times.ended, b.times.ended) && a.times.worker == b.times.worker;
}

} // namespace kept
