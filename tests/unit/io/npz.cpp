#include "damage.hpp"
#include "samples.hpp"

#include <verdant/io/npz.hpp>
#include <verdant/io/read_file.hpp>

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

TEST_CASE("damaged npz archives are refused or read, never worse", "[io]") {
    const auto read = [](io::byte_vector content) { static_cast<void>(io::parse_npz({"a.npz", std::move(content)})); };
    CHECK(survives_damage(io::to_npz(sample_tensors(true, false)), read) > 300);
    CHECK(survives_damage(io::to_npz(sample_tensors(true, false), io::zip_writer::packing::deflated), read) > 300);
}
