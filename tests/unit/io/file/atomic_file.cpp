#include "unit/io/folder.hpp"

#include "catch.hpp"

#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <sys/stat.h>

using namespace verdant;

TEST_CASE("a file appears whole, and replaces what was there", "[io]") {
    const scratch_folder folder;
    const auto path = folder.file("a.txt");
    std::string bytes(100'000, 'x');
    bytes[777] = '\0';
    io::write_file(path, bytes);
    CHECK(io::read_file(path) == bytes);
    io::write_file(path, "second");
    CHECK(io::read_file(path) == "second");
    CHECK(folder.entries() == 1);
}

TEST_CASE("without commit, nothing changes and nothing is left", "[io]") {
    const scratch_folder folder;
    const auto path = folder.file("a.txt");
    io::write_file(path, "first");
    {
        io::atomic_file file{path};
        file.write("half of the");
        CHECK(folder.entries() == 2);
        CHECK(io::read_file(path) == "first");
    }
    CHECK(io::read_file(path) == "first");
    CHECK(folder.entries() == 1);
}

TEST_CASE("failures name the file and leave nothing behind", "[io]") {
    const scratch_folder folder;
    CHECK_THROWS_WITH(io::write_file(folder.file("no/such/folder.txt"), "x"),
                      "verdant: cannot create " + folder.file("no/such/folder.txt") + ": No such file or directory");
    std::filesystem::create_directory(folder.path / "taken");
    std::filesystem::create_directory(folder.path / "taken" / "inside");
    CHECK_THROWS_AS(io::write_file(folder.file("taken"), "x"), file_error);
    CHECK(folder.entries() == 1);
    CHECK(std::filesystem::is_directory(folder.path / "taken" / "inside"));
    CHECK_THROWS_WITH(io::read_file(folder.file("absent")), "verdant: cannot open " + folder.file("absent") + ": No such file or directory");
    CHECK_THROWS_AS(io::read_file(folder.path.string()), file_error);
}

TEST_CASE("a device, a pipe or a folder is not replaced", "[io]") {
    const scratch_folder folder;
    const auto pipe = folder.file("pipe");
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    std::filesystem::create_symlink(pipe, folder.path / "link");
    for (const auto& path : {pipe, folder.file("link"), folder.path.string()})
        CHECK_THROWS_WITH(io::write_file(path, "x"),
                          "verdant: cannot write " + path + ": something else than a regular file is there, which a file written whole would replace");
    CHECK(std::filesystem::is_fifo(pipe));
    CHECK(folder.entries() == 2);
}

TEST_CASE("a closed file takes no more", "[io]") {
    const scratch_folder folder;
    io::atomic_file file{folder.file("a")};
    file.write("x");
    file.commit();
    CHECK_THROWS_AS(file.write("y"), file_error);
    CHECK_THROWS_AS(file.commit(), file_error);
    CHECK(io::read_file(folder.file("a")) == "x");
}

TEST_CASE("of many writers at once, one wins whole", "[io]") {
    const scratch_folder folder;
    std::vector<std::jthread> writers;
    for (char c = 'a'; c < 'i'; ++c)
        writers.emplace_back([&folder, c] {
            for (int i = 0; i < 20; ++i) io::write_file(folder.file("shared"), std::string(5000, c));
        });
    writers.clear();
    const auto text = io::read_file(folder.file("shared"));
    CHECK(text == std::string(5000, text.front()));
    CHECK(folder.entries() == 1);
}
