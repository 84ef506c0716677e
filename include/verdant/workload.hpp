#pragma once

#include <verdant/workload/bert.hpp>
#include <verdant/workload/bounded_list.hpp>
#include <verdant/workload/clip.hpp>
#include <verdant/workload/clip_configs.hpp>
#include <verdant/workload/fusion.hpp>
#include <verdant/workload/graph.hpp>
#include <verdant/workload/head_attention.hpp>
#include <verdant/workload/llama.hpp>
#include <verdant/workload/macs.hpp>
#include <verdant/workload/operator.hpp>
#include <verdant/workload/shape.hpp>
#include <verdant/workload/transformer.hpp>
#include <verdant/workload/transformer_configs.hpp>
#include <verdant/workload/typed_clip.hpp>
#include <verdant/workload/vit.hpp>
