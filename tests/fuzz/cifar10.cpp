#include "fuzz.hpp"

#include <verdant/data/images/cifar10.hpp>

VERDANT_FUZZ_TARGET(cifar10) {
    const fuzz::file batch{data};
    const verdant::io::cifar10 images{std::array{batch.path()}};
    for (std::size_t i = 0; i < images.size(); ++i) fuzz::require(images.label(i) >= 0 && images.label(i) < 10 && images.image(i).width() == 32, "images with classes");
}
