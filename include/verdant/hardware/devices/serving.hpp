#pragma once

#include <verdant/error.hpp>
#include <verdant/hardware/devices/real_device.hpp>
#include <verdant/hardware/devices/serving_memory.hpp>
#include <verdant/units.hpp>
#include <verdant/workload/language/decoder.hpp>
#include <verdant/workload/language/decoder_pass.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <string>

/// How fast real devices serve a language model at best, and what a token costs.
namespace verdant::hardware {

/// The parts of a pass, one after another: matrices and attention alternate, and each waits for the sums of the other.
struct pass_time {
    si::time matrices{};  ///< max(operations / peak, weights / bandwidth): the batch shares the weights
    si::time attention{}; ///< max(operations / peak, cache / bandwidth): no text shares another's
    si::time links{};     ///< sums over devices
    si::time launches{};

    [[nodiscard]] constexpr si::time total() const { return matrices + attention + links + launches; }
};

/// The least time of passes that go through the model together, on devices that share every layer evenly (tensor parallelism). A sum over n devices
/// sends 2 (n-1)/n of its bytes over each link (Patarasuk and Yuan, "Bandwidth optimal all-reduce algorithms", JPDC 2009); numbers between layers
/// have the precision of the arithmetic.
/// @param launch what each launch costs beyond the work; 0 for a bound that no run-time can beat
/// @throws input_error if the plan has no device, the device no peak at its precision or, with several devices, no published link, or a launch takes
/// a negative time
[[nodiscard]] constexpr pass_time lower_bound(const workload::decoder_work& w, const real_device& d, const serving_plan& plan, si::time launch) {
    detail::check_roofline(d, plan.arithmetic);
    if (plan.devices < 1) throw input_error{"serving", d.name, "at least one device", std::to_string(plan.devices)};
    if (plan.devices > 1 && !(d.link > 0))
        throw input_error{"serving", d.name, "one device, as the rate of its links is not known", std::to_string(plan.devices)};
    if (!(to_si(launch) >= 0 && to_si(launch) < 1e9))
        throw input_error{"serving", d.name, "a time of a launch that is not negative", std::to_string(to_si(launch)) + " s"};
    const double n = plan.devices, peak = n * d.peaks[plan.arithmetic], bandwidth = n * d.bandwidth;
    const double weights = w.weights_read * bytes_of(plan.weights), cache = (w.cache_read + w.cache_written) * bytes_of(plan.cache);
    const double sent = plan.devices > 1 ? 2 * (n - 1) / n * w.summed * bytes_of(plan.arithmetic) / d.link : 0.0;
    return {.matrices = std::max(w.matrix_operations / peak, weights / bandwidth) * seconds{},
            .attention = std::max(w.attention_operations / peak, cache / bandwidth) * seconds{},
            .links = sent * seconds{},
            .launches = w.launches * launch};
}

/// The least time to read the prompts of so many texts: until their first words.
/// @throws as `lower_bound` does, and input_error if a count is not positive
[[nodiscard]] constexpr pass_time prefill_time(const workload::decoder& model, const real_device& d, const serving_plan& plan, double texts,
                                               double prompt, si::time launch) {
    const std::array passes{workload::prefill(texts, prompt)};
    return lower_bound(workload::work_of(model, passes), d, plan, launch);
}

/// The least time to write the next token of so many texts that have `context` tokens.
/// @throws as `lower_bound` does, and input_error if a count is not positive
[[nodiscard]] constexpr pass_time decode_time(const workload::decoder& model, const real_device& d, const serving_plan& plan, double texts,
                                              double context, si::time launch) {
    const std::array passes{workload::decode(texts, context)};
    return lower_bound(workload::work_of(model, passes), d, plan, launch);
}

/// The least time of a step of continuous batching in balance: every text in flight gets a token, and as many prompts are read as answers end, batch
/// / answer (Yu et al., "Orca", OSDI 2022). It is the time between two tokens of a text.
/// @throws as `lower_bound` does, and input_error if the load is not well formed
[[nodiscard]] constexpr pass_time step_time(const workload::decoder& model, const real_device& d, const serving_plan& plan, const serving_load& load,
                                            si::time launch) {
    if (!is_well_formed(load))
        throw input_error{"serving", d.name, "a batch, prompts and answers above 0 and below 10^12",
                          std::to_string(load.batch) + ", " + std::to_string(load.prompt) + ", " + std::to_string(load.answer)};
    const std::array passes{workload::decode(load.batch, load.context()), workload::prefill(load.batch / load.answer, load.prompt)};
    return lower_bound(workload::work_of(model, passes), d, plan, launch);
}

/// The energy of a token where devices draw all that they may: power x devices x step / batch. So it is near for large batches and too much for small
/// ones.
/// @param step time between two tokens of a text, after any efficiency
/// @throws input_error if the device's power is not published, there is no text or no device, or the time is negative or no number
[[nodiscard]] constexpr si::energy energy_per_token(si::time step, const real_device& d, const serving_plan& plan, double batch) {
    if (!(to_si(d.power) > 0)) throw input_error{"serving", d.name, "a device whose power is known", "none"};
    if (!(batch > 0)) throw input_error{"serving", d.name, "a batch above 0", std::to_string(batch)};
    if (plan.devices < 1) throw input_error{"serving", d.name, "at least one device", std::to_string(plan.devices)};
    if (!(to_si(step) >= 0))
        throw input_error{"serving", d.name, "a time between two tokens that is not negative", std::to_string(to_si(step)) + " s"};
    return to_si(d.power) * plan.devices * to_si(step) / batch * joules{};
}

} // namespace verdant::hardware
