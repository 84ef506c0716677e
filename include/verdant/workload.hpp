#pragma once

#include <verdant/workload/bounded_list.hpp>
#include <verdant/workload/clip.hpp>
#include <verdant/workload/clip_configs.hpp>
#include <verdant/workload/fusion.hpp>
#include <verdant/workload/graph.hpp>
#include <verdant/workload/operator.hpp>
#include <verdant/workload/shape.hpp>
#include <verdant/workload/transformer.hpp>
#include <verdant/workload/typed_clip.hpp>
