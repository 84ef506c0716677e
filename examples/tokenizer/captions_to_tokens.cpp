// From raw captions and a raw picture to what the two towers of a CLIP take.

#include <verdant/image/preprocess.hpp>
#include <verdant/tokenizer/bpe_training.hpp>
#include <verdant/tokenizer/tokenizer.hpp>

#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

namespace io = verdant::io;

int main() {
    // [tokens]
    const std::vector<std::string> captions{"a photo of a shirt", "A photo of a coat!", "a photo of a bag", "two shirts &amp; a coat"};
    const io::clip_tokenizer tokenizer{io::train_merges(captions, 40), {.context_length = 12}};
    for (const auto& caption : captions) {
        for (const auto token : tokenizer.row(caption)) std::printf("%4d", token);
        std::printf("  %s\n", tokenizer.decode(tokenizer.encode(caption)).c_str());
    }
    // [/tokens]

    // [pixels]
    io::rgb_image picture{60, 40};
    for (std::size_t y = 0; y < 40; ++y)
        for (std::size_t x = 0; x < 60; ++x) picture.pixel(x, y)[0] = static_cast<unsigned char>(4 * x);
    const std::vector<float> input = io::preprocess(picture, {.size = 4}); // 3 x 4 x 4
    // [/pixels]
    for (std::size_t x = 0; x < 4; ++x) std::printf("%8.4f", input[x]);
    std::printf("\n");
}
