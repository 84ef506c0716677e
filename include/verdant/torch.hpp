#pragma once

/// The training wing, which needs LibTorch: models, training, pruning, supernets. Not part of verdant/verdant.hpp; target verdant::torch.

#include <verdant/nn.hpp>
#include <verdant/pruning.hpp>
#include <verdant/supernet.hpp>
