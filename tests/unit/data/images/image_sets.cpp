#include "unit/io/folder.hpp"

#include <verdant/data/images/cifar10.hpp>
#include <verdant/data/images/image_folder.hpp>
#include <verdant/data/images/image_set.hpp>
#include <verdant/data/images/mnist_images.hpp>
#include <verdant/error.hpp>
#include <verdant/image/augmentation.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/byte_source.hpp>

#include "catch.hpp"
#include "laws/image_set.hpp"

#include <png.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace io = verdant::io;
namespace nn = verdant::nn;

static_assert(nn::image_set<io::image_folder> && nn::image_set<io::cifar10> && nn::image_set<io::mnist_images>);
static_assert(nn::image_set<nn::any_image_set> && nn::image_set<nn::image_subset<io::cifar10>>);
static_assert(!nn::image_set<std::vector<int>>);

namespace {

/// Whether that throws an error of this library whose text holds all these parts.
template <class Read>
bool says(Read read, const std::vector<std::string>& parts) {
    try {
        read();
    } catch (const verdant::error& e) {
        const std::string text = e.what();
        for (const auto& part : parts)
            if (text.find(part) == std::string::npos) {
                WARN("'" << part << "' is missing in: " << text);
                return false;
            }
        return true;
    }
    return false;
}

/// A picture of one colour.
void write_png(const std::string& path, unsigned char red, std::size_t width = 6, std::size_t height = 5) {
    io::rgb_image picture{width, height};
    for (std::size_t y = 0; y < height; ++y)
        for (std::size_t x = 0; x < width; ++x) picture.pixel(x, y)[0] = red;
    png_image header{};
    header.version = PNG_IMAGE_VERSION;
    header.width = static_cast<png_uint_32>(width);
    header.height = static_cast<png_uint_32>(height);
    header.format = PNG_FORMAT_RGB;
    REQUIRE(png_image_write_to_file(&header, path.c_str(), 0, picture.pixels().data(), 0, nullptr) != 0);
}

/// A data set of three classes with 2, 1 and 3 training images and one each to validate.
struct data_set {
    data_set() {
        unsigned char red = 0;
        const auto put = [&](const std::string& name) {
            std::filesystem::create_directories((folder.path / name).parent_path());
            write_png(folder.file(name), ++red);
        };
        for (const auto* name : {"train/n1/b.PNG", "train/n1/a.jpeg", "train/n2/x.JPG", "train/n3/3.png", "train/n3/1.Jpg", "train/n3/2.png",
                                 "val/n1/v.png", "val/n2/v.png", "val/n3/v.png"})
            put(name);
        io::write_file(folder.file("train/n1/notes.txt"), "no image");
        io::write_file(folder.file("train/n1/.hidden.png"), "no image");
        io::write_file(folder.file("train/list.txt"), "no class");
        std::filesystem::create_directories(folder.path / "train/n3/deeper.png");
        io::write_file(folder.file("train/n3/old.gif"), "GIF89a");
    }
    scratch_folder folder;
};

} // namespace

TEST_CASE("a folder of images has the classes and files in the order of their names", "[io]") {
    const data_set data;
    const io::image_folder train{data.folder.file("train")};
    REQUIRE(train.size() == 6);
    CHECK(train.classes() == 3);
    CHECK(train.class_names() == std::vector<std::string>{"n1", "n2", "n3"});
    std::vector<std::int64_t> labels;
    std::vector<int> red;
    for (std::size_t i = 0; i < train.size(); ++i) {
        labels.push_back(train.label(i));
        red.push_back(train.image(i).pixel(0, 0)[0]);
    }
    CHECK(labels == std::vector<std::int64_t>{0, 0, 1, 2, 2, 2});
    CHECK(red == std::vector<int>{2, 1, 3, 5, 6, 4});
    laws::obeys_image_set_laws(train);
    CHECK(train.path(5) == data.folder.file("train/n3/3.png"));
    CHECK(train.passed_over().count == 2);
    CHECK(train.passed_over().first.find("train/n1/notes.txt: no file that ends with .jpg") != std::string::npos);

    const auto both = io::open_image_folders(data.folder.path.string(), std::array<std::int64_t, 3>{0, 217, 482}, io::imagenet_classes);
    CHECK(both.validation.size() == 3);
    CHECK(both.train.classes() == 1000);
    CHECK(both.train.label(5) == 482);
    CHECK(both.validation.label(1) == 217);
    const nn::any_image_set any{both.train};
    CHECK(any.size() == 6);
    laws::obeys_image_set_laws(any);
    laws::obeys_image_set_laws(nn::image_subset<io::image_folder>{both.train, {4, 1, 1}});
    CHECK(any.classes() == 1000);
    CHECK(any.label(2) == 217);
    CHECK(any.image(2).pixel(0, 0)[0] == 3);
}

TEST_CASE("links to nothing are counted where files may be meant, and refused where a class may be", "[io]") {
    namespace fs = std::filesystem;
    const data_set data;
    fs::create_directories(data.folder.path / "train/n2/inner");
    for (const auto* name : {"train/n1/gone.png", "train/n2/inner/gone.png"})
        fs::create_symlink(data.folder.path / "nowhere.png", data.folder.path / name);
    const io::image_folder train{data.folder.file("train")};
    CHECK(train.size() == 6);
    CHECK(train.passed_over().count == 4);
    CHECK(train.passed_over().first.find("train/n1/gone.png: a link to nothing") != std::string::npos);
    fs::create_directory_symlink(data.folder.path / "nowhere", data.folder.path / "train/n0");
    CHECK(says([&] { (void)io::image_folder{data.folder.file("train")}; }, {"train/n0", "a link to nothing"}));
    fs::remove(data.folder.path / "train/n0");
    fs::create_directories(data.folder.path / "train/n0");
    fs::create_symlink(data.folder.path / "nowhere.png", data.folder.path / "train/n0/1.png");
    CHECK(says([&] { (void)io::image_folder{data.folder.file("train")}; }, {"train/n0", "none, and 1 other files, such as 1.png"}));
}

TEST_CASE("images in folders inside a class belong to it, WebP where it can be read", "[io]") {
    const data_set data;
    for (const auto* name : {"train/n2/b/1.png", "train/n2/a/2.png", "train/n2/a/deep/3.png"}) {
        std::filesystem::create_directories((data.folder.path / name).parent_path());
        write_png(data.folder.file(name), 9);
    }
    write_png(data.folder.file("train/n2/z.webp"), 9); // by its name; its content tells what it is
    const io::image_folder train{data.folder.file("train")};
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < train.size(); ++i)
        if (train.label(i) == 1) paths.push_back(train.path(i));
#if defined(VERDANT_WITH_WEBP)
    const std::vector<std::string> names{"x.JPG", "z.webp", "a/2.png", "a/deep/3.png", "b/1.png"};
#else
    const std::vector<std::string> names{"x.JPG", "a/2.png", "a/deep/3.png", "b/1.png"};
    CHECK(train.passed_over().count == 3);
#endif
    REQUIRE(paths.size() == names.size());
    for (std::size_t i = 0; i < names.size(); ++i) CHECK(paths[i] == data.folder.file("train/n2/" + names[i]));
    CHECK(train.image(train.size() - 1).pixel(0, 0)[0] > 0);
    std::filesystem::create_directory_symlink(data.folder.path / "train/n2", data.folder.path / "train/n2/a/loop");
    CHECK(says([&] { (void)io::image_folder{data.folder.file("train")}; }, {"train/n2", "16 deep"}));
}

TEST_CASE("folders that cannot serve as image sets are refused by their name", "[io]") {
    const data_set data;
    const auto train = data.folder.file("train");
    const auto open = [](const std::string& folder) { (void)io::image_folder{folder}; };
    CHECK(says([&] { open(data.folder.file("nowhere")); }, {"nowhere", "No such file"}));
    CHECK(says([&] { open(data.folder.file("train/n1")); }, {"train/n1", "folder of images for every class", "none"}));
    CHECK(says([&] { open(data.folder.file("train/n1/notes.txt")); }, {"notes.txt"}));
    CHECK(says([&] { (void)io::image_folder(train, std::array<std::int64_t, 2>{0, 1}); }, {train, "2 folders", "3"}));
    CHECK(says([&] { (void)io::image_folder(train, std::array<std::int64_t, 3>{0, 1, 10}, 10); }, {train, "10 classes", "10"}));
    CHECK(says([&] { (void)io::image_folder(train, std::array<std::int64_t, 3>{0, -1, 1}, 10); }, {train, "-1"}));
    CHECK(says([&] { (void)io::image_folder(train, {}, 2); }, {train, "less than the 2 classes"}));

    io::write_file(data.folder.file("train/n2/x.JPG"), "not a picture at all");
    CHECK(says([&] { (void)io::image_folder{train}.image(2); }, {"train/n2/x.JPG", "a JPEG", "PNG"}));
    std::filesystem::remove(data.folder.file("train/n2/x.JPG"));
    CHECK(says([&] { open(train); }, {"train/n2", "images", "none"}));
    std::filesystem::create_directories(data.folder.path / "train/n4");
    write_png(data.folder.file("train/n4/x.png"), 1);
    write_png(data.folder.file("train/n2/x.png"), 1);
    const auto pair = [&] { (void)io::open_image_folders(data.folder.path.string()); };
    CHECK(says(pair, {"/val, class 4", "'n4'", "none"}));
    std::filesystem::rename(data.folder.path / "train/n4", data.folder.path / "val/n0");
    CHECK(says(pair, {"/val, class 1", "'n1'", "'n0'"}));
    std::filesystem::remove_all(data.folder.path / "val");
    CHECK(says(pair, {"/val"}));
}

TEST_CASE("CIFAR-10 is read plane by plane, file after file", "[io]") {
    const scratch_folder folder;
    const auto batch = [&](const std::string& name, std::size_t records, unsigned char label) {
        std::string bytes;
        for (std::size_t r = 0; r < records; ++r) {
            bytes += static_cast<char>(label);
            for (std::size_t p = 0; p < 3072; ++p) bytes += static_cast<char>(p / 1024 * 64 + p % 32 + r);
        }
        io::write_file(folder.file(name), bytes);
        return bytes;
    };
    for (unsigned char i = 1; i <= 5; ++i) batch("data_batch_" + std::to_string(i) + ".bin", i, i);
    const auto bytes = batch("test_batch.bin", 2, 9);
    const auto train = io::cifar10::train(folder.path.string());
    REQUIRE(train.size() == 15);
    CHECK(train.classes() == 10);
    CHECK(train.label(0) == 1);
    CHECK(train.label(14) == 5);
    laws::obeys_image_set_laws(train);
    const auto picture = io::cifar10::test(folder.path.string()).image(1);
    REQUIRE(picture.width() == 32);
    REQUIRE(picture.height() == 32);
    const auto* const pixel = picture.pixel(7, 3);
    CHECK(std::array<int, 3>{pixel[0], pixel[1], pixel[2]} == std::array<int, 3>{8, 72, 136});

    const auto refused = [&](const std::string& content, const std::vector<std::string>& parts) {
        io::write_file(folder.file("test_batch.bin"), content);
        return says([&] { (void)io::cifar10::test(folder.path.string()); }, parts);
    };
    CHECK(refused(bytes.substr(0, 6145), {"test_batch.bin", "records of 3073 bytes", "6145"}));
    CHECK(refused(bytes + "x", {"6147"}));
    CHECK(refused("", {"0 bytes"}));
    CHECK(refused(std::string(10001 * 3073, '\0'), {"1 to 10000 records"}));
    auto wrong = bytes;
    wrong[3073] = 10;
    CHECK(refused(wrong, {"test_batch.bin, record 2", "0 to 9", "10"}));
    std::filesystem::remove(folder.file("data_batch_4.bin"));
    CHECK(says([&] { (void)io::cifar10::train(folder.path.string()); }, {"data_batch_4.bin"}));
}

TEST_CASE("grey images get three colours and a border", "[io]") {
    io::byte_vector grey(2 * 2 * 3);
    for (std::size_t i = 0; i < grey.size(); ++i) grey[i] = static_cast<unsigned char>(i + 1);
    const io::mnist_images set{{io::tensor_data{io::dtype::u8, {2, 2, 3}, grey}, io::tensor_data{io::dtype::u8, {2}, {7, 4}}}, 1};
    REQUIRE(set.size() == 2);
    CHECK(set.label(1) == 4);
    laws::obeys_image_set_laws(set);
    const auto picture = set.image(1);
    REQUIRE(picture.width() == 5);
    REQUIRE(picture.height() == 4);
    CHECK(picture.pixel(0, 0)[0] == 0);
    for (std::size_t c = 0; c < 3; ++c) {
        CHECK(picture.pixel(1, 1)[c] == 7);
        CHECK(picture.pixel(3, 2)[c] == 12);
        CHECK(picture.pixel(4, 2)[c] == 0);
    }
    const auto refused = [](io::tensor_data images, io::tensor_data labels, std::size_t classes, const std::string& part) {
        return says([&] { io::mnist_images{{std::move(images), std::move(labels)}, 1, classes}; }, {part});
    };
    const io::tensor_data images{io::dtype::u8, {2, 2, 3}, grey}, labels{io::dtype::u8, {2}, {7, 4}};
    CHECK(refused(images, labels, 7, "label 0: expected less than 7, found 7"));
    CHECK(refused(images, io::tensor_data{io::dtype::u8, {1}, {7}}, 10, "one byte for each of 2 images"));
    CHECK(refused(io::tensor_data{io::dtype::u8, {4, 3}, grey}, labels, 10, "bytes of three axes"));
}

TEST_CASE("Fashion-MNIST is a set of 32 x 32 where Debian's package is installed", "[io]") {
    try {
        const auto test = io::mnist_images::test();
        CHECK(test.size() == 10000);
        CHECK(test.classes() == 10);
        CHECK(test.image(9999).width() == 32);
        CHECK(test.label(0) == 9);
        laws::obeys_image_set_laws(test);
    } catch (const verdant::file_error&) { WARN("skipped: " << io::fashion_mnist_folder << " is not there"); }
}

TEST_CASE("training images are parts, mirrored half of the time, in other colours", "[io]") {
    io::rgb_image picture{40, 30};
    for (std::size_t y = 0; y < 30; ++y)
        for (std::size_t x = 0; x < 40; ++x) picture.pixel(x, y)[0] = picture.pixel(x, y)[1] = static_cast<unsigned char>(6 * x);
    const io::augmentation still{.crop = {.smallest = 1, .largest = 1, .narrowest = 4.0 / 3, .widest = 4.0 / 3},
                                 .flip = 0,
                                 .colours = {},
                                 .statistics = {{0, 0, 0}, {1, 1, 1}}};
    int rising = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        verdant::random_stream a{seed}, b{seed}, c{seed};
        auto flipped = still;
        flipped.flip = 0.5;
        const auto seen = io::augmented(picture, a, 8, flipped);
        REQUIRE(seen.size() == 3 * 64);
        rising += seen[0] < seen[7] ? 1 : 0;
        CHECK(io::augmented(picture, b, 8, flipped) == seen);
        const auto other = io::augmented(picture, c, 8);
        CHECK(other != seen);
    }
    CHECK(rising > 70);
    CHECK(rising < 130);
    CHECK(io::mirrored(io::mirrored(picture)) == picture);
    CHECK(io::mirrored(picture).pixel(0, 3)[0] == picture.pixel(39, 3)[0]);
    // A mirrored picture of odd width keeps its middle.
    io::rgb_image odd{3, 1};
    odd.pixel(0, 0)[2] = 1;
    odd.pixel(1, 0)[2] = 2;
    CHECK(io::mirrored(odd).pixel(1, 0)[2] == 2);
    CHECK(io::mirrored(odd).pixel(2, 0)[2] == 1);

    // A brightness of at most 32/255 more or less, all channels alike where there is no colour to saturate.
    io::rgb_image grey{4, 4};
    for (std::size_t i = 0; i < 16; ++i) std::fill_n(grey.pixel(i % 4, i / 4), 3, static_cast<unsigned char>(100));
    auto bright = still;
    bright.crop = {.smallest = 1, .largest = 1, .narrowest = 1, .widest = 1};
    bright.colours = io::tf_colours;
    float least = 1, most = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        verdant::random_stream draws{seed};
        const auto seen = io::augmented(grey, draws, 2, bright);
        least = std::min(least, seen[0]);
        most = std::max(most, seen[0]);
        CHECK(seen[0] == seen[4]);
    }
    CHECK(least >= 87.0F / 255);
    CHECK(least < 90.0F / 255);
    CHECK(most <= 113.0F / 255);
    CHECK(most > 110.0F / 255);
}

TEST_CASE("judged images are the middle of the picture at eight sevenths of the size", "[io]") {
    // 32 x 64 pixels, columns alike; the shorter side becomes ceil(28 / 0.875) = 32, and so nothing is resampled.
    io::rgb_image picture{64, 32};
    for (std::size_t y = 0; y < 32; ++y)
        for (std::size_t x = 0; x < 64; ++x) picture.pixel(x, y)[0] = static_cast<unsigned char>(x + 2 * y);
    const auto seen = io::centred(picture, 28, {{0, 0, 0}, {1, 1, 1}});
    REQUIRE(seen.size() == 3 * 28 * 28);
    CHECK(seen[0] * 255 == Approx(18 + 2 * 2));
    CHECK(seen[28 * 27 + 27] * 255 == Approx(18 + 27 + 2 * 29));
    CHECK(seen[28 * 28] == 0);
    CHECK(io::centred(picture, 224).size() == 3 * 224 * 224);
    CHECK_THROWS_AS(io::centred(io::rgb_image{}, 8), verdant::error);
    CHECK_THROWS_AS(io::centred(io::rgb_image{2002, 2}, 8), verdant::error);
}

TEST_CASE("invalid augmentation is refused", "[io]") {
    const auto refused = [](const io::augmentation& a, const std::string& part) { return says([&] { io::check(a); }, {part}); };
    CHECK_NOTHROW(io::check(io::augmentation{}));
    CHECK(refused({.flip = 1.5}, "flip"));
    CHECK(refused({.crop = {.smallest = 0.5, .largest = 0.4}}, "smallest part"));
    CHECK(refused({.crop = {.smallest = 0.5, .largest = 2}}, "largest part"));
    CHECK(refused({.crop = {.smallest = 0.5, .largest = 1, .narrowest = 2, .widest = 1}}, "widest aspect"));
    CHECK(refused({.colours = {.hue = 2}}, "hue"));
    CHECK(refused({.statistics = {{0, 0, 0}, {1, 0, 1}}}, "deviation of channel 1"));
    CHECK(io::colours_named("tf").saturation == 0.5);
    CHECK(io::colours_named("torch").hue == 0.1);
    CHECK(io::colours_named("None").probability == 0);
    CHECK(says([] { (void)io::colours_named("pytorch"); }, {"distort_color", "pytorch"}));
}
