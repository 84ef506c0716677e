// Sources of batches from sets of images: sizes, order, augmentation, what is held out, what is judged.

#include <verdant/data/sampling/elastic_resolution.hpp>
#include <verdant/error.hpp>
#include <verdant/nn/batches/elastic_batches.hpp>
#include <verdant/nn/batches/held_out.hpp>
#include <verdant/nn/batches/image_batches.hpp>
#include <verdant/nn/batches/prefetched.hpp>
#include <verdant/nn/layers/recalibration.hpp>
#include <verdant/supernet/mixup.hpp>
#include <verdant/supernet/train_supernet.hpp>

#include "catch.hpp"

#include <ATen/ops/allclose.h>
#include <ATen/ops/cat.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace io = verdant::io;
namespace nn = verdant::nn;
namespace supernet = verdant::supernet;

namespace {

/// Patterns without files; the one numbered `broken` cannot be decoded.
struct patterns {
    std::size_t count = 23, broken = 1000;

    [[nodiscard]] std::size_t size() const { return count; }
    [[nodiscard]] static std::size_t classes() { return 5; }
    [[nodiscard]] static std::int64_t label(std::size_t i) { return static_cast<std::int64_t>(i % 5); }
    [[nodiscard]] io::rgb_image image(std::size_t i) const {
        if (i == broken) throw verdant::input_error{"pattern", std::to_string(i), "a picture", "none"};
        io::rgb_image out{10 + i % 3, 12};
        for (std::size_t y = 0; y < out.height(); ++y)
            for (std::size_t x = 0; x < out.width(); ++x) out.pixel(x, y)[i % 3] = static_cast<unsigned char>(31 * i + 7 * x + 13 * y);
        return out;
    }
};

nn::elastic_batch_options small(std::int64_t batch, unsigned threads, std::uint64_t seed = 3) {
    return {.batch = batch, .sizes = {8, 12, 16}, .seed = seed, .threads = threads};
}

bool same(const nn::labelled_images& a, const nn::labelled_images& b) { return a.images.equal(b.images) && a.labels.equal(b.labels); }

} // namespace

static_assert(supernet::image_source<nn::elastic_batches<patterns>>);
static_assert(supernet::image_source<nn::prefetched<nn::elastic_batches<nn::any_image_set>>>);
static_assert(supernet::image_source<supernet::mixed_batches<nn::elastic_batches<patterns>>>);

TEST_CASE("sizes of batches are those that the original's seeds draw", "[nn]") {
    // random.seed(int("%d%03d" % (batch, epoch))); random.choices([128, 160, 192, 224])[0], and of all multiples of 4, by CPython 3.11.
    const nn::elastic_resolution listed{{128, 160, 192, 224}}, continuous{{128, 160, 192, 224}, nn::side_choice::multiples_of_4};
    struct drawn {
        std::int64_t epoch, batch;
        int listed, continuous;
    };
    for (const auto& d : {drawn{0, 0, 224, 212}, {7, 12, 160, 164}, {1234, 5, 224, 208}, {3, 1, 160, 176}, {3, 2, 128, 136}, {3, 3, 192, 180}}) {
        CHECK(listed(d.epoch, d.batch) == d.listed);
        CHECK(continuous(d.epoch, d.batch) == d.continuous);
    }
    CHECK(continuous.sizes().size() == 25);
    CHECK(nn::elastic_resolution{{30, 41}, nn::side_choice::multiples_of_4}.sizes() == std::vector{32, 36, 40});
    CHECK(nn::elastic_resolution{{29}, nn::side_choice::multiples_of_4}.sizes() == std::vector{29});
    CHECK_THROWS_AS(nn::elastic_resolution{{}}, verdant::input_error);
    CHECK_THROWS_AS((nn::elastic_resolution{{32, 0}}), verdant::input_error);
}

TEST_CASE("batches depend on seed, epoch and image, not on threads, processes or what was asked before", "[nn]") {
    const nn::elastic_batches one{patterns{}, small(4, 1)}, three{patterns{}, small(4, 3)}, other{patterns{}, small(4, 1, 4)};
    CHECK(one.size() == 5);
    std::set<std::int64_t> sides;
    for (std::int64_t epoch = 0; epoch < 2; ++epoch)
        for (std::int64_t i = 0; i < one.size(); ++i) {
            const auto batch = three(epoch, i);
            CHECK(batch.images.sizes() == at::IntArrayRef({4, 3, three.side(epoch, i), three.side(epoch, i)}));
            sides.insert(batch.images.size(3));
            CHECK(same(one(1 - epoch, i), three(1 - epoch, i)));
            CHECK(same(batch, one(epoch, i)));
            CHECK_FALSE(same(batch, other(epoch, i)));
        }
    CHECK(sides.size() > 1);

    const nn::elastic_batches whole{patterns{}, small(4, 2)}, left{patterns{}, small(2, 1), {0, 2}}, right{patterns{}, small(2, 1), {1, 2}};
    CHECK(left.size() == 5);
    for (std::int64_t i = 0; i < whole.size(); ++i) {
        const auto all = whole(1, i), a = left(1, i), b = right(1, i);
        CHECK(same(all, {at::cat({a.images, b.images}), at::cat({a.labels, b.labels})}));
    }

    const nn::prefetched<nn::elastic_batches<patterns>> ahead{nn::elastic_batches{patterns{}, small(4, 2)}};
    for (const auto& [epoch, i] : {std::pair<std::int64_t, std::int64_t>{0, 0}, {0, 1}, {0, 4}, {1, 0}, {1, 1}, {0, 3}})
        CHECK(same(ahead(epoch, i), one(epoch, i)));
}

TEST_CASE("an image that cannot be read is replaced by the next one with its label, and counted", "[nn]") {
    const nn::elastic_batches good{patterns{}, small(23, 1)}, one{patterns{.broken = 7}, small(23, 1)}, three{patterns{.broken = 7}, small(23, 3)};
    const auto batch = one(0, 0);
    CHECK(same(batch, three(0, 0)));
    CHECK(batch.images.ne(good(0, 0).images).flatten(1).any(1).sum().item<std::int64_t>() == 1);
    CHECK(one.passed_over().count == 1);
    CHECK(one.passed_over().first.find("pattern, 7") != std::string::npos);
    CHECK(good.passed_over().count == 0);
}

TEST_CASE("an image that cannot be read where none may be damaged, and options out of range, are one error", "[nn]") {
    auto strict = small(23, 3);
    strict.damaged_share = 0;
    const nn::elastic_batches bad{patterns{.broken = 7}, strict};
    CHECK_THROWS_WITH(bad(0, 0), Catch::Contains("pattern, 7"));
    CHECK_THROWS_AS((nn::elastic_batches{patterns{}, small(24, 1)}), verdant::input_error);
    CHECK_THROWS_AS((nn::elastic_batches{patterns{}, small(0, 1)}), verdant::input_error);
    auto wrong = small(4, 1);
    wrong.augmentation.flip = -1;
    CHECK_THROWS_AS((nn::elastic_batches{patterns{}, wrong}), verdant::input_error);
}

TEST_CASE("the images held out are the first of LibTorch's permutation of the published seed", "[nn]") {
    // Fisher and Yates from the front, each draw the remainder of a word of MT19937, as torch.randperm does.
    std::mt19937 words{2147483647};
    std::vector<std::int64_t> order(1000);
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int64_t>(i);
    for (std::size_t i = 0; i + 1 < order.size(); ++i) std::swap(order[i], order[i + words() % (order.size() - i)]);
    const auto rows = nn::hold_out(1000, 100);
    CHECK(rows.validation == std::vector<std::int64_t>(order.begin(), order.begin() + 100));
    CHECK(rows.train == std::vector<std::int64_t>(order.begin() + 100, order.end()));

    const auto sets = nn::hold_out(patterns{}, 5);
    REQUIRE(sets.train.size() == 18);
    REQUIRE(sets.validation.size() == 5);
    std::set<std::size_t> all;
    for (std::size_t i = 0; i < 18; ++i) all.insert(sets.train.row(i));
    for (std::size_t i = 0; i < 5; ++i) {
        const auto row = sets.validation.row(i);
        all.insert(row);
        CHECK(sets.validation.label(i) == patterns::label(row));
        CHECK(sets.validation.image(i) == patterns{}.image(row));
    }
    CHECK(all.size() == 23);
    CHECK(nn::hold_out(patterns{}, 0).train.size() == 23);
    CHECK_THROWS_AS(nn::hold_out(patterns{}, 23), verdant::input_error);
    CHECK_THROWS_AS((nn::image_subset{patterns{}, {23}}), verdant::input_error);
    CHECK_THROWS_AS((nn::image_subset{patterns{}, {-1}}), verdant::input_error);
}

TEST_CASE("sets may count with signed numbers", "[nn]") {
    struct counted {
        [[nodiscard]] static int size() { return 6; }
        [[nodiscard]] static int classes() { return 2; }
        [[nodiscard]] static int label(std::size_t i) { return static_cast<int>(i % 2); }
        [[nodiscard]] static io::rgb_image image(std::size_t i) { return patterns{}.image(i); }
    };
    const nn::any_image_set any{counted{}};
    CHECK(any.size() == 6);
    CHECK(any.label(3) == 1);
    const auto parts = nn::hold_out(counted{}, 2);
    CHECK(parts.validation.classes() == 2);
    CHECK(same(nn::elastic_batches{any, small(3, 1)}(0, 1), nn::elastic_batches{counted{}, small(3, 1)}(0, 1)));
}

TEST_CASE("all images are judged once, in order, whatever the batch", "[nn]") {
    const auto batches = nn::evaluation_batches(patterns{}, 8, 10, io::imagenet_statistics, 2);
    REQUIRE(batches.size() == 3);
    std::vector<at::Tensor> images;
    std::vector<std::int64_t> labels;
    std::vector<std::int64_t> sizes;
    for (const auto& b : batches) {
        images.push_back(b.images);
        sizes.push_back(b.labels.size(0));
        for (std::int64_t i = 0; i < b.labels.size(0); ++i) labels.push_back(b.labels[i].item<std::int64_t>());
    }
    CHECK(sizes == std::vector<std::int64_t>{10, 10, 3});
    for (std::size_t i = 0; i < 23; ++i) CHECK(labels.at(i) == patterns::label(i));
    const auto whole = nn::evaluation_batches(patterns{}, 8, 100)[0];
    CHECK(whole.images.equal(at::cat(images)));
    CHECK(batches.loaded().size() == 3);
    for (const auto& b : batches) {
        CHECK(same(b, batches[0]));
        break; // an iteration that is left loads no more than one batch ahead
    }
    CHECK_THROWS_AS((nn::evaluation_batches(patterns{}, 0)), verdant::input_error);
    CHECK_THROWS_AS((nn::evaluation_batches(patterns{}, 8, 0)), verdant::input_error);
    const auto none = nn::evaluation_batches(patterns{.count = 0}, 8);
    CHECK(none.begin() == none.end());
    const auto broken = nn::evaluation_batches(patterns{.broken = 15}, 8, 10, io::imagenet_statistics, 1);
    CHECK_THROWS_AS(broken.loaded(), verdant::input_error);
    CHECK_THROWS_AS(
        [&] {
            for (const auto& b : broken) (void)b;
        }(),
        verdant::input_error);
}

TEST_CASE("statistics are measured on the published subset, seen as in training", "[nn]") {
    const auto batches = nn::recalibration_batches(patterns{}, 8, {}, 9, 4, 2);
    REQUIRE(batches.size() == 3);
    const auto rows = nn::recalibration_subset(23, 9);
    std::int64_t at = 0;
    for (const auto& b : batches)
        for (std::int64_t i = 0; i < b.labels.size(0); ++i, ++at)
            CHECK(b.labels[i].item<std::int64_t>() == patterns::label(static_cast<std::size_t>(rows[at].item<std::int64_t>())));
    CHECK(at == 9);
    CHECK(same(batches[1], nn::recalibration_batches(patterns{}, 8, {}, 9, 4, 1)[1]));
}

TEST_CASE("mixed batches take their share from the original's stream", "[nn]") {
    // random.seed(12007); random.betavariate(0.2, 0.2) by CPython 3.11, and so on.
    const supernet::mixed_batches below{nn::elastic_batches{patterns{}, small(4, 1)}, 0.2, 5},
        one{nn::elastic_batches{patterns{}, small(4, 1)}, 1, 5}, above{nn::elastic_batches{patterns{}, small(4, 1)}, 2.5, 5};
    CHECK(below.share(7, 12) == Approx(0.751365051766105).epsilon(1e-14));
    CHECK(below.share(3, 0) == Approx(0.09918626576537318).epsilon(1e-14));
    CHECK(one.share(7, 12) == Approx(0.59109102330346).epsilon(1e-14));
    CHECK(one.share(3, 0) == Approx(0.25697892593489974).epsilon(1e-14));
    CHECK(above.share(7, 12) == Approx(0.5415228384862287).epsilon(1e-14));
    CHECK(above.share(3, 0) == Approx(0.4217165129886052).epsilon(1e-14));

    const auto plain = nn::elastic_batches{patterns{}, small(4, 1)}(0, 2), mixed = below(0, 2);
    const double share = below.share(0, 2);
    CHECK(at::allclose(mixed.images[1], plain.images[1] * share + plain.images[2] * (1 - share)));
    CHECK(mixed.labels.sizes() == at::IntArrayRef({4, 5}));
    CHECK(mixed.labels.sum().item<double>() == Approx(4));
    CHECK(below.size() == 5);
    CHECK_THROWS_AS((supernet::mixed_batches{nn::elastic_batches{patterns{}, small(4, 1)}, 0, 5}), verdant::input_error);
    CHECK_THROWS_AS((supernet::mixed_batches{nn::elastic_batches{patterns{}, small(4, 1)}, 1, 0}), verdant::input_error);
}
