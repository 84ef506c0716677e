#include <verdant/workload/transformer/clip_configs.hpp>
#include <verdant/workload/transformer/clip_parameters.hpp>
#include <verdant/workload/transformer/flop_proxy.hpp>

namespace workload = verdant::workload;

// OpenCLIP's published counts.
static_assert(workload::parameters(workload::clip_named("ViT-B-16")) == 149'620'737);
static_assert(workload::parameters(workload::clip_named("ViT-B-32")) == 151'277'313);
static_assert(workload::text_parameters(workload::clip_named("ViT-B-16")) + workload::vision_parameters(workload::clip_named("ViT-B-16")) + 1 ==
              149'620'737);
static_assert(workload::flop_proxy(workload::clip_named("ViT-B-16")) == 245'748'224);
static_assert(workload::flop_proxy(workload::clip_named("ViT-B-32")) == workload::flop_proxy(workload::clip_named("ViT-B-16")));
