#pragma once

// The half that needs LibTorch: models, training, supernets. Not part of verdant/verdant.hpp; target verdant::torch.

#include <verdant/nn.hpp>
#include <verdant/supernet.hpp>
