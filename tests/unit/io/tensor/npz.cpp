#include "unit/io/damage.hpp"
#include "unit/io/samples.hpp"

#include <verdant/io/file/read_file.hpp>
#include <verdant/io/tensor/npz.hpp>
#include <verdant/io/torch/tensor_file.hpp>

#include <cstdio>

namespace io = verdant::io;

TEST_CASE("npz archives come back as they were written, stored and deflated", "[io]") {
    const auto tensors = sample_tensors(true, false);
    for (const auto how : {io::zip_writer::packing::stored, io::zip_writer::packing::deflated})
        CHECK(io::parse_npz({"memory", io::to_npz(tensors, how)}) == tensors);
}

TEST_CASE("npz files are written whole", "[io]") {
    const std::string path = "unit_io_sample.npz";
    const auto tensors = sample_tensors(true, false);
    io::write_npz(path, tensors);
    CHECK(io::read_npz(path) == tensors);
    std::remove(path.c_str());
    CHECK_THROWS_AS(io::write_npz("/nonexistent/folder/a.npz", tensors), verdant::file_error);
}

TEST_CASE("an archive of other files is no npz", "[io]") {
    io::zip_writer writer;
    writer.add("data.pkl", io::to_bytes("x"), io::zip_writer::packing::stored);
    const io::byte_source source{"a.npz", std::move(writer).finish()};
    CHECK(refuses([&] { return io::parse_npz(source); }, {"a.npz", "entry data.pkl", ".npy"}));
}

TEST_CASE("what an npz holds besides arrays of numbers is refused only where it is asked for", "[io]") {
    const auto stored = io::zip_writer::packing::stored;
    const auto npy = [](std::string_view descr, std::size_t bytes) {
        auto out = io::to_bytes(std::string_view{"\x93NUMPY\x01\x00", 8});
        const auto header = "{'descr': " + std::string{descr} + ", 'fortran_order': False, 'shape': (1,), }\n";
        io::append_little<std::uint16_t>(out, static_cast<std::uint16_t>(header.size()));
        out.insert(out.end(), header.begin(), header.end());
        out.resize(out.size() + bytes);
        return out;
    };
    io::zip_writer writer;
    writer.add("names.npy", npy("'<U3'", 12), stored);
    writer.add("objects.npy", npy("'|O'", 5), stored);
    writer.add("rows.npy", npy("[('a', '<f4'), ('b]', '<i8', (2,))]", 20), stored);
    writer.add("phase.npy", npy("'<c16'", 16), stored);
    writer.add("readme.txt", io::to_bytes("x"), stored);
    writer.add("w.npy", io::to_npy(io::tensor_data::of<float>({1}, std::vector<float>{7})), stored);
    const io::byte_source source{"a.npz", std::move(writer).finish()};
    for (const auto& tensors : {io::parse_npz(source), io::parse_tensors(source)}) {
        CHECK(tensors.size() == 1);
        CHECK(tensors.at("w").to<float>() == std::vector<float>{7});
        CHECK(refuses([&] { return tensors.at("names"); }, {"a.npz, tensor names", "<U3 (texts)"}));
        CHECK(refuses([&] { return tensors.at("objects"); }, {"a.npz, tensor objects", "|O (objects of Python)"}));
        CHECK(refuses([&] { return tensors.at("rows"); }, {"a.npz, tensor rows", "a record type"}));
        CHECK(refuses([&] { return tensors.at("phase"); }, {"a.npz, tensor phase", "<c16 (complex numbers)"}));
        CHECK(refuses([&] { return tensors.at("readme.txt"); }, {"a.npz, tensor readme.txt", "no npy array"}));
        CHECK(refuses([&] { return tensors.at("other"); }, {"a tensor named other"}));
    }
    CHECK(refuses([&] { return io::parse_shapes(source).at("names"); }, {"<U3"}));
}

TEST_CASE("damaged npz archives are refused or read, never worse", "[io]") {
    const auto read = [](io::byte_vector content) { static_cast<void>(io::parse_npz({"a.npz", std::move(content)})); };
    CHECK(survives_damage(io::to_npz(sample_tensors(true, false)), read) > 300);
    CHECK(survives_damage(io::to_npz(sample_tensors(true, false), io::zip_writer::packing::deflated), read) > 300);
}
