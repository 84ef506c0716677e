// clip_train_data make FOLDER: 26 small pictures with captions, as a table, as a shard, in two shards, and where libwebp is there as a table of WebP
// pictures; and the sizes of a small CLIP.
// clip_train_data gap A B: the largest difference of a weight in two checkpoints.

#include <verdant/error.hpp>
#include <verdant/image/image.hpp>
#include <verdant/image/decode_image.hpp>
#include <verdant/io/archive/tar_writer.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/io/torch/torch_checkpoint.hpp>

#include <png.h>
#if defined(VERDANT_WITH_WEBP)
#include <webp/encode.h>
#endif

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace {

namespace io = verdant::io;

void write_png(const std::string& path, const io::rgb_image& picture) {
    png_image header{};
    header.version = PNG_IMAGE_VERSION;
    header.width = static_cast<png_uint_32>(picture.width());
    header.height = static_cast<png_uint_32>(picture.height());
    header.format = PNG_FORMAT_RGB;
    if (png_image_write_to_file(&header, path.c_str(), 0, picture.pixels().data(), 0, nullptr) == 0)
        throw verdant::file_error{path, "write", header.message};
}

#if defined(VERDANT_WITH_WEBP)
void write_webp(const std::string& path, const io::rgb_image& picture) {
    std::uint8_t* out = nullptr;
    const auto width = static_cast<int>(picture.width());
    const auto size = WebPEncodeLosslessRGB(picture.pixels().data(), width, static_cast<int>(picture.height()), 3 * width, &out);
    const std::unique_ptr<std::uint8_t, void (*)(void*)> content{out, &WebPFree};
    if (size == 0) throw verdant::file_error{path, "write", "libwebp cannot encode it"};
    io::write_file(path, {reinterpret_cast<const char*>(out), size});
}
#endif

// A square of one colour on another, at a place and of a size that the number determines.
io::rgb_image picture(std::size_t i, const unsigned char (&colour)[3]) {
    io::rgb_image out{20 + i % 7, 18 + i % 5};
    for (std::size_t y = 0; y < out.height(); ++y)
        for (std::size_t x = 0; x < out.width(); ++x) {
            const bool inside = x > i % 5 && x < 12 + i % 3 && y > i % 4 && y < 11;
            for (std::size_t c = 0; c < 3; ++c) out.pixel(x, y)[c] = inside ? colour[c] : static_cast<unsigned char>(20 * (i % 4) + 3 * x + y);
        }
    return out;
}

void make(const std::string& folder) {
    constexpr const char* names[] = {"red", "green", "blue", "yellow", "white"};
    constexpr unsigned char colours[][3] = {{220, 20, 20}, {20, 200, 30}, {20, 30, 230}, {220, 210, 20}, {250, 250, 250}};
    std::string table = "filepath\ttitle\n", webp = table;
    io::tar_writer shard, parts[2];
    for (std::size_t i = 0; i < 26; ++i) {
        const auto file = "picture_" + std::to_string(i) + ".png";
        const auto caption = "a " + std::string{names[i % 5]} + " square, number " + std::to_string(i);
        write_png(folder + "/" + file, picture(i, colours[i % 5]));
        table += file + "\t" + caption + "\n";
        for (auto* const to : {&shard, &parts[i % 3 == 0 ? 1 : 0]}) {
            to->add("picture_" + std::to_string(i) + ".png", io::to_bytes(io::read_file(folder + "/" + file)));
            to->add("picture_" + std::to_string(i) + ".txt", io::to_bytes(caption));
        }
#if defined(VERDANT_WITH_WEBP)
        write_webp(folder + "/" + file + ".webp", picture(i, colours[i % 5]));
        webp += file + ".webp\t" + caption + "\n";
#endif
    }
#if defined(VERDANT_WITH_WEBP)
    io::write_file(folder + "/webp.tsv", webp);
#endif
    for (const char number : {'0', '1'}) {
        const auto part = std::move(parts[number - '0']).finish();
        io::write_file(folder + "/part-" + number + ".tar", io::as_text(part));
    }
    io::write_file(folder + "/captions.tsv", table);
    const auto tar = std::move(shard).finish();
    io::write_file(folder + "/captions.tar", io::as_text(tar));
    io::write_file(folder + "/small.json", R"({"embed_dim": 24, "quick_gelu": false,
 "vision_cfg": {"image_size": 16, "layers": 2, "width": 32, "head_width": 8, "patch_size": 4},
 "text_cfg": {"context_length": 12, "vocab_size": 600, "width": 32, "heads": 4, "layers": 2}})");
}

double gap(const std::string& a, const std::string& b) {
    const auto left = io::read_torch(a), right = io::read_torch(b);
    if (left.size() != right.size() || left.size() == 0) throw verdant::error{"other numbers of tensors"};
    double most = 0;
    for (const auto& [name, value] : left) {
        const auto x = value.to<double>(), y = right.at(name).to<double>();
        if (x.size() != y.size()) throw verdant::error{"another size of " + name};
        for (std::size_t i = 0; i < x.size(); ++i) most = std::max(most, std::abs(x[i] - y[i]));
    }
    return most;
}

} // namespace

int main(int argc, char** argv) {
    try {
        const std::string what = argc > 1 ? argv[1] : "";
        if (what == "make" && argc == 3) make(argv[2]);
        else if (what == "gap" && argc == 4) std::printf("%.3e\n", gap(argv[2], argv[3]));
        else throw verdant::error{"make FOLDER, or gap A B"};
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
