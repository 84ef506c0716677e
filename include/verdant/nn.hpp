#pragma once

#include <verdant/nn/autocast.hpp>
#include <verdant/nn/device.hpp>
#include <verdant/nn/from_tensor_data.hpp>
#include <verdant/nn/prelude.hpp>
#include <verdant/nn/runtime.hpp>
