#include "unit/io/damage.hpp"

#include <verdant/io/archive/gzip.hpp>

namespace io = verdant::io;

namespace {

io::byte_vector unpack(io::byte_vector content, std::uint64_t most = 1u << 20) { return io::gunzip({"a.gz", std::move(content)}, most); }

} // namespace

TEST_CASE("gzip data come back as they were written", "[io]") {
    for (const std::size_t size : {0u, 1u, 1000u, 300000u}) {
        io::byte_vector data(size);
        verdant::random_stream random{size};
        for (auto& byte : data) byte = static_cast<unsigned char>(random.below(7));
        CHECK(unpack(io::gzip(data)) == data);
    }
}

TEST_CASE("members follow each other, zeros may follow the last", "[io]") {
    auto two = io::gzip(io::to_bytes("first "));
    const auto second = io::gzip(io::to_bytes("second"));
    two.insert(two.end(), second.begin(), second.end());
    two.resize(two.size() + 700);
    CHECK(io::as_text(unpack(two)) == "first second");
    two.push_back('x');
    CHECK(refuses([&] { unpack(two); }, {"a.gz", "gzip data"}));
}

TEST_CASE("truncated, corrupt and too long gzip data are refused", "[io]") {
    const auto valid = io::gzip(io::to_bytes(std::string(100000, 'a')));
    CHECK(refuses([&] { unpack({valid.begin(), valid.end() - 1}); }, {"a.gz", "the end of the file"}));
    CHECK(refuses([&] { unpack(valid, 99999); }, {"at most 99999 decompressed bytes"}));
    auto wrong = valid;
    wrong[wrong.size() - 5] ^= 1; // the checksum
    CHECK(refuses([&] { unpack(wrong); }, {"incorrect data check"}));
    CHECK(refuses([&] { unpack(io::to_bytes("plain text")); }, {"gzip data"}));
    CHECK(io::as_text(io::read_maybe_gzip({"a", io::to_bytes("plain text")})) == "plain text");
    CHECK(io::read_maybe_gzip({"a", valid}).size() == 100000);
}

TEST_CASE("damaged gzip data are refused or read, never worse", "[io]") {
    io::byte_vector data(3000);
    verdant::random_stream random{1};
    for (auto& byte : data) byte = static_cast<unsigned char>(random.below(30));
    CHECK(survives_damage(io::gzip(data), [](io::byte_vector content) { unpack(std::move(content)); }) > 600);
}
