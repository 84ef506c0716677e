#pragma once

// What one translation unit computes and which objects it sees. Both units of the program include everything and must agree.

#include <verdant/carbon.hpp>
#include <verdant/evaluators.hpp>
#include <verdant/hardware.hpp>
#include <verdant/published.hpp>
#include <verdant/spaces.hpp>
#include <verdant/verdant.hpp>
#include <verdant/workload.hpp>

#include <cstdint>
#include <string>
#include <vector>

struct twin : verdant::space<verdant::param<"depth", verdant::range<1, 8>>, verdant::param<"width", verdant::choices<16, 32, 64>>,
                             verdant::where<verdant::var<"depth"> * verdant::var<"width"> <= verdant::val<256>>> {};

/// Deep and narrow is slow, shallow and wide is large.
struct twin_model {
    using record = verdant::metrics<verdant::latency, verdant::area>;
    record operator()(const verdant::point<twin>& p) const {
        return {static_cast<double>(p.get<"depth">()) * verdant::milliseconds{},
                static_cast<double>(p.get<"width">()) * verdant::square_millimetres{}};
    }
};

struct fingerprint {
    std::vector<std::string> points;
    std::vector<double> numbers;
    std::vector<const void*> addresses;

    friend bool operator==(const fingerprint&, const fingerprint&) = default;
};

namespace {

// Deliberately not inline: each unit has its own copy of this function, so all templates in it are instantiated in each.
fingerprint take_fingerprint() {
    fingerprint f;
    auto random = verdant::random_stream::derive(7, 3);
    for (int i = 0; i < 5; ++i) f.points.push_back(verdant::to_string(verdant::sample<twin>(random)));

    using study = verdant::search<twin, verdant::minimize<verdant::latency>, verdant::minimize<verdant::area>, verdant::nsga2<>>;
    for (const auto& t : study{twin_model{}}.run({.trials = 20, .seed = 7})) {
        f.points.push_back(verdant::to_string(t.point));
        f.numbers.insert(f.numbers.end(), t.objectives.begin(), t.objectives.end());
    }

    const auto whole = verdant::accelerator_estimator{}(verdant::sample<verdant::spaces::accelerator>(random));
    f.numbers.push_back(verdant::to_si(whole.get<verdant::latency>()));
    f.numbers.push_back(verdant::to_si(whole.get<verdant::total_carbon>()));

    f.addresses = {&verdant::cardinality<twin>, &verdant::milliseconds::symbol_text, &verdant::feasible_set_of<twin>()};
    return f;
}

} // namespace
