#include "fuzz.hpp"

#include <verdant/image/decode_image.hpp>

VERDANT_FUZZ_TARGET(image) {
    const auto picture = verdant::io::decode_image(data, std::string{fuzz::source}, {.most_pixels = 1U << 18});
    fuzz::require(picture.pixels().size() == 3 * picture.width() * picture.height(), "a picture has its pixels");
}
