#include <verdant/workload/transformer/clip_configs.hpp>
#include <verdant/workload/transformer/typed_clip.hpp>

namespace wl = verdant::workload;

struct base : wl::clip<wl::clip_named("ViT-B-16")> {};
struct pruned : wl::clip<wl::clip_config{.text = {6, 384, 1536, 6}, .vision = {6, 480, 1920, 8}, .patch = 32}> {};

static_assert(base::config.vision_tokens() == 197 && pruned::config.vision_tokens() == 50);
static_assert(base::operators.operations.size() == 67);

// pruning changes extents, not the list
static_assert(pruned::operators.operations.size() == 67);
static_assert(pruned::operators.operations[1].output == wl::shape{1, 50, 512});
static_assert(pruned::operators.sections[2].layers == 6);

// an exact GELU is one operator instead of three, and goes into the linear layer before it, whose only reader it is
static_assert(wl::operators(wl::clip_named("ViT-M-16")).operations.size() == 67 - 2 * 3);

static_assert(wl::is_well_formed(wl::clip_named("ViT-L-14")));
static_assert(!wl::is_well_formed({.text = {6, 384, 1536, 6}, .vision = {6, 480, 1920, 8}, .patch = 15}));
static_assert(!wl::is_well_formed({.text = {6, 384, 1536, 6}, .vision = {0, 480, 1920, 8}}));
