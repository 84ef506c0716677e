#include <verdant/evaluators.hpp>
#include <verdant/goal/evaluator.hpp>
#include <verdant/hardware/accelerator.hpp>
#include <verdant/hardware/area.hpp>
#include <verdant/hardware/estimate.hpp>
#include <verdant/hardware/fidelity.hpp>
#include <verdant/hardware/mapping/cache.hpp>
#include <verdant/spaces.hpp>
#include <verdant/workload/transformer/clip.hpp>
#include <verdant/workload/transformer/text_model.hpp>
#include <verdant/workload/transformer/transformer_configs.hpp>

#include <concepts>
#include <type_traits>

namespace {

using namespace verdant;
namespace hw = hardware;

template <class Evaluator, class Space>
concept measures = single_evaluator<Evaluator, Space>;

// The accelerator comes from the point, or from the type's constructor.
using clip_on_chip = co_design_costs<workload::clip_config, hw::accelerator>;
static_assert(measures<accelerator_estimator, spaces::accelerator> && measures<accelerator_estimator, spaces::clip_co_design>);
static_assert(!evaluator_for<accelerator_estimator, spaces::clip>);
static_assert(measures<clip_estimator, spaces::clip_co_design> && measures<clip_estimator, spaces::clip_shares_co_design>);
static_assert(!evaluator_for<clip_estimator, spaces::clip> && measures<clip_on_chip, spaces::clip>);
static_assert(measures<clip_on_chip, spaces::clip_co_design> && !evaluator_for<clip_on_chip, spaces::accelerator>);
static_assert(!evaluator_for<network_estimator, spaces::moofa_v3>);
static_assert(measures<co_design_costs<whole_network, hw::accelerator>, spaces::moofa_v3>);

using bert = co_design_costs<workload::bert_config>;
using short_bert = co_design_costs<workload::text_model<workload::bert_config>>;
static_assert(measures<bert, spaces::transformer_codesign<spaces::bert_base>> &&
              measures<short_bert, spaces::transformer_codesign<spaces::bert_base>>);
static_assert(!evaluator_for<bert, spaces::bert_base> && !evaluator_for<bert, spaces::accelerator>);
static_assert(measures<co_design_costs<workload::bert_config, hw::accelerator>, spaces::bert_base>);

// What a constructor is given makes the type.
constexpr hw::accelerator chip = hw::from_clusters(2, 64, 16, 256, 64, 4);
template <class... Parts>
using deduced = decltype(co_design_costs{workload::clip_config{}, std::declval<Parts>()...});
static_assert(std::same_as<deduced<>, clip_estimator>);
static_assert(std::same_as<deduced<hw::accelerator>, clip_on_chip> &&
              std::same_as<decltype(co_design_costs{workload::clip_config{}, chip}), clip_on_chip>);
static_assert(std::same_as<deduced<hw::corrected, hw::bound_mapper>::fidelity, hw::corrected>);
static_assert(std::same_as<deduced<hw::corrected, hw::bound_mapper>::mapper, hw::bound_mapper>);
static_assert(std::same_as<deduced<hw::corrected, hw::bound_mapper>::area_rule, hw::published>);
static_assert(std::same_as<deduced<hw::corrected>::mapper, hw::monotone_mapping<>>); // faithful estimates fill the grid, corrected ones need not
static_assert(std::same_as<deduced<hw::corrected, hw::mapping_cache<>>::mapper, hw::mapping_cache<>>);
static_assert(std::same_as<deduced<>::mapper, hw::mapping_cache<>> && std::same_as<deduced<>::fidelity, hw::faithful>);
static_assert(!deduced<hw::live>::fixed_accelerator && deduced<hw::live, hw::accelerator>::fixed_accelerator);

// Published bases are defaults; others must be given.
static_assert(std::is_default_constructible_v<accelerator_estimator> && std::is_default_constructible_v<clip_estimator> &&
              std::is_default_constructible_v<network_estimator> && !std::is_default_constructible_v<bert>);
static_assert(std::is_copy_constructible_v<clip_on_chip>);

// Texts have a length, images have not.
static_assert(workload::text_config<workload::bert_config> && workload::text_config<workload::llama_config>);
static_assert(!workload::text_config<workload::vit_config> && !workload::text_config<workload::clip_config>);

} // namespace
