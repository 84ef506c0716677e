#include <verdant/error.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/evaluate/evaluate_images.hpp>
#include <verdant/nn/layers/batch_norm.hpp>
#include <verdant/nn/layers/channels_last.hpp>
#include <verdant/nn/layers/recalibration.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/nn/train/nonfinite.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/supernet/elastic_supernet.hpp>
#include <verdant/supernet/phase_checkpoints.hpp>
#include <verdant/supernet/phase_driver.hpp>
#include <verdant/supernet/subnet_sampling.hpp>
#include <verdant/supernet/supervision.hpp>
#include <verdant/supernet/train_supernet.hpp>

#include "catch.hpp"
#include "unit/io/folder.hpp"

#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/randn_like.h>
#include <ATen/ops/tensor.h>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace nn = verdant::nn;
namespace spaces = verdant::spaces;
namespace supernet = verdant::supernet;
namespace vd = verdant;

namespace {

constexpr spaces::mobile_family tiny_family{.first_conv = 8,
                                            .first_block = 8,
                                            .stages = {{{16, 2, spaces::nonlinearity::relu, false, 2}}},
                                            .stage_count = 1,
                                            .final_expand = 16,
                                            .feature_mix = 24,
                                            .classes = 3};
struct tiny_space : spaces::once_for_all<tiny_family, vd::choices<16>, vd::choices<3, 5>, vd::choices<2, 3>, vd::choices<1, 2>> {};
using tiny_net = supernet::supernet<tiny_space>;

/// Four batches an epoch; those with the given numbers from the start hold an infinite pixel.
struct spoilt {
    std::vector<std::int64_t> bad;
    std::int64_t wrong_label = 0;
    [[nodiscard]] static std::int64_t size() { return 4; }
    [[nodiscard]] nn::labelled_images operator()(std::int64_t epoch, std::int64_t i) const {
        const auto n = 4 * epoch + i;
        auto stream = nn::generator(static_cast<std::uint64_t>(n) + 1);
        nn::labelled_images b{at::randn({6, 3, 16, 16}, stream), at::randint(0, 3, {6}, stream, at::kLong)};
        for (const auto one : bad)
            if (one == n) b.images[0][0][0][0] = std::numeric_limits<float>::infinity();
        if (wrong_label != 0) b.labels[2] = wrong_label;
        return b;
    }
};

const supernet::shrinking_phase phase{
    .task = supernet::shrinking_task::expand, .phase = 2, .phases = 2, .epochs = 3, .learning_rate = 0.01, .warmup_epochs = 0, .subnets = 2};

struct run {
    tiny_net net{3, 0};
    nn::sgd optimizer = supernet::optimizer_of(net.weights());
    std::vector<supernet::shrinking_progress> seen;
    // Not inlined: of several copies in one function, g++ takes temporaries of one for those of another, and warns.
    [[gnu::noinline]] run() {}
    void train(spoilt source, std::int64_t left_out) {
        supernet::learn_labels labels{};
        supernet::train_phase(net, optimizer, phase, source, supernet::random_subnets{.count = 2, .seed = 5}, labels,
                              [this](const supernet::shrinking_progress& p) { seen.push_back(p); }, {}, {}, {left_out});
    }
};

/// Half the squared distance after division by a temperature, which a program chooses as it runs.
struct at_temperature {
    double temperature = 1;
    [[nodiscard]] at::Tensor operator()(const at::Tensor& student, const at::Tensor& teacher) const {
        return (student / temperature - teacher / temperature).square().sum() / 2;
    }
};

} // namespace

TEST_CASE("a supernet's training stops at a loss that is not finite, or leaves the step out", "[supernet]") {
    run stopped;
    CHECK_THROWS_WITH(stopped.train({{5}}, 0), Catch::Contains("training stops in epoch 2 at step 6, where the loss is not a number"));
    CHECK(stopped.seen.size() == 5);
    CHECK_FALSE(vd::io::first_not_finite(nn::state_of(stopped.net.weights())).value_or("").ends_with("weight"));

    run left_out;
    left_out.train({{1, 2, 7}}, 2);
    REQUIRE(left_out.seen.size() == 12);
    for (std::size_t i = 0; i < 12; ++i) CHECK(left_out.seen[i].skipped == (i == 1 || i == 2 || i == 7));
    CHECK(left_out.optimizer.steps() == 12);
    // Statistics too, which the forward pass had spoilt.
    CHECK_FALSE(vd::io::first_not_finite(nn::state_of(left_out.net.weights())));
    run too_many;
    CHECK_THROWS_AS(too_many.train({{1, 2, 3}}, 2), nn::nonfinite_error);
}

TEST_CASE("a phase ends with the same bits for any number of threads, and so does what judges it", "[supernet]") {
    struct larger_images {
        [[nodiscard]] static std::int64_t size() { return 2; }
        [[nodiscard]] nn::labelled_images operator()(std::int64_t epoch, std::int64_t i) const {
            auto stream = nn::generator(static_cast<std::uint64_t>(2 * epoch + i) + 1);
            return {at::randn({24, 3, 40, 40}, stream), at::randint(0, 3, {24}, stream, at::kLong)};
        }
    };
    struct end {
        vd::io::named_tensors weights, optimizer;
        std::vector<double> losses;
        nn::image_score score;
    };
    const auto trained = [](int threads) {
        const nn::thread_scope set{threads};
        tiny_net net{3, 0};
        auto optimizer = supernet::optimizer_of(net.weights());
        supernet::distil_teacher teacher{tiny_net{8, 0}.extract(spaces::largest_arch<tiny_space>())};
        end out;
        supernet::train_phase(net, optimizer, phase, larger_images{}, supernet::random_subnets{.count = 2, .seed = 5}, teacher,
                              [&out](const supernet::shrinking_progress& p) { out.losses.push_back(p.loss); });
        nn::require_grad(net.weights(), false);
        const auto active = net.active(spaces::smallest_arch<tiny_space>());
        const std::vector batches{larger_images{}(5, 0), larger_images{}(5, 1)};
        nn::recalibrate(active, batches);
        out.score = nn::evaluate(active, batches);
        out.weights = nn::state_of(net.weights());
        out.optimizer = optimizer.state();
        return out;
    };
    const auto one = trained(1);
    REQUIRE(one.losses.size() == 6);
    CHECK(one.losses.front() != one.losses.back());
    for (const int threads : {2, 3, 5}) {
        INFO(threads << " threads");
        const auto other = trained(threads);
        CHECK(other.losses == one.losses);
        CHECK(other.weights == one.weights);
        CHECK(other.optimizer == one.optimizer);
        CHECK(other.score.loss == one.score.loss);
        CHECK(other.score.top1 == one.score.top1);
    }
}

TEST_CASE("labels that a supernet has no classes for are named", "[supernet]") {
    run r;
    CHECK_THROWS_WITH(r.train({{}, 3}, 0), Catch::Contains("expected labels from 0 to 2, one for each class, found 3 at place 2"));
}

TEST_CASE("a checkpoint of a phase holds finite numbers", "[supernet]") {
    const scratch_folder folder;
    const supernet::phase_checkpoints kept{folder.path, "expand_2"};
    run r;
    kept.save(r.net.weights(), r.optimizer);
    nn::require_grad(r.net.weights(), false);
    r.net.weights().whole.classifier.bias[0] = std::numeric_limits<float>::quiet_NaN();
    r.optimizer.leave_out();
    CHECK_THROWS_WITH(kept.save(r.net.weights(), r.optimizer),
                      Catch::Contains("expand_2-1.pt is not written, since tensor classifier.linear.bias holds"));
    CHECK(kept.steps() == std::vector<std::int64_t>{0});
}

TEST_CASE("a supernet takes the weights of a static network without its matrices, all of them or none", "[supernet]") {
    const tiny_net from{1};
    tiny_net to{2};
    const auto own = nn::state_of(from.extract(spaces::largest_arch<tiny_space>()));
    const auto kept = nn::load_state(to.weights(), own);
    REQUIRE(kept.size() == 2);
    CHECK(kept.front().ends_with("5to3_matrix"));
    CHECK_THROWS_WITH(nn::load_state(to.weights(), own, nn::may_lack::nothing), Catch::Contains("5to3_matrix and 1 more that are not there"));
    vd::io::named_tensors some{"some.pt"};
    for (const auto& e : nn::state_of(from.weights()))
        if (e.name != kept.front()) some.add(e.name, e.value);
    CHECK_THROWS_WITH(nn::load_state(to.weights(), some), Catch::Contains("expected a tensor named " + kept.front() + ", found "));
}

TEST_CASE("the distance to a teacher has options of its own", "[supernet]") {
    const auto large = at::randn({2, 4}, nn::generator(1)), small = at::randn({2, 4}, nn::generator(2));
    const auto label = at::tensor({1, 3}, at::kLong);
    const auto distance = (small - large).square().sum().item<double>() / 2;
    supernet::distil_in_place<at_temperature> in_place{{}, at_temperature{4}};
    in_place.begin({});
    (void)in_place(large, label, 0);
    CHECK(in_place(small, label, 1).item<double>() == Approx(distance / 16));

    const auto net = tiny_net{8, 0}.extract(spaces::largest_arch<tiny_space>());
    const nn::labelled_images batch{at::randn({2, 3, 32, 32}, nn::generator(3)), at::tensor({0, 1}, at::kLong)};
    supernet::distil_teacher<nn::mobile_net, at_temperature> one{net, 1, {}, {1}}, two{net, 1, {}, {2}};
    one.begin(batch);
    two.begin(batch);
    const auto student = at::randn_like(one.logits(), at::MemoryFormat::Contiguous);
    const auto labels = supernet::learn_labels{}(student, batch.labels).item<double>();
    CHECK(one(student, batch.labels, 0).item<double>() - labels == Approx(4 * (two(student, batch.labels, 0).item<double>() - labels)));
}

TEST_CASE("with channels last a supernet is trained, calibrated and judged as without, but for the order of sums", "[supernet]") {
    struct end {
        std::vector<double> losses;
        at::Tensor logits;
        nn::image_score score;
    };
    const auto trained = [](auto mode, auto calibrate, auto judge) {
        tiny_net net{3, 0};
        auto optimizer = supernet::optimizer_of(net.weights());
        supernet::distil_in_place<> teacher;
        end out;
        supernet::train_phase(
            net, optimizer, phase, spoilt{{}}, supernet::sandwich{.between = 1, .seed = 5}, teacher,
            [&out](const supernet::shrinking_progress& p) { out.losses.push_back(p.loss); }, mode);
        nn::require_grad(net.weights(), false);
        const auto own = nn::clone(net.active(spaces::smallest_arch<tiny_space>()));
        const std::vector batches{spoilt{{}}(7, 0), spoilt{{}}(7, 1)};
        calibrate(own, batches);
        out.score = judge(own, batches);
        out.logits = forward(own, batches[0].images, nn::evaluating{});
        return out;
    };
    const auto expected = trained(
        nn::training{}, [](const auto& net, const auto& b) { nn::recalibrate(net, b); },
        [](const auto& net, const auto& b) { return nn::evaluate(net, b); });
    const auto found = trained(
        nn::training_channels_last{}, [](const auto& net, const auto& b) { nn::recalibrate<nn::channels_last<nn::recalibrating>>(net, b); },
        [](const auto& net, const auto& b) { return nn::evaluate<nn::channels_last<nn::evaluating>>(net, b); });
    REQUIRE(found.losses.size() == expected.losses.size());
    for (std::size_t i = 0; i < found.losses.size(); ++i) CHECK(found.losses[i] == Approx(expected.losses[i]).epsilon(1e-3));
    CHECK((found.logits - expected.logits).abs().max().item<double>() < 1e-2);
    CHECK(found.score.loss == Approx(expected.score.loss).epsilon(1e-2));
    CHECK(found.score.images == 12);
}
