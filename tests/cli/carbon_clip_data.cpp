// carbon_clip_data FOLDER: checkpoints of a CLIP of no published size with random weights, merges of its tokenizer, and 24 small pictures with two
// captions each, as a table and as a shard.

#include <verdant/error.hpp>
#include <verdant/image/image.hpp>
#include <verdant/io/archive/tar_writer.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/io/torch/torch_writer.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/tokenizer/bpe_training.hpp>
#include <verdant/tokenizer/merges_file.hpp>

#include <png.h>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace {

namespace io = verdant::io;
namespace nn = verdant::nn;

// Heads of 64 channels, as in all published models, so that the sizes can be read off the shapes.
constexpr verdant::workload::clip_config small{.text = {.layers = 3, .width = 192, .ffn = 768, .heads = 3, .head_width = 64},
                                               .vision = {.layers = 4, .width = 128, .ffn = 512, .heads = 2, .head_width = 64},
                                               .patch = 8,
                                               .joint = 32,
                                               .image = 32,
                                               .context = 12,
                                               .vocabulary = 560};

io::named_tensors renamed(const io::named_tensors& state, const std::string& prefix, const std::string& without = {}) {
    io::named_tensors out;
    for (const auto& [name, value] : state)
        if (name != without) out.add(prefix + name, value);
    return out;
}

std::string png_of(std::size_t i) {
    io::rgb_image picture{36 + i % 5, 34 + i % 3};
    for (std::size_t y = 0; y < picture.height(); ++y)
        for (std::size_t x = 0; x < picture.width(); ++x)
            for (std::size_t c = 0; c < 3; ++c) picture.pixel(x, y)[c] = static_cast<unsigned char>(40 * ((i + c) % 6) + 2 * (i % 2 == 0 ? x : y));
    png_image header{};
    header.version = PNG_IMAGE_VERSION;
    header.width = static_cast<png_uint_32>(picture.width());
    header.height = static_cast<png_uint_32>(picture.height());
    header.format = PNG_FORMAT_RGB;
    png_alloc_size_t size = 0;
    std::string bytes;
    if (png_image_write_to_memory(&header, nullptr, &size, 0, picture.pixels().data(), 0, nullptr) != 0) {
        bytes.resize(size);
        if (png_image_write_to_memory(&header, bytes.data(), &size, 0, picture.pixels().data(), 0, nullptr) != 0) return bytes;
    }
    throw verdant::error{std::string{"no picture: "} + header.message};
}

void make(const std::string& folder) {
    constexpr const char* colours[] = {"black", "dark", "grey", "light", "pale", "white"};
    std::string table = "filepath\ttitle\n";
    std::vector<std::string> captions;
    io::tar_writer shard;
    for (std::size_t i = 0; i < 24; ++i) {
        const auto name = "picture_" + std::to_string(i);
        const auto png = png_of(i);
        io::write_file(folder + "/" + name + ".png", png);
        for (const char* before : {"a ", "the picture of a "}) {
            captions.push_back(before + std::string{colours[i % 6]} + (i % 2 == 0 ? " row" : " column"));
            table += name + ".png\t" + captions.back() + "\n";
        }
        shard.add(name + ".png", io::to_bytes(png));
        shard.add(name + ".txt", io::to_bytes(captions.back()));
    }
    io::write_file(folder + "/captions.tsv", table);
    const auto tar = std::move(shard).finish();
    io::write_file(folder + "/captions.tar", io::as_text(tar));
    io::write_file(folder + "/merges.txt", io::merges_text(io::train_merges(captions, 46)));

    const auto state = nn::state_of(nn::random_clip(small, 1));
    io::write_torch(folder + "/small.pt", renamed(state, "module."));
    io::write_safetensors(folder + "/small.safetensors", state);
    io::write_torch(folder + "/other.pt", nn::state_of(nn::random_clip(small, 2)));
    io::write_torch(folder + "/lacking.pt", renamed(state, "", "visual.conv1.weight"));
}

} // namespace

int main(int argc, char** argv) {
    try {
        if (argc != 2) throw verdant::error{"carbon_clip_data FOLDER"};
        make(argv[1]);
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
