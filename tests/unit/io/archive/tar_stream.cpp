#include "unit/io/damage.hpp"

#include <verdant/data/captions/shards.hpp>
#include <verdant/io/archive/gzip.hpp>
#include <verdant/io/archive/tar_stream.hpp>
#include <verdant/io/archive/tar_writer.hpp>

#include <cstdio>

namespace io = verdant::io;

namespace {

io::byte_vector small_archive() {
    io::tar_writer writer;
    writer.add("a/0001.jpg", io::to_bytes("picture"));
    writer.add("a/0001.txt", io::to_bytes("a caption"));
    writer.add("empty", {});
    writer.add(std::string(150, 'n') + ".txt", io::to_bytes(std::string(513, 'x')));
    return std::move(writer).finish();
}

std::vector<std::pair<std::string, std::string>> read_all(io::byte_vector content, const io::tar_stream::options& options = {}) {
    std::vector<std::pair<std::string, std::string>> out;
    io::tar_stream tar{{"a.tar", std::move(content)}, options};
    while (const auto file = tar.next()) out.emplace_back(file->name, io::as_text(file->content));
    CHECK_FALSE(tar.next().has_value());
    return out;
}

/// A header of another writer, with a right checksum.
io::byte_vector entry(std::string_view name, char type, std::string_view content,
                      std::string_view magic = {"ustar\0"
                                                "00",
                                                8},
                      std::string_view prefix = {}) {
    io::byte_vector out(512 + (content.size() + 511) / 512 * 512);
    const auto put = [&](std::size_t at, std::string_view text) {
        std::copy(text.begin(), text.end(), out.begin() + static_cast<std::ptrdiff_t>(at));
    };
    put(0, name);
    char size[13];
    std::snprintf(size, sizeof size, "%11zo ", content.size());
    put(124, size);
    out[156] = static_cast<unsigned char>(type);
    put(257, magic);
    put(345, prefix);
    put(148, "        ");
    unsigned sum = 0;
    for (std::size_t i = 0; i < 512; ++i) sum += out[i];
    char digits[9];
    std::snprintf(digits, sizeof digits, "%06o", sum);
    put(148, {digits, 7});
    put(512, content);
    return out;
}

io::byte_vector archive(std::initializer_list<io::byte_vector> entries) {
    io::byte_vector out;
    for (const auto& one : entries) out.insert(out.end(), one.begin(), one.end());
    out.resize(out.size() + 1024);
    return out;
}

} // namespace

TEST_CASE("tar files come back as they were written, plain and gzip", "[io]") {
    const auto content = small_archive();
    const auto files = read_all(content);
    REQUIRE(files.size() == 4);
    CHECK(files[1] == std::pair<std::string, std::string>{"a/0001.txt", "a caption"});
    CHECK(files[2].second.empty());
    CHECK(files[3].first == std::string(150, 'n') + ".txt");
    CHECK(files[3].second.size() == 513);
    CHECK(read_all(io::gzip(content)) == files);
}

TEST_CASE("archives of GNU tar, of ustar with a prefix and of version 7 are read, links and folders passed over", "[io]") {
    const std::string long_name = std::string(120, 'g') + ".txt";
    const std::string_view gnu{"ustar  \0", 8};
    const auto files = read_all(archive({entry("folder/", '5', ""), entry("old", '\0', "v7", ""),
                                         entry("base", '0', "prefixed",
                                               {"ustar\0"
                                                "00",
                                                8},
                                               "some/folder"),
                                         entry("././@LongLink", 'L', long_name + '\0', gnu), entry(long_name.substr(0, 100), '0', "gnu", gnu, "777"),
                                         entry("././@LongLink", 'K', "target", gnu), entry("link", '2', "", gnu), entry("g", 'g', "11 comment=\n"),
                                         entry("last", '7', "contiguous")}));
    REQUIRE(files.size() == 4);
    CHECK(files[0] == std::pair<std::string, std::string>{"old", "v7"});
    CHECK(files[1] == std::pair<std::string, std::string>{"some/folder/base", "prefixed"});
    CHECK(files[2] == std::pair<std::string, std::string>{long_name, "gnu"});
    CHECK(files[3].second == "contiguous");
}

TEST_CASE("archives that lie are refused", "[io]") {
    const auto valid = small_archive();
    CHECK(refuses([&] { read_all({valid.begin(), valid.end() - 1024}); }, {"a.tar", "without its end mark"}));
    CHECK(refuses([&] { read_all({valid.begin(), valid.begin() + 600}); }, {"a.tar", "byte"}));
    auto wrong = valid;
    wrong[3] ^= 1;
    CHECK(refuses([&] { read_all(wrong); }, {"checksum"}));
    CHECK(refuses([&] { read_all(valid, {.largest_file = 8}); }, {"file a/0001.txt", "at most 8 bytes", "9"}));
    CHECK(refuses([] { read_all(archive({entry("s", 'S', "")})); }, {"sparse"}));
    CHECK(refuses([] { read_all(archive({entry("p", 'x', "99 path=a\n")})); }, {"pax records"}));
    CHECK(refuses([] { read_all(archive({entry("p", 'x', "12 size=abc\n"), entry("f", '0', "")})); }, {"a size", "abc"}));
    // A size of eight exabytes, in the binary form.
    auto huge = entry("h", '0', "");
    huge[124] = 0x80;
    std::fill(huge.begin() + 125, huge.begin() + 136, static_cast<unsigned char>(0));
    huge[128] = 0x70;
    unsigned sum = 0;
    std::fill(huge.begin() + 148, huge.begin() + 156, static_cast<unsigned char>(' '));
    for (std::size_t i = 0; i < 512; ++i) sum += huge[i];
    std::snprintf(reinterpret_cast<char*>(huge.data()) + 148, 8, "%06o", sum);
    CHECK(refuses([&] { read_all(archive({huge})); }, {"file h", "at most"}));
    CHECK(refuses([&] { read_all(archive({huge}), {.largest_file = ~std::uint64_t{0}}); }, {"content", "before the end"}));
    CHECK(refuses([] { read_all(io::to_bytes("PK\x03\x04")); }, {"a header"}));
    CHECK(refuses([] { read_all({}); }, {"end mark"}));
}

TEST_CASE("files of one key are one sample", "[io]") {
    io::tar_writer writer;
    for (const auto* name : {"s/1.jpg", "s/1.TXT", "s/2.txt", "README", "s/.hidden", "t/2.txt", "t/2.a.b"}) writer.add(name, io::to_bytes(name));
    io::shard_reader shard{{"a.tar", std::move(writer).finish()}};
    auto sample = shard.next();
    REQUIRE(sample);
    CHECK(sample->key == "s/1");
    CHECK(sample->files.size() == 2);
    REQUIRE(sample->find({"png", "jpg", "jpeg"}) != nullptr);
    CHECK(io::as_text(*sample->find({"txt"})) == "s/1.TXT");
    CHECK(sample->find({"cls"}) == nullptr);
    CHECK(shard.next()->key == "s/2");
    sample = shard.next();
    CHECK(sample->key == "t/2");
    CHECK(sample->find({"a.b"}) != nullptr);
    CHECK_FALSE(shard.next().has_value());
}

TEST_CASE("a sample names each ending once", "[io]") {
    io::tar_writer writer;
    for (const auto* name : {"1.txt", "1.TXT"}) writer.add(name, io::to_bytes(name));
    io::shard_reader shard{{"a.tar", std::move(writer).finish()}};
    CHECK(refuses([&] { static_cast<void>(shard.next()); }, {"a.tar", "sample 1", "txt twice"}));
}

TEST_CASE("damaged tar archives are refused or read, never worse", "[io]") {
    const auto read = [](io::byte_vector content) { read_all(std::move(content)); };
    CHECK(survives_damage(small_archive(), read, 1000) > 300);
    CHECK(survives_damage(io::gzip(small_archive()), read, 1000) > 500);
}
