#pragma once

/// The only way into LibTorch: every header of nn/, supernet/ and predictor/ starts here, and a program that wants <torch/torch.h> as well
/// includes it after this one. Two reasons. clang rejects the headers of LibTorch 1.13 in C++20 ("incomplete type c10::IValue") unless
/// ivalue.h comes first. And <torch/torch.h> costs 15 s a translation unit, a tensor with the single operators <ATen/ops/...> 3 s, so the
/// library uses no more than those: its models are plain structs of tensors, not torch::nn modules.

// clang-format off
#include <verdant/meta/component/torch.hpp>

#include <ATen/core/ivalue.h>
#include <ATen/core/Tensor.h>

// Without this macro the header of operators such as + includes all 2000 functions.
#if defined(AT_PER_OPERATOR_HEADERS)
#include <ATen/TensorOperators.h>
#else
#define AT_PER_OPERATOR_HEADERS
#include <ATen/TensorOperators.h>
#undef AT_PER_OPERATOR_HEADERS
#endif
// clang-format on
