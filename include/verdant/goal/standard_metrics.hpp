#pragma once

#include <verdant/goal/metric.hpp>

/// The metrics that the library's own evaluators measure.
namespace verdant {

/// Share of right answers, 0 to 1.
struct accuracy : metric<"accuracy"> {};
/// Time of one inference.
struct latency : metric<"latency", si::time, milliseconds> {};
/// Energy of one inference.
struct energy : metric<"energy", si::energy> {};
/// Energy of all inferences of a device's life.
struct lifetime_energy : metric<"lifetime_energy", si::energy, kilowatt_hours> {};
/// Die area.
struct area : metric<"area", si::area, square_millimetres> {};
/// Peak throughput in 10^12 operations per second, a multiply-accumulate counted as two.
struct tops : metric<"tops"> {};
/// Carbon of making the device.
struct embodied_carbon : metric<"embodied_carbon", si::mass> {};
/// Carbon of the energy used over a device's life.
struct operational_carbon : metric<"operational_carbon", si::mass> {};
/// Embodied and operational carbon together.
struct total_carbon : metric<"total_carbon", si::mass> {};

/// Elements (not bytes) that a network keeps at once, at batch 1: `workload::peak_memory`.
struct peak_memory : metric<"peak_memory"> {};
/// Multiply-accumulates of one inference.
struct macs : metric<"macs"> {};
/// Learnable numbers of a network.
struct parameters : metric<"parameters"> {};

} // namespace verdant
