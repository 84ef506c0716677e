#pragma once

#include <verdant/goal.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>
namespace vd = verdant;

// [declared]
// costs.hpp: what the search must know of the costs
vd::metrics<vd::latency, vd::energy, vd::area> costs(const vd::point<vd::spaces::accelerator>& p);
// [/declared]
