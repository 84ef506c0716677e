#include "unit/io/damage.hpp"

#include <verdant/io/tensor/idx.hpp>

namespace io = verdant::io;

TEST_CASE("IDX arrays are read big-endian", "[io]") {
    const auto labels = io::parse_idx(io::to_bytes(std::string_view{"\0\0\x08\x01\0\0\0\x03\x09\x00\x02", 11}), "labels");
    CHECK(labels.to<int>() == std::vector<int>{9, 0, 2});
    const auto shorts = io::parse_idx(io::to_bytes(std::string_view{"\0\0\x0b\x02\0\0\0\x01\0\0\0\x02\x01\x00\xff\xff", 16}), "shorts");
    CHECK(shorts.shape() == io::tensor_shape{1, 2});
    CHECK(shorts.to<int>() == std::vector<int>{256, -1});
}

TEST_CASE("IDX files that lie are refused", "[io]") {
    const auto parse = [](std::string_view text) { static_cast<void>(io::parse_idx(io::to_bytes(text), "a.idx")); };
    CHECK(refuses([&] { parse({"\0\x01\x08\x01", 4}); }, {"a.idx", "two zero bytes"}));
    CHECK(refuses([&] { parse({"\0\0\x0a\x01\0\0\0\x01x", 9}); }, {"element type", "10"}));
    CHECK(refuses([&] { parse({"\0\0\x08\x01\0\0\0\x04xyz", 11}); }, {"shape [4] of u8", "3 bytes"}));
    CHECK(refuses([&] { parse({"\0\0\x0e\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 16}); }, {"0 bytes"}));
    CHECK(refuses([&] { parse({"\0\0\x08\xff\0", 5}); }, {"axis length"}));
    CHECK(refuses([&] { parse(""); }, {"magic number"}));
}

TEST_CASE("damaged IDX files are refused or read, never worse", "[io]") {
    io::byte_vector valid = io::to_bytes(std::string_view{"\0\0\x08\x03\0\0\0\x02\0\0\0\x04\0\0\0\x04", 16});
    valid.resize(16 + 32, 7);
    CHECK(survives_damage(valid, [](io::byte_vector content) { static_cast<void>(io::parse_idx(content, "a.idx")); }) > 100);
}

TEST_CASE("Fashion-MNIST is read where Debian's package is installed", "[io]") {
    const std::string folder = "/usr/share/datasets/fashion-mnist/";
    try {
        const auto labels = io::read_idx(folder + "t10k-labels-idx1-ubyte.gz"), images = io::read_idx(folder + "t10k-images-idx3-ubyte.gz");
        CHECK(labels.shape() == io::tensor_shape{10000});
        CHECK(images.shape() == io::tensor_shape{10000, 28, 28});
        std::vector<int> counts(10);
        for (const int label : labels.to<int>()) ++counts.at(static_cast<std::size_t>(label));
        CHECK(counts == std::vector<int>(10, 1000));
    } catch (const verdant::file_error&) { WARN("skipped: " << folder << " is not there"); }
}
