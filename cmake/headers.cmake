# Every public header, one a line, sorted. A header goes into the list of the component that it needs; all others into the core.
# The test `headers.listed` fails when a header under include/ is missing here, listed twice, out of order, or gone.

set(verdant_headers
  verdant/carbon.hpp
  verdant/carbon/act_tables.hpp
  verdant/carbon/embodied.hpp
  verdant/carbon/footprint.hpp
  verdant/carbon/intensity.hpp
  verdant/carbon/operational.hpp
  verdant/error.hpp
  verdant/hardware.hpp
  verdant/hardware/accelerator.hpp
  verdant/hardware/area.hpp
  verdant/hardware/chip.hpp
  verdant/hardware/devices.hpp
  verdant/hardware/estimate.hpp
  verdant/hardware/estimator.hpp
  verdant/hardware/fidelity.hpp
  verdant/hardware/lowered_model.hpp
  verdant/hardware/power_law.hpp
  verdant/hardware/sram.hpp
  verdant/hardware/technology.hpp
  verdant/hardware/tensor_core.hpp
  verdant/hardware/throughput.hpp
  verdant/hardware/vector_core.hpp
  verdant/meta/enum_name.hpp
  verdant/meta/expression.hpp
  verdant/meta/fixed_string.hpp
  verdant/meta/literal.hpp
  verdant/meta/natural.hpp
  verdant/meta/program.hpp
  verdant/optimizer/genome_variation.hpp
  verdant/optimizer/nsga2_engine.hpp
  verdant/optimizer/nsga2_survival.hpp
  verdant/optimizer/population.hpp
  verdant/optimizer/real_box.hpp
  verdant/optimizer/tournament.hpp
  verdant/optimizer/variation_real.hpp
  verdant/pareto/crowding_distance.hpp
  verdant/pareto/dominance.hpp
  verdant/pareto/dominance_bits.hpp
  verdant/pareto/front_search.hpp
  verdant/pareto/lexicographic_order.hpp
  verdant/pareto/non_dominated_sort.hpp
  verdant/pareto/objective_rows.hpp
  verdant/random.hpp
  verdant/space.hpp
  verdant/space/cardinality.hpp
  verdant/space/domain.hpp
  verdant/space/elimination.hpp
  verdant/space/encoding.hpp
  verdant/space/enumeration.hpp
  verdant/space/feasibility.hpp
  verdant/space/feasible_set.hpp
  verdant/space/point.hpp
  verdant/space/repair.hpp
  verdant/space/restrict.hpp
  verdant/space/space.hpp
  verdant/space/structure.hpp
  verdant/space/table.hpp
  verdant/space/table_writer.hpp
  verdant/space/text.hpp
  verdant/space/validity.hpp
  verdant/space/variation.hpp
  verdant/units.hpp
  verdant/version.hpp
  verdant/workload.hpp
  verdant/workload/bounded_list.hpp
  verdant/workload/clip.hpp
  verdant/workload/clip_configs.hpp
  verdant/workload/fusion.hpp
  verdant/workload/graph.hpp
  verdant/workload/operator.hpp
  verdant/workload/shape.hpp
  verdant/workload/transformer.hpp
  verdant/workload/typed_clip.hpp
)

# verdant::json: needs nlohmann/json
set(verdant_json_headers
)

# verdant::range_v3: needs range-v3
set(verdant_range_v3_headers
)

# verdant::xtensor: needs xtensor
set(verdant_xtensor_headers
)
