#pragma once

/// The room image/. Pictures: decoding, resampling, preprocessing, augmentation.

#include <verdant/image/affine_map.hpp>
#include <verdant/image/augmentation.hpp>
#include <verdant/image/colour_jitter.hpp>
#include <verdant/image/image.hpp>
#include <verdant/image/preprocess.hpp>
#include <verdant/image/rand_augment.hpp>
#include <verdant/image/random_crop.hpp>
#include <verdant/image/random_erasing.hpp>
#include <verdant/image/resample.hpp>
#include <verdant/image/strong_augmentation.hpp>
#include <verdant/image/tone.hpp>
