#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/metric.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/hardware/devices/real_device.hpp>
#include <verdant/units.hpp>
#include <verdant/workload/language/decoder.hpp>
#include <verdant/workload/language/decoder_pass.hpp>

#include <string>

/// What a language model and the texts that it writes keep in the memory of real devices.
namespace verdant::hardware {

/// Units of memory; a byte is 1.
struct bytes : unit<double, 1.0, "B"> {};
struct megabytes : unit<double, 1e6, "MB"> {};
struct gigabytes : unit<double, 1e9, "GB"> {};

/// Memory of a model's numbers.
struct weight_memory : metric<"weight_memory", double, gigabytes> {};
/// Memory of keys, values and states of the texts in flight.
struct cache_memory : metric<"cache_memory", double, gigabytes> {};

/// How many devices share each layer, and in which format they keep and multiply numbers.
struct serving_plan {
    int devices = 0;
    precision arithmetic{}; ///< of products
    precision weights{};    ///< as stored
    precision cache{};      ///< keys, values, states as stored

    friend constexpr bool operator==(const serving_plan&, const serving_plan&) = default;
};

/// Texts that are written at once: each is answered, and another takes its place.
struct serving_load {
    double batch = 0;  ///< texts in flight, a mean
    double prompt = 0; ///< tokens of a prompt, a mean
    double answer = 0; ///< tokens of an answer, a mean

    /// Tokens that a text in flight has on average: the prompt and half of the answer.
    [[nodiscard]] constexpr double context() const { return prompt + answer / 2; }
    friend constexpr bool operator==(const serving_load&, const serving_load&) = default;
};

/// Whether all are positive and below 10^12.
[[nodiscard]] constexpr bool is_well_formed(const serving_load& l) {
    const auto sound = [](double x) { return x > 0 && x < 1e12; };
    return sound(l.batch) && sound(l.prompt) && sound(l.answer);
}

/// Memory of all devices together.
/// @throws input_error if the model or the load is not well formed
[[nodiscard]] constexpr metrics<weight_memory, cache_memory> serving_memory(const workload::decoder& model, const serving_plan& plan,
                                                                            const serving_load& load) {
    if (!is_well_formed(load))
        throw input_error{"serving", "", "a batch, prompts and answers above 0 and below 10^12",
                          std::to_string(load.batch) + ", " + std::to_string(load.prompt) + ", " + std::to_string(load.answer)};
    if (!workload::is_well_formed(model))
        throw input_error{"language model", "", "layers, a width, matrices and an embedding, and no negative or endless count", "others"};
    return {static_cast<double>(model.parameters()) * bytes_of(plan.weights),
            workload::cached(model, load.batch, load.context()) * bytes_of(plan.cache)};
}

/// Whether weights and cache fit the devices' memory; what a run-time keeps besides is not counted.
/// @throws input_error if the model or the load is not well formed
[[nodiscard]] constexpr bool fits(const real_device& d, const workload::decoder& model, const serving_plan& plan, const serving_load& load) {
    const auto m = serving_memory(model, plan, load);
    return m.get<weight_memory>() + m.get<cache_memory>() <= plan.devices * d.capacity;
}

/// The most texts in flight that fit: what a scheduler that takes all it can ends up with. 0 where not even the weights fit.
[[nodiscard]] constexpr double largest_batch(const real_device& d, const workload::decoder& model, const serving_plan& plan, double context) {
    const double left = plan.devices * d.capacity - static_cast<double>(model.parameters()) * bytes_of(plan.weights);
    const double each = workload::cached(model, 1, context) * bytes_of(plan.cache);
    return left > 0 && each > 0 ? left / each : 0;
}

} // namespace verdant::hardware
