#pragma once

/// What own nodes of LibTorch's graph of gradients derive from and are connected by: torch::autograd::Node and collect_next_edges.

// clang-format off
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>

// As in the prelude: without this macro the header includes all 2000 functions.
#if defined(AT_PER_OPERATOR_HEADERS)
#include <torch/csrc/autograd/function.h>
#else
#define AT_PER_OPERATOR_HEADERS
#include <torch/csrc/autograd/function.h>
#undef AT_PER_OPERATOR_HEADERS
#endif
// clang-format on
