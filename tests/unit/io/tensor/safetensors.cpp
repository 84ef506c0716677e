#include "unit/io/damage.hpp"
#include "unit/io/folder.hpp"
#include "unit/io/samples.hpp"

#include <verdant/io/tensor/safetensors.hpp>

#include <filesystem>

namespace io = verdant::io;

namespace {

io::byte_vector file_of(const std::string& header, std::size_t data) {
    io::byte_vector out;
    io::append_little<std::uint64_t>(out, header.size());
    out.insert(out.end(), header.begin(), header.end());
    out.resize(out.size() + data);
    return out;
}

io::safetensors_content parse(io::byte_vector content) { return io::parse_safetensors({"a.safetensors", std::move(content)}); }

io::safetensors_content parse(const std::string& header, std::size_t data = 0) { return parse(file_of(header, data)); }

} // namespace

TEST_CASE("safetensors come back as they were written, with names of any text and metadata", "[io]") {
    const io::safetensors_content content{sample_tensors(), {{"format", "pt"}, {"note", "a \"quoted\" one\t\x01"}}};
    const auto written = io::to_safetensors(content);
    const auto read = parse(written);
    CHECK(read.tensors == content.tensors);
    CHECK(read.metadata == content.metadata);
    CHECK(parse(std::string{"{}"}).tensors.empty());
}

TEST_CASE("tensors share the bytes of a source in memory where they are aligned, and need no file once they are read", "[io]") {
    const auto tensors = sample_tensors();
    const io::byte_source source{"a.safetensors", io::to_safetensors({tensors, {}})};
    const auto whole = source.share_all();
    const auto read = io::parse_safetensors(source).tensors;
    CHECK(read == tensors);
    const auto& first = read.begin()->value; // the data begin at a multiple of 8
    CHECK(first.content().data() > whole.data());
    CHECK(first.content().data() < whole.data() + whole.size());
    for (const auto& [name, value] : read) CHECK(value.bytes().is_aligned(io::size_of(value.type())));
    const scratch_folder folder;
    const auto path = folder.file("a.safetensors");
    io::write_safetensors(path, tensors);
    const auto loaded = io::read_safetensors(path), mapped = io::parse_safetensors(io::byte_source::map(path)).tensors;
    std::filesystem::remove(path);
    CHECK(loaded == tensors);
    CHECK(mapped == tensors);
    CHECK(loaded.begin()->value.bytes().is_aligned(io::shared_bytes::alignment));
}

TEST_CASE("shapes need the header and the size of the file, not the data", "[io]") {
    const auto tensors = sample_tensors();
    const auto content = io::to_safetensors({tensors, {}});
    CHECK(io::parse_safetensors_shapes({"a.safetensors", content}) == io::shapes_of(tensors));
    CHECK(refuses([&] { return io::parse_safetensors_shapes({"a.safetensors", io::byte_vector{content.begin(), content.end() - 1}}); },
                  {"a.safetensors", "tensor brain"}));
}

TEST_CASE("tensors come in the order of their data, and JSON escapes are understood", "[io]") {
    const auto read = parse(R"( { "b\u00e9\ud83d\ude00\n" : {"data_offsets":[4,6],"dtype":"U8","shape":[2]},
        "a" : {"dtype":"F32","shape":[],"data_offsets":[0,4]} }  )",
                            6);
    CHECK(read.tensors.begin()->name == "a");
    CHECK(read.tensors.find("b\xc3\xa9\xf0\x9f\x98\x80\n") != nullptr);
}

TEST_CASE("headers that lie are refused with the place", "[io]") {
    CHECK(refuses([] { parse(io::byte_vector(4)); }, {"a.safetensors", "8 bytes of the header length"}));
    CHECK(refuses([] { parse(io::byte_vector{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, '{'}); }, {"a header of at most 1 bytes"}));
    CHECK(refuses([] { parse(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4); }, {"tensor a", "shape [2] of f32", "4 bytes"}));
    CHECK(refuses([] { parse(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 2); }, {"tensor a", "an end between 0 and 2"}));
    CHECK(refuses([] { parse(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})", 2); }, {"tensor a", "data from offset 0", "1"}));
    CHECK(refuses([] { parse(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 2); }, {"data of 1 bytes", "2"}));
    CHECK(refuses([] { parse(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})", 3); },
                  {"tensor b", "data from offset 2"}));
    CHECK(refuses([] { parse(R"({"a":{"dtype":"F9","shape":[],"data_offsets":[0,1]}})", 1); }, {"tensor a", "F9"}));
    CHECK(refuses([] { parse(R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})"); },
                  {"tensor a", "twice"}));
    CHECK(refuses([] { parse(R"({"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}})"); }, {"one each of the keys"}));
    CHECK(refuses([] { parse(R"({"a":{"dtype":"U8","shape":[0]}})"); }, {"the keys dtype, shape and data_offsets of tensor a"}));
    CHECK(refuses([] { parse(R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,0]}})"); }, {"a whole number", "header, byte"}));
    CHECK(refuses([] { parse(R"({"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,0]}})"); }, {"at most 18 digits"}));
    CHECK(refuses([] { parse(std::string(100000, '[')); }, {"'{'"}));
    CHECK(refuses([] { parse(std::string{"{} x"}); }, {"only spaces"}));
    CHECK(refuses([] { parse(std::string{"{\"\\ud800\":"}); }, {"surrogates"}));
}

TEST_CASE("damaged safetensors are refused or read, never worse", "[io]") {
    CHECK(survives_damage(io::to_safetensors({sample_tensors(), {}}), [](io::byte_vector content) { parse(std::move(content)); }, 2000) > 1000);
}

TEST_CASE("safetensors of narrow and complex types are refused only where they are asked for, by name", "[io]") {
    const std::string header = R"({"w":{"dtype":"U8","shape":[2],"data_offsets":[3,5]},"a":{"dtype":"F8_E4M3","shape":[3],"data_offsets":[0,3]},)"
                               R"("c":{"dtype":"C64","shape":[1],"data_offsets":[5,13]}})";
    io::byte_vector content;
    io::append_little<std::uint64_t>(content, header.size());
    content.insert(content.end(), header.begin(), header.end());
    content.resize(content.size() + 13, 9);
    const io::byte_source source{"a.safetensors", content};
    const auto tensors = io::parse_safetensors(source).tensors;
    CHECK(tensors.size() == 1);
    CHECK(tensors.at("w").to<int>() == std::vector<int>{9, 9});
    CHECK(refuses([&] { return tensors.at("a"); }, {"a.safetensors, tensor a", "F8_E4M3"}));
    CHECK(refuses([&] { return io::parse_safetensors_shapes(source).at("c"); }, {"a.safetensors, tensor c", "C64"}));
    CHECK(refuses([&] { return io::named_tensors{tensors}.without_prefix("w").at("a"); }, {"F8_E4M3"}));
}

TEST_CASE("nothing is written that cannot be read again", "[io]") {
    const auto one = io::tensor_data::of<float>({1}, std::vector<float>{7});
    for (const std::string name : {"__metadata__", "\xff"}) {
        io::named_tensors tensors;
        tensors.add(name, one);
        CHECK_THROWS_AS(io::to_safetensors({tensors, {}}), verdant::error);
    }
    CHECK_THROWS_AS(io::to_safetensors({{}, {{"note", "\xff"}}}), verdant::error);
    io::named_tensors deep;
    deep.add("a", {io::dtype::u8, io::tensor_shape(65, 1), {1}});
    CHECK_THROWS_AS(io::to_safetensors({deep, {}}), verdant::error);
}
