// Images for supernets: a set of one's own, batches that train with it at sizes drawn anew, batches that judge. With the folder of Imagenette as argument, the
// same from its files.

#include <verdant/data/images/image_folder.hpp>
#include <verdant/nn/batches/elastic_batches.hpp>
#include <verdant/nn/batches/held_out.hpp>
#include <verdant/nn/batches/image_batches.hpp>
#include <verdant/nn/batches/prefetched.hpp>
#include <verdant/supernet/mixup.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>

namespace vd = verdant;
namespace nn = verdant::nn;

// [set]
// Discs of two colours: whatever has these four members is a set of images.
struct discs {
    [[nodiscard]] static std::size_t size() { return 1000; }
    [[nodiscard]] static std::size_t classes() { return 2; }
    [[nodiscard]] static std::int64_t label(std::size_t i) { return static_cast<std::int64_t>(i % 2); }
    [[nodiscard]] static vd::io::rgb_image image(std::size_t i) {
        vd::io::rgb_image out{40, 40};
        const auto radius = 10 + static_cast<int>(i % 7);
        for (int y = -radius; y <= radius; ++y)
            for (int x = -radius; x <= radius; ++x)
                if (x * x + y * y <= radius * radius) out.pixel(static_cast<std::size_t>(20 + x), static_cast<std::size_t>(20 + y))[i % 2] = 255;
        return out;
    }
};
static_assert(nn::image_set<discs>);
// [/set]

void print(const char* what, const nn::labelled_images& batch) {
    std::printf("%s: %lld images of %lld x %lld\n", what, static_cast<long long>(batch.images.size(0)), static_cast<long long>(batch.images.size(2)),
                static_cast<long long>(batch.images.size(3)));
}

void imagenette(const std::string& root) {
    // [folder]
    const auto [train, validation] = vd::io::open_image_folders(root, vd::io::imagenette_labels, vd::io::imagenet_classes);
    const auto parts = nn::hold_out(train, 100); // 100 training images validate, the published ones
    const nn::prefetched batches{nn::elastic_batches{parts.train, {}}}; // published augmentation; 64 images of 128, 160, 192 or 224 pixels
    const auto judged = nn::evaluation_batches(validation, 224); // what nn::evaluate takes, 256 images at a time
    const auto measured = nn::recalibration_batches(train, 224); // what nn::recalibrate takes: the published 2000
    // [/folder]
    print("Imagenette, training", batches(0, 0));
    print("judging", judged[0]);
    print("recalibration", measured[0]);
}

int main(int argc, char** argv) {
    // [batches]
    const nn::elastic_batches batches{discs{}, {.batch = 50, .sizes = {16, 24, 32}, .augmentation = {.colours = vd::io::torch_colours}, .seed = 3}};
    for (std::int64_t i = 0; i < 5; ++i) print("training", batches(0, i)); // epoch 0, of batches.size() batches
    // [/batches]
    // [mixup]
    const vd::supernet::mixed_batches mixed{nn::elastic_batches{discs{}, {.batch = 50, .sizes = {32}}}, 0.2, 2}; // alpha, classes
    std::printf("share of the own image: %.3f, labels of two classes: %s\n", mixed.share(0, 0), mixed(0, 0).labels.size(1) == 2 ? "yes" : "no");
    // [/mixup]
    std::int64_t images = 0;
    for (const auto& batch : nn::evaluation_batches(discs{}, 32)) images += batch.labels.size(0);
    std::printf("judged: %lld images\n", static_cast<long long>(images));
    if (argc > 1) imagenette(argv[1]);
}
