// Folders of results: made before the work, gone where nothing came of it, and of one run alone.

#include <verdant/error.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/study/result_folder.hpp>

#include "catch.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

namespace fs = std::filesystem;
using Catch::Contains;
using verdant::result_folder;

namespace {

struct scratch {
    fs::path path = fs::temp_directory_path() / ("verdant_result_folder_" + std::to_string(getpid()));
    scratch() {
        fs::remove_all(path);
        fs::create_directories(path);
    }
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;
    ~scratch() { fs::remove_all(path); }
};

} // namespace

TEST_CASE("A folder that nothing was written to goes away, with those above it that were made", "[result_folder]") {
    const scratch here;
    {
        const result_folder out{here.path / "a/b/c/"};
        CHECK(out.path() == here.path / "a/b/c");
        CHECK(fs::is_directory(here.path / "a/b/c"));
    }
    CHECK_FALSE(fs::exists(here.path / "a"));
    {
        const result_folder out{here.path / "a/b"};
        std::ofstream{here.path / "a/another"} << "x";
    }
    CHECK_FALSE(fs::exists(here.path / "a/b"));
    CHECK(fs::exists(here.path / "a/another"));
    { const result_folder out{here.path / "a"}; }
    CHECK(fs::exists(here.path / "a")); // it was there before
}

TEST_CASE("A folder with results stays", "[result_folder]") {
    const scratch here;
    {
        result_folder out{here.path / "kept/below"};
        out.write("table.csv", "a,b\n");
        CHECK(out.file("table.csv") == (here.path / "kept/below/table.csv").string());
    }
    CHECK(verdant::io::read_file((here.path / "kept/below/table.csv").string()) == "a,b\n");
    { result_folder{here.path / "empty"}.keep(); }
    CHECK(fs::exists(here.path / "empty"));
}

TEST_CASE("What cannot be a folder of results is named", "[result_folder]") {
    const scratch here;
    std::ofstream{here.path / "file"} << "x";
    CHECK_THROWS_WITH(result_folder{here.path / "file"}, Contains("cannot make the folder") && Contains("file"));
    CHECK_THROWS_AS(result_folder{here.path / "file/below"}, verdant::file_error);
    if (getuid() != 0) {
        fs::create_directory(here.path / "closed");
        fs::permissions(here.path / "closed", fs::perms::owner_read | fs::perms::owner_exec);
        CHECK_THROWS_WITH(result_folder{here.path / "closed"}, Contains("cannot write to"));
        CHECK_THROWS_AS((result_folder{here.path / "closed/below"}), verdant::file_error);
        fs::permissions(here.path / "closed", fs::perms::owner_all);
    }
}

TEST_CASE("A folder belongs to the run that claimed it", "[result_folder]") {
    const scratch here;
    const auto path = here.path / "claimed";
    { result_folder{path}.claim("model.txt", {{"model", "small, seed 1"}, {"data", "ten pictures"}}); }
    CHECK(verdant::io::read_file((path / "model.txt").string()) == "model small, seed 1\ndata ten pictures\n");
    { result_folder{path}.claim("model.txt", {{"model", "small, seed 1"}, {"data", "ten pictures"}}); } // the same once more
    CHECK_THROWS_WITH(result_folder{path}.claim("model.txt", {{"model", "small, seed 2"}, {"data", "ten pictures"}}),
                      Contains("model.txt, model: expected small, seed 2 as asked for, or another folder, found small, seed 1"));
    CHECK_THROWS_WITH(result_folder{path}.claim("model.txt", {{"model", "small, seed 1"}, {"depth", "3"}}),
                      Contains("depth: expected 3 as asked for, or another folder, found nothing"));
    CHECK(verdant::io::read_file((path / "model.txt").string()) == "model small, seed 1\ndata ten pictures\n");
}

TEST_CASE("Facts are lines of a name and a value", "[result_folder]") {
    using facts = verdant::run_facts;
    CHECK(result_folder::facts_in("") == facts{});
    CHECK(result_folder::facts_in("a b c\nd\n\ne f") == facts{{"a", "b c"}, {"d", ""}, {"", ""}, {"e", "f"}});
}
