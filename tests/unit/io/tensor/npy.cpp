#include "unit/io/damage.hpp"
#include "unit/io/samples.hpp"

#include <verdant/io/tensor/npy.hpp>

namespace io = verdant::io;

namespace {

io::byte_vector with_header(const std::string& header, std::string_view data, unsigned char major = 1) {
    auto out = io::to_bytes("\x93NUMPY");
    out.push_back(major);
    out.push_back(0);
    if (major == 1) io::append_little<std::uint16_t>(out, static_cast<std::uint16_t>(header.size()));
    else io::append_little<std::uint32_t>(out, static_cast<std::uint32_t>(header.size()));
    out.insert(out.end(), header.begin(), header.end());
    out.insert(out.end(), data.begin(), data.end());
    return out;
}

io::tensor_data parse(const io::byte_vector& content) { return io::parse_npy(content, "a.npy"); }

} // namespace

TEST_CASE("npy arrays come back as they were written, aligned to 64 bytes", "[io]") {
    for (const auto& [name, value] : sample_tensors(true, false)) {
        const auto content = io::to_npy(value);
        CHECK(parse(content) == value);
        CHECK((content.size() - value.content().size()) % 64 == 0);
    }
    CHECK_THROWS_AS(io::to_npy(io::tensor_data{io::dtype::bf16, {0}, {}}), verdant::error);
}

TEST_CASE("npy headers of all versions, orders and spellings are read", "[io]") {
    const auto big = parse(with_header("{'shape':(2,),'fortran_order':False,'descr':'>i2'}", std::string_view{"\x01\x02\xff\xfe", 4}, 2));
    CHECK(big.to<int>() == std::vector<int>{0x102, -2});
    const auto columns = parse(with_header("{\"descr\": \"|u1\", \"fortran_order\": True, \"shape\": (2L, 3), }   \n", "abcdef", 3));
    CHECK(io::as_text(columns.content()) == "acebdf");
    CHECK(
        parse(with_header("{'descr': '=f8', 'fortran_order': False, 'shape': ()}", std::string_view{"\0\0\0\0\0\0\xf0\x3f", 8})).to<double>().at(0) ==
        1);
}

TEST_CASE("npy arrays that cannot be numbers are refused by name", "[io]") {
    CHECK(refuses([] { parse(with_header("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "x")); }, {"a.npy", "a type among", "|O"}));
    CHECK(refuses([] { parse(with_header("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "x")); }, {"a record type"}));
    CHECK(refuses([] { parse(with_header("{'descr': '<U5', 'fortran_order': False, 'shape': (1,)}", "x")); }, {"<U5"}));
    CHECK(refuses([] { parse(with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", "x")); }, {"shape [3] of f32", "1 bytes"}));
    CHECK(refuses([] { parse(with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (-3,)}", "x")); }, {"an axis length", "'-'"}));
    CHECK(refuses([] { parse(with_header("{'descr': '<f4', 'shape': (0,)}", "")); }, {"all three"}));
    CHECK(refuses([] { parse(with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,99999999999)}", "")); },
                  {"elements of shape"}));
    CHECK(refuses([] { parse(with_header("{'descr': '<f4', 'other': False, 'shape': (0,)}", "")); }, {"other"}));
    CHECK(refuses([] { parse(io::to_bytes("\x93NUMPY\x09")); }, {"a.npy"}));
    CHECK(refuses([] { parse(io::to_bytes("PK\x03\x04 and more")); }, {"signature of an npy array"}));
}

TEST_CASE("damaged npy arrays are refused or read, never worse", "[io]") {
    const auto valid = io::to_npy(sample_tensors().at("visual.conv1.weight"));
    CHECK(survives_damage(valid, [](io::byte_vector content) { parse(content); }) > 200);
}
