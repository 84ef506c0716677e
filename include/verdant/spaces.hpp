#pragma once

/// The room spaces/. Published spaces: once_for_all/, resnet/, carbon_nas/, mnasnet/; autobuild/ has sub-networks as lists of blocks and as graphs, graph/ points of any space
/// as graphs, reduced/ what is left of a space.

#include <verdant/spaces/autobuild/block_profile.hpp>
#include <verdant/spaces/autobuild/custom_graph.hpp>
#include <verdant/spaces/autobuild/layer_variation.hpp>
#include <verdant/spaces/autobuild/mbconv_arch.hpp>
#include <verdant/spaces/autobuild/mbconv_config.hpp>
#include <verdant/spaces/autobuild/module_point.hpp>
#include <verdant/spaces/carbon_nas/accelerator.hpp>
#include <verdant/spaces/carbon_nas/clip.hpp>
#include <verdant/spaces/carbon_nas/clip_co_design.hpp>
#include <verdant/spaces/carbon_nas/transformer.hpp>
#include <verdant/spaces/graph/clip_graph.hpp>
#include <verdant/spaces/graph/mbconv_graph.hpp>
#include <verdant/spaces/graph/resnet_graph.hpp>
#include <verdant/spaces/graph/sequence_builder.hpp>
#include <verdant/spaces/graph/sequence_graph.hpp>
#include <verdant/spaces/graph/transformer_graph.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/spaces/mnasnet/mnasnet_designs.hpp>
#include <verdant/spaces/mnasnet/mnasnet_forms.hpp>
#include <verdant/spaces/network_space.hpp>
#include <verdant/spaces/once_for_all/catalogue.hpp>
#include <verdant/spaces/once_for_all/comp_ofa.hpp>
#include <verdant/spaces/once_for_all/constant_memory.hpp>
#include <verdant/spaces/once_for_all/elastic_arch.hpp>
#include <verdant/spaces/once_for_all/elastic_costs.hpp>
#include <verdant/spaces/once_for_all/elastic_mutation.hpp>
#include <verdant/spaces/once_for_all/latency_layers.hpp>
#include <verdant/spaces/once_for_all/mobile_family.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/narrow.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/once_for_all/ofa_proxyless.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/spaces/once_for_all/reachable_peaks.hpp>
#include <verdant/spaces/once_for_all/reference_draws.hpp>
#include <verdant/spaces/once_for_all/within_memory.hpp>
#include <verdant/spaces/reduced/reduced_space.hpp>
#include <verdant/spaces/reduced/score_order.hpp>
#include <verdant/spaces/reduced/space_units.hpp>
#include <verdant/spaces/reduced/unit_variation.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>
