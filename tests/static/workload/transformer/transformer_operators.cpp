#include <verdant/hardware/lowered_model.hpp>
#include <verdant/workload/transformer/transformer_configs.hpp>

namespace hw = verdant::hardware;
namespace wl = verdant::workload;

// Whole estimates of a transformer's operators are constants, apart from the mapping search.
constexpr auto lowered = hw::lower(wl::operators(wl::bert_base_uncased));
static_assert(lowered.ops[0].times == 13); // the representative is counted once more: reproduced
static_assert(hw::lower<hw::corrected>(wl::operators(wl::bert_base_uncased)).ops[0].times == 12);
static_assert(lowered.tensor_tasks[0] == hw::gemm(512, 768, 768));
