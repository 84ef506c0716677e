#include <verdant/data/captions/caption_samples.hpp>
#include <verdant/error.hpp>
#include <verdant/io/archive/tar_writer.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/nn/batches/caption_batches.hpp>
#include <verdant/nn/batches/prefetched.hpp>
#include <verdant/tokenizer/bpe_training.hpp>

#include <png.h>

#include "catch.hpp"
#include "unit/io/folder.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace io = verdant::io;
namespace nn = verdant::nn;

namespace {

/// Ten pictures with captions, as a table and as a shard.
struct pictures {
    pictures() {
        std::string table = "filepath\ttitle\n";
        io::tar_writer tar;
        for (unsigned i = 0; i < 10; ++i) {
            io::rgb_image picture{24 + i, 20};
            for (std::size_t y = 0; y < 20; ++y)
                for (std::size_t x = 0; x < picture.width(); ++x) picture.pixel(x, y)[i % 3] = static_cast<unsigned char>(7 * x + 11 * y + 23 * i);
            png_image header{};
            header.version = PNG_IMAGE_VERSION;
            header.width = static_cast<png_uint_32>(picture.width());
            header.height = 20;
            header.format = PNG_FORMAT_RGB;
            const auto name = std::to_string(i) + ".png", caption = "picture " + std::to_string(i);
            REQUIRE(png_image_write_to_file(&header, folder.file(name).c_str(), 0, picture.pixels().data(), 0, nullptr) != 0);
            table += name + "\t" + caption + "\n";
            tar.add(name, io::to_bytes(io::read_file(folder.file(name))));
            tar.add(std::to_string(i) + ".txt", io::to_bytes(caption));
            if (i == 4) tar.add("without_text.png", io::to_bytes("x"));
        }
        io::write_file(folder.file("captions.tsv"), table);
        io::write_file(folder.file("captions.tar"), io::as_text(std::move(tar).finish()));
    }
    [[nodiscard]] io::caption_samples table() const { return io::caption_samples::of_table(folder.file("captions.tsv")); }
    scratch_folder folder;
};

io::clip_tokenizer tokenizer() { return {io::bpe_merges{}, {.context_length = 12}}; }

bool same(const nn::image_text_batch& a, const nn::image_text_batch& b) { return a.images.equal(b.images) && a.ids.equal(b.ids); }

} // namespace

TEST_CASE("samples of a table and of a shard are the same", "[nn]") {
    const pictures files;
    const auto table = files.table();
    const std::vector<std::string> paths{files.folder.file("captions.tar")};
    const auto shard = io::caption_samples::of_shards(paths);
    REQUIRE(table.size() == 10);
    REQUIRE(shard.size() == 10);
    for (std::size_t i = 0; i < 10; ++i) {
        CHECK(shard.caption(i) == table.caption(i));
        CHECK(shard.image(i) == table.image(i));
    }
    CHECK(shard.name(7) == paths[0] + ", sample 7");
    io::write_file(files.folder.file("empty.tar"), io::as_text(io::tar_writer{}.finish()));
    CHECK_THROWS_AS(io::caption_samples::of_shards(std::vector<std::string>{files.folder.file("empty.tar")}), verdant::input_error);
    CHECK_THROWS_AS(io::caption_samples::of_shards({}), verdant::input_error);
}

TEST_CASE("batches of files depend on seed, epoch and sample, not on threads or processes", "[nn]") {
    const pictures files;
    const auto batches = [&](std::int64_t batch, unsigned threads, nn::process_share share, std::uint64_t seed = 3) {
        return nn::caption_batches{
            files.table(), tokenizer(), {.batch = batch, .seed = seed, .preprocessing = {.size = 16}, .threads = threads}, share};
    };
    const auto one = batches(4, 1, {}), three = batches(4, 3, {}), left = batches(2, 2, {0, 2}), right = batches(2, 1, {1, 2}),
               other = batches(4, 1, {}, 4);
    REQUIRE(one.size() == 2);
    REQUIRE(right.size() == 2);
    for (const std::int64_t epoch : {0, 1})
        for (const std::int64_t i : {0, 1}) {
            const auto whole = one(epoch, i);
            CHECK(whole.images.sizes() == at::IntArrayRef({4, 3, 16, 16}));
            CHECK(whole.ids.sizes() == at::IntArrayRef({4, 12}));
            CHECK(same(whole, three(epoch, i)));
            CHECK(same({whole.images.slice(0, 0, 2), whole.ids.slice(0, 0, 2)}, left(epoch, i)));
            CHECK(same({whole.images.slice(0, 2, 4), whole.ids.slice(0, 2, 4)}, right(epoch, i)));
            CHECK_FALSE(same(whole, other(epoch, i)));
        }
    // The same picture is cut differently in another epoch.
    const auto all = batches(10, 1, {});
    const auto first = all(0, 0), second = all(1, 0);
    CHECK_FALSE(first.images.sum().equal(second.images.sum()));
    CHECK(first.ids.sum().equal(second.ids.sum()));

    // Colours are changed where that is asked for, crops stay.
    const auto coloured = [&](const io::colour_jitter& how) {
        return nn::caption_batches{files.table(), tokenizer(), {.batch = 4, .seed = 3, .preprocessing = {.size = 16}, .colours = how, .threads = 1}};
    };
    const auto gray = coloured({.gray_probability = 1})(0, 0).images;
    const io::channel_statistics& known = io::clip_statistics;
    const auto red = gray.select(1, 0) * known.deviation[0] + known.mean[0], blue = gray.select(1, 2) * known.deviation[2] + known.mean[2];
    CHECK((red - blue).abs().max().item<double>() < 1e-5);
    CHECK_FALSE(same(one(0, 0), coloured({.brightness = 0.5, .probability = 1})(0, 0)));
    CHECK(same(one(0, 0), coloured({.brightness = 0.5})(0, 0)));
    CHECK_THROWS_AS(coloured({.hue = 2}), verdant::input_error);

    const auto plain = nn::load_captions(files.table(), tokenizer(), {.size = 16}, 2);
    CHECK(plain.images.size(0) == 10);
    const auto by_hand = io::preprocess(io::read_image(files.folder.file("3.png")), {.size = 16});
    CHECK(std::equal(by_hand.begin(), by_hand.end(), plain.images[3].data_ptr<float>()));
}

TEST_CASE("a damaged picture is replaced by the next one, the same by any number of threads", "[nn]") {
    const pictures files;
    const auto batches = [&](unsigned threads, double share = 0.1) {
        return nn::caption_batches{files.table(), tokenizer(), {.batch = 10, .seed = 3, .preprocessing = {.size = 16}, .threads = threads, .damaged_share = share}};
    };
    const auto whole = batches(1)(0, 0);
    io::write_file(files.folder.file("6.png"), "no picture");
    const auto one = batches(1), three = batches(3);
    const auto replaced = one(0, 0);
    CHECK(same(replaced, three(0, 0)));
    // One pair of the ten is another one: the caption of the sample behind it stands there twice.
    CHECK(replaced.ids.ne(whole.ids).any(1).sum().item<std::int64_t>() == 1);
    CHECK(one.passed_over().count == 1);
    CHECK(one.passed_over().first.find("6.png") != std::string::npos);
    std::filesystem::remove(files.folder.file("2.png"));
    CHECK_THROWS_WITH(batches(3)(0, 0), Catch::Contains("at most 1 of 10 that cannot be read"));
    CHECK_NOTHROW(batches(3, 0.2)(0, 0));
    CHECK_THROWS_AS(batches(1, -1), verdant::input_error);
    // Judging leaves nothing out.
    CHECK_THROWS_WITH(nn::load_captions(files.table(), tokenizer(), {.size = 16}, 2), Catch::Contains("2.png"));
}

TEST_CASE("samples that a shard or a table cannot give are counted", "[nn]") {
    const pictures files;
    const std::vector<std::string> paths{files.folder.file("captions.tar")};
    const auto shard = io::caption_samples::of_shards(paths);
    CHECK(shard.passed_over() == io::passed_over{1, paths[0] + ", sample without_text: no text (txt)"});
    CHECK(files.table().passed_over().count == 0);
    io::write_file(files.folder.file("captions.tsv"), io::read_file(files.folder.file("captions.tsv")) + "1.png\n");
    const nn::caption_batches batches{files.table(), tokenizer(), {.batch = 4, .preprocessing = {.size = 16}}};
    CHECK(batches.passed_over().count == 1);
}

TEST_CASE("a picture that cannot be read is named where none may be damaged, whichever thread reads it", "[nn]") {
    const pictures files;
    io::write_file(files.folder.file("6.png"), "no picture");
    const nn::caption_batches broken{files.table(), tokenizer(), {.batch = 10, .preprocessing = {.size = 16}, .threads = 3, .damaged_share = 0}};
    CHECK_THROWS_WITH(broken(0, 0), Catch::Contains("6.png"));
    const nn::prefetched<nn::caption_batches> ahead{
        nn::caption_batches{files.table(), tokenizer(), {.batch = 10, .preprocessing = {.size = 16}, .threads = 2, .damaged_share = 0}}};
    CHECK_THROWS_WITH(ahead(0, 0), Catch::Contains("6.png"));
}

TEST_CASE("batches prepared ahead are the batches, in order or not", "[nn]") {
    const pictures files;
    const nn::caption_batch_options options{.batch = 3, .seed = 1, .preprocessing = {.size = 16}, .threads = 2};
    const nn::caption_batches plain{files.table(), tokenizer(), options};
    const nn::prefetched<nn::caption_batches> ahead{nn::caption_batches{files.table(), tokenizer(), options}};
    REQUIRE(ahead.size() == 3);
    for (const auto& [epoch, i] : std::vector<std::pair<std::int64_t, std::int64_t>>{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 2}, {0, 1}, {0, 1}, {2, 2}})
        CHECK(same(ahead(epoch, i), plain(epoch, i)));
}

TEST_CASE("batches of shards drawn with replacement do not depend on threads or processes", "[nn]") {
    const pictures files;
    // A second shard of one sample.
    io::tar_writer tar;
    tar.add("x.png", io::to_bytes(io::read_file(files.folder.file("3.png"))));
    tar.add("x.txt", io::to_bytes("the only one"));
    io::write_file(files.folder.file("other.tar"), io::as_text(std::move(tar).finish()));
    const std::vector<std::string> paths{files.folder.file("captions.tar"), files.folder.file("other.tar")};
    const auto samples = io::caption_samples::of_shards(paths);
    CHECK(samples.shard_sizes() == std::vector<std::int64_t>{10, 1});
    CHECK(files.table().shard_sizes().empty());
    const auto batches = [&](std::int64_t batch, unsigned threads, nn::process_share share, const nn::shard_resampling& how) {
        return nn::caption_batches{
            samples, tokenizer(), {.batch = batch, .seed = 3, .preprocessing = {.size = 16}, .threads = threads, .resampled = how}, share};
    };
    const nn::shard_resampling how{.samples = 30, .weights = {1, 10}};
    const auto one = batches(4, 1, {}, how), left = batches(2, 3, {0, 2}, how), right = batches(2, 1, {1, 2}, how);
    REQUIRE(one.size() == 8);
    for (const std::int64_t i : {0, 7}) {
        const auto whole = one(1, i);
        CHECK(same({whole.images.slice(0, 0, 2), whole.ids.slice(0, 0, 2)}, left(1, i)));
        CHECK(same({whole.images.slice(0, 2, 4), whole.ids.slice(0, 2, 4)}, right(1, i)));
    }
    CHECK_FALSE(same(one(0, 0), one(1, 0)));
    // The same sample, drawn twice, is cropped twice.
    const auto repeated = batches(6, 1, {}, {.samples = 6, .weights = {0, 1}})(0, 0);
    int crops = 1; // some may be the same
    for (std::int64_t i = 1; i < 6; ++i) {
        CHECK(repeated.ids[i].equal(repeated.ids[0]));
        if (!repeated.images[i].equal(repeated.images[0])) ++crops;
    }
    CHECK(crops > 2);
    CHECK_THROWS_WITH((nn::caption_batches{files.table(), tokenizer(), {.batch = 4, .resampled = nn::shard_resampling{}}}),
                      Catch::Contains("shards that hold samples"));
}
