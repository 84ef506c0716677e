// moofa_fashion_data FOLDER: a data set in the layout of Fashion-MNIST: 320 training and 100 test images of ten classes, told apart by the place of a
// bright square.

#include <verdant/io/file/atomic_file.hpp>

#include <cstddef>
#include <cstdio>
#include <exception>
#include <string>

namespace {

std::string header(std::size_t axes, std::size_t items) {
    std::string bytes{'\0', '\0', '\x08', static_cast<char>(axes)};
    const auto length = [&bytes](std::size_t n) {
        for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(n >> shift & 255U);
    };
    length(items);
    for (std::size_t a = 1; a < axes; ++a) length(28);
    return bytes;
}

void write(const std::string& folder, const std::string& split, std::size_t items) {
    auto images = header(3, items), labels = header(1, items);
    for (std::size_t i = 0; i < items; ++i) {
        const auto label = (7 * i + i / 10) % 10;
        labels += static_cast<char>(label);
        for (std::size_t y = 0; y < 28; ++y)
            for (std::size_t x = 0; x < 28; ++x) {
                const bool bright = x / 7 == label % 4 && y / 9 == label / 4;
                images += static_cast<char>((bright ? 170 : 20) + (i * 31 + x * 17 + y * 13) % 60);
            }
    }
    verdant::io::write_file(folder + "/" + split + "-images-idx3-ubyte", images);
    verdant::io::write_file(folder + "/" + split + "-labels-idx1-ubyte", labels);
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    try {
        write(argv[1], "train", 320);
        write(argv[1], "t10k", 100);
        return 0;
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "%s\n", failure.what());
        return 1;
    }
}
