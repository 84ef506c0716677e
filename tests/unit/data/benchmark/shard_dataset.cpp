#include <verdant/data/benchmark/preprocess_batch.hpp>
#include <verdant/data/benchmark/shard_dataset.hpp>
#include <verdant/io/archive/tar_writer.hpp>

#include "unit/io/folder.hpp"

#include "catch.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace io = verdant::io;

namespace {

using files = std::vector<std::pair<std::string, std::string>>;

void write_shard(const scratch_folder& folder, const std::string& name, const files& content) {
    std::filesystem::create_directories((folder.path / name).parent_path());
    io::tar_writer tar;
    for (const auto& [file, text] : content) tar.add(file, io::to_bytes(text));
    io::write_file(folder.file(name), io::as_text(std::move(tar).finish()));
}

std::vector<std::int64_t> labels(io::shard_dataset data) {
    std::vector<std::int64_t> out;
    while (const auto sample = data.next()) out.push_back(sample->label);
    return out;
}

/// What reading all of a data set complains about; nothing where it does not.
std::string complaint(const scratch_folder& folder, const std::string& split = "test") {
    try {
        io::shard_dataset data{folder.path.string(), split};
        while (data.next()) {}
    } catch (const verdant::error& e) { return e.what(); }
    return {};
}

} // namespace

TEST_CASE("shards of a split are read in order", "[io]") {
    const scratch_folder folder;
    for (int i = 0; i < 12; ++i)
        write_shard(folder, "test/" + std::to_string(i) + ".tar",
                    {{"s" + std::to_string(i) + ".cls", std::to_string(i)}, {"s" + std::to_string(i) + ".png", "p"}});
    const std::vector<std::int64_t> all{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    CHECK(labels(io::shard_dataset{folder.path.string()}) == all);
    io::write_file(folder.file("test/nshards.txt"), "3\n");
    CHECK(labels(io::shard_dataset{folder.path.string()}) == std::vector<std::int64_t>{0, 1, 2});
    CHECK(io::shard_dataset{folder.path.string()}.kind() == io::dataset_kind::classification);
    CHECK(io::shard_dataset::has_split(folder.path.string(), "test"));
    CHECK_FALSE(io::shard_dataset::has_split(folder.path.string(), "train"));
    CHECK_THAT(complaint(folder, "train"), Catch::Contains("split train") && Catch::Contains("at least one shard"));
    io::write_file(folder.file("test/nshards.txt"), "13");
    CHECK_THAT(complaint(folder), Catch::Contains("12.tar"));
    io::write_file(folder.file("test/nshards.txt"), "many");
    CHECK_THAT(complaint(folder), Catch::Contains("nshards.txt") && Catch::Contains("'many'"));
    io::write_file(folder.file("test/nshards.txt"), "0");
    CHECK_THAT(complaint(folder), Catch::Contains("at least one shard"));
}

TEST_CASE("a class without a name between others is refused, since prompts would ask for nothing", "[io]") {
    const scratch_folder folder;
    write_shard(folder, "test/0.tar", {{"s.cls", "1"}, {"s.png", "p"}});
    io::write_file(folder.file("classnames.txt"), "cat\r\n dog \n\n");
    CHECK(io::shard_dataset{folder.path.string()}.class_names() == std::vector<std::string>{"cat", "dog"});
    io::write_file(folder.file("classnames.txt"), "cat\n\ndog\n");
    CHECK_THAT(complaint(folder), Catch::Contains("classnames.txt, line 2: expected the name of a class, found nothing"));
}

TEST_CASE("a flat folder is a data set", "[io]") {
    const scratch_folder folder;
    write_shard(folder, "b.tar", {{"x.jpeg", "p"}, {"x.cls", " 2\n"}});
    write_shard(folder, "a.tar", {{"x.jpg", "p"}, {"x.cls", "1"}});
    CHECK(labels(io::shard_dataset{folder.path.string()}) == std::vector<std::int64_t>{1, 2});
    CHECK_THAT(complaint(folder, "train"), Catch::Contains("split train"));
    io::write_file(folder.file("classnames.txt"), "one\ntwo words\r\nthree\n\n");
    io::write_file(folder.file("zeroshot_classification_templates.txt"), "a {c}.\n\n{} b\n");
    const io::shard_dataset data{folder.path.string()};
    CHECK(data.class_names() == std::vector<std::string>{"one", "two words", "three"});
    CHECK(data.templates() == std::vector<std::string>{"a {c}.", "{} b"});
    CHECK(io::prompt(data.templates()[0], "two words") == "a two words.");
    CHECK(io::prompt(data.templates()[1], "{c}") == "{c} b");
    io::write_file(folder.file("classnames.txt"), "one\ntwo\n");
    CHECK_THAT(complaint(folder), Catch::Contains("b.tar, sample x: expected a class from 0 to 1, found '2'"));
    io::write_file(folder.file("zeroshot_classification_templates.txt"), "a photo\n");
    CHECK_THAT(complaint(folder), Catch::Contains("templates.txt") && Catch::Contains("'a photo'"));
}

TEST_CASE("captions and several labels", "[io]") {
    const scratch_folder captions, several;
    io::write_file(captions.file("dataset_type.txt"), "retrieval\n");
    write_shard(captions, "test/0.tar", {{"x.png", "p"}, {"x.txt", "one\ntwo\r\n\n"}});
    io::shard_dataset data{captions.path.string()};
    CHECK(data.kind() == io::dataset_kind::retrieval);
    CHECK(data.next()->captions == std::vector<std::string>{"one", "two"});
    CHECK_FALSE(data.next());
    write_shard(captions, "test/0.tar", {{"x.png", "p"}, {"x.txt", "\n"}});
    CHECK_THAT(complaint(captions), Catch::Contains("0.tar, sample x") && Catch::Contains("captions"));

    io::write_file(several.file("dataset_type.txt"), "multilabel");
    const auto row = [&](std::vector<std::int64_t> values) {
        const auto bytes = io::to_npy(io::tensor_data::of<std::int64_t>({values.size()}, values));
        write_shard(several, "test/0.tar", {{"x.png", "p"}, {"x.npy", std::string{io::as_text(bytes)}}});
    };
    row({0, 1, 1});
    CHECK(io::shard_dataset{several.path.string()}.next()->labels == std::vector<float>{0, 1, 1});
    row({0, 2});
    CHECK_THAT(complaint(several), Catch::Contains("labels of 0 or 1"));
    row({});
    CHECK_THAT(complaint(several), Catch::Contains("one row of labels"));
    io::write_file(several.file("dataset_type.txt"), "video");
    CHECK_THAT(complaint(several), Catch::Contains("dataset_type.txt") && Catch::Contains("'video'"));
}

TEST_CASE("damaged shards are named", "[io]") {
    const scratch_folder folder;
    CHECK_THAT(complaint(folder), Catch::Contains("at least one shard"));
    write_shard(folder, "test/0.tar", {{"x.png", "p"}});
    CHECK_THAT(complaint(folder), Catch::Contains("sample x: expected a class (cls), found none"));
    write_shard(folder, "test/0.tar", {{"x.cls", "1"}});
    CHECK_THAT(complaint(folder), Catch::Contains("sample x: expected a picture"));
    for (const char* wrong : {"-1", "cat", "", "1.5", "99999999999999999999"}) {
        write_shard(folder, "test/0.tar", {{"x.png", "p"}, {"x.cls", wrong}});
        CHECK_THAT(complaint(folder), Catch::Contains("sample x: expected a class"));
    }
    write_shard(folder, "test/0.tar", {{"x.png", "p"}, {"x.cls", "1"}});
    std::filesystem::resize_file(folder.path / "test/0.tar", 700);
    CHECK_THAT(complaint(folder), Catch::Contains("0.tar"));
    CHECK_THROWS_AS((io::shard_dataset{folder.file("nowhere")}), verdant::file_error);
    CHECK_THROWS_AS((io::shard_dataset{folder.file("test/0.tar")}), verdant::file_error);
}

TEST_CASE("a batch reports the first file that is not a picture", "[io]") {
    std::vector<io::evaluation_sample> samples(3);
    samples[1] = {.source = "b", .picture = io::to_bytes("no picture"), .label = 0};
    samples[2] = {.source = "c", .picture = {}, .label = 0};
    const auto backwards = [](std::size_t n, const auto& task) {
        while (n-- > 0) task(n);
    };
    CHECK_THROWS_WITH(io::preprocess_batch(backwards, std::span{samples}.subspan(1), {.size = 4}), Catch::Contains("b, byte 0"));
    CHECK(io::preprocess_batch(backwards, std::span{samples}.first(0), {.size = 4}).empty());
}
