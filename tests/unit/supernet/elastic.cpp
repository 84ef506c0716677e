// Supernets over typed spaces: sub-networks, extraction, sorting, sampling, phases and training.

#include <verdant/error.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/evaluate/evaluate_images.hpp>
#include <verdant/nn/layers/recalibration.hpp>
#include <verdant/nn/models/init_net.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/spaces/once_for_all/comp_ofa.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>
#include <verdant/supernet/elastic_supernet.hpp>
#include <verdant/supernet/phase_checkpoints.hpp>
#include <verdant/supernet/sort_channels.hpp>
#include <verdant/supernet/subnet_sampling.hpp>
#include <verdant/supernet/train_supernet.hpp>
#include <verdant/supernet/validation_grid.hpp>

#include "catch.hpp"

#include <ATen/ops/allclose.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/tensor.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

namespace nn = verdant::nn;
namespace spaces = verdant::spaces;
namespace supernet = verdant::supernet;
namespace vd = verdant;

namespace {

/// Two stages of narrow blocks, small enough that training takes a moment.
constexpr spaces::mobile_family small_family{
    .first_conv = 8,
    .first_block = 8,
    .stages = {{{16, 2, spaces::nonlinearity::relu, true, 3}, {24, 2, spaces::nonlinearity::h_swish, false, 3}}},
    .stage_count = 2,
    .final_expand = 32,
    .feature_mix = 40,
    .classes = 4};
struct small_space : spaces::once_for_all<small_family, vd::choices<32>, vd::choices<3, 5>, vd::choices<1, 2, 3>, vd::choices<1, 2, 3>> {};
using small_net = supernet::supernet<small_space>;
using arch = small_space::arch_type;

arch some_arch() { return {.ks = {3, 5, 3, 5, 3, 5}, .e = {2, 3, 1, 3, 2, 1}, .d = {2, 3}, .image_size = 32}; }

at::Tensor images(std::int64_t count, std::uint64_t seed = 1) { return at::randn({count, 3, 32, 32}, nn::generator(seed)); }

template <class Net>
at::Tensor evaluated(const Net& net, const at::Tensor& x) {
    const c10::AutoGradMode off{false};
    return forward(net, x, nn::evaluating{});
}

/// Statistics like those of a trained net.
void settle(small_net& net) {
    const c10::AutoGradMode off{false};
    for (int i = 0; i < 3; ++i)
        (void)forward(net.active(spaces::largest_arch<small_space>()), images(8, 40 + static_cast<std::uint64_t>(i)), nn::training{});
}

nn::labelled_images labelled(std::uint64_t seed) {
    auto x = images(16, seed);
    // Classes that a small net can tell: where a bright square is.
    const auto labels = at::randint(0, 4, {16}, nn::generator(seed + 100), at::kLong);
    for (std::int64_t i = 0; i < 16; ++i) {
        const auto c = labels[i].item<std::int64_t>();
        x[i].slice(1, 16 * (c / 2), 16 * (c / 2) + 16).slice(2, 16 * (c % 2), 16 * (c % 2) + 16).add_(3);
    }
    return {x, labels};
}

struct some_images {
    [[nodiscard]] static std::int64_t size() { return 4; }
    nn::labelled_images operator()(std::int64_t, std::int64_t i) const { return labelled(static_cast<std::uint64_t>(i)); }
};

/// Two processes that bring the same images: the sum of their gradients is twice that of one.
struct mirrored {
    [[nodiscard]] static int rank() { return 0; }
    [[nodiscard]] static int size() { return 2; }
    static void all_reduce(at::Tensor& t) { t.mul_(2); }
    [[nodiscard]] static at::Tensor all_gather(const at::Tensor& t) { return t; }
    static void broadcast(at::Tensor&, int) {}
    static void barrier() {}
};

} // namespace

TEST_CASE("a sub-network shares the supernet's weights, an extracted one has its own", "[supernet]") {
    small_net net{3};
    settle(net);
    const auto x = images(2);
    auto a = some_arch();
    a.e = {2, 3, 2, 3, 2, 3}; // no ratio of 1
    const auto shared = net.active(a);
    const auto own = net.extract(a);
    CHECK(shared.blocks.size() == 6);
    CHECK(evaluated(own, x).equal(evaluated(shared, x)));
    CHECK(nn::state_of(own).at("blocks.1.conv.depth_conv.conv.weight").shape() == vd::io::tensor_shape{16, 1, 3, 3});
    net.weights().whole.classifier.bias.add_(1);
    CHECK(at::allclose(evaluated(shared, x), evaluated(own, x) + 1));
    CHECK(nn::parameter_count(net.extract(spaces::largest_arch<small_space>())) + 6 * 81 == nn::parameter_count(net.weights()));

    a.d = {4, 1};
    CHECK_THROWS_WITH(net.active(a), Catch::Contains("sub-network, d[0]: expected a depth from 1 to 3, found 4"));
    a.d = {1, 1};
    a.ks[0] = 7;
    CHECK_THROWS_WITH(net.active(a), Catch::Contains("kernels of size 5 have none of size 7 in them"));
}

TEST_CASE("a ratio of one expands as the published supernets do, or passes as extracted networks do", "[supernet]") {
    small_net published{4};
    settle(published);
    supernet::supernet<small_space, supernet::ratio_one::passes> corrected{4};
    CHECK(nn::load_state(corrected.weights(), nn::state_of(published.weights())).empty());
    const auto x = images(2);
    const auto own = published.extract(some_arch());
    CHECK_FALSE(own.blocks[5].expansion);
    CHECK(published.active(some_arch()).blocks[5].expansion);
    CHECK(evaluated(corrected.active(some_arch()), x).equal(evaluated(own, x)));
    CHECK_FALSE(at::allclose(evaluated(published.active(some_arch()), x), evaluated(own, x), 1e-3));
}

TEST_CASE("points of a space are its sub-networks", "[supernet]") {
    const small_net net{5};
    vd::random_stream stream{2};
    for (int i = 0; i < 5; ++i) {
        const auto p = vd::sample<small_space>(stream);
        const auto own = net.extract(p);
        const auto description = spaces::net_of(p);
        REQUIRE(own.blocks.size() == description.blocks.size());
        for (std::size_t b = 0; b < own.blocks.size(); ++b) {
            CHECK(nn::kernel_size(own.blocks[b].depthwise) == description.blocks[b].kernel);
            CHECK(own.blocks[b].depthwise.weight.size(0) == description.blocks[b].mid);
            CHECK(own.blocks[b].shortcut == description.blocks[b].shortcut);
            CHECK(own.blocks[b].expansion.has_value() == description.blocks[b].expands());
        }
        // The same tensors as a net made from the description.
        CHECK(nn::parameter_count(own) == nn::parameter_count(nn::empty_mobile_net(description)));
    }
}

TEST_CASE("sorting changes the order of channels, and nothing that the largest network computes", "[supernet]") {
    small_net net{6};
    settle(net);
    const auto x = images(2);
    const auto largest = evaluated(net.active(spaces::largest_arch<small_space>()), x);
    const auto narrow = evaluated(net.active(spaces::smallest_arch<small_space>()), x);
    constexpr std::array expands{1.0, 2.0, 3.0};
    const auto orders = supernet::sort_channels(net.weights(), expands);
    REQUIRE(orders.size() == 7);
    CHECK_FALSE(orders[0].defined());
    CHECK(std::get<0>(orders[1].sort()).equal(at::arange(24, at::kLong)));
    CHECK(at::allclose(evaluated(net.active(spaces::largest_arch<small_space>()), x), largest, 1e-4, 1e-5));
    CHECK_FALSE(at::allclose(evaluated(net.active(spaces::smallest_arch<small_space>()), x), narrow, 1e-3, 1e-4));
    const auto importance = supernet::channel_importance(net.weights().whole.blocks[2], expands, 0);
    CHECK((importance.slice(0, 1) <= importance.slice(0, 0, -1)).all().item<bool>());
    // At a later stage the channels that only the widest blocks have stay last.
    const auto later = supernet::sort_channels(net.weights(), expands, 1);
    CHECK((later[2].slice(0, 32) >= 32).all().item<bool>());
    CHECK_THROWS_AS(supernet::sort_channels(net.weights(), expands, 3), vd::input_error);
    CHECK(supernet::sorting_stage(2) == 0);
    CHECK(supernet::sorting_stage(3) == 1);
}

TEST_CASE("phases open kernels, then depths, then ratios", "[supernet]") {
    using supernet::shrinking_task;
    const auto of = [](shrinking_task task, int phase, int phases) {
        return supernet::candidates_of<small_space>({.task = task, .phase = phase, .phases = phases});
    };
    CHECK(of(shrinking_task::kernel, 1, 1) == supernet::shrinking_candidates{{3, 5}, {3}, {3}});
    CHECK(of(shrinking_task::depth, 1, 2) == supernet::shrinking_candidates{{3, 5}, {3}, {2, 3}});
    CHECK(of(shrinking_task::depth, 2, 2) == supernet::shrinking_candidates{{3, 5}, {3}, {1, 2, 3}});
    CHECK(of(shrinking_task::expand, 1, 2) == supernet::shrinking_candidates{{3, 5}, {2, 3}, {1, 2, 3}});
    CHECK(of(shrinking_task::expand, 2, 2) == supernet::all_candidates<small_space>());
    CHECK_THROWS_WITH(of(shrinking_task::depth, 3, 2), Catch::Contains("progressive shrinking, phase: expected 1 to 2, found 3"));
    CHECK(supernet::moofa_phases[4].subnets == 4);
    CHECK(supernet::ofa_phases[0].learning_rate == 3e-2);
}

TEST_CASE("validation runs the extremes of every choice under the originals' names", "[supernet]") {
    const std::array sizes{28, 32};
    const auto all = supernet::all_candidates<small_space>();
    const auto grid = supernet::validation_grid<small_space>(all, supernet::shrinking_task::expand, sizes);
    REQUIRE(grid.size() == 16);
    CHECK(grid.front().name == "R28-D1-E1-K3-W0");
    CHECK(grid[1].name == "R32-D1-E1-K3-W0");
    CHECK(grid.back().name == "R32-D3-E3-K5-W0");
    CHECK(grid.back().arch == [] {
        auto a = spaces::largest_arch<small_space>();
        a.image_size = 32;
        return a;
    }());
    const auto first = supernet::candidates_of<small_space>(supernet::shrinking_phase{});
    CHECK(supernet::validation_grid<small_space>(first, supernet::shrinking_task::kernel, sizes).size() == 4);

    const auto scores = at::tensor({0.1, 0.9, 0.0, 0.3, 0.2, 0.1}, at::kDouble).reshape({2, 3});
    const auto score = nn::score_of(scores, at::tensor({1, 2}, at::kLong));
    CHECK(score.top1 == 0.5);
    CHECK(score.top5 == 1);
    CHECK(score.loss == Approx(nn::smoothed_cross_entropy(scores, at::tensor({1, 2}, at::kLong), 0).item<double>()));
    const small_net net{2};
    const auto batch = labelled(3);
    const std::array halves{nn::labelled_images{batch.images.slice(0, 0, 4), batch.labels.slice(0, 0, 4)},
                            nn::labelled_images{batch.images.slice(0, 4), batch.labels.slice(0, 4)}};
    const auto whole = nn::evaluate(net.active(some_arch()), std::array{batch}), parts = nn::evaluate(net.active(some_arch()), halves);
    CHECK(whole.images == 16);
    CHECK(whole.loss == Approx(parts.loss));
    CHECK(whole.top1 == Approx(parts.top1));
    CHECK_THROWS_AS(nn::evaluate(net.active(some_arch()), std::vector<nn::labelled_images>{}), vd::error);
}

TEST_CASE("sampling policies give sub-networks of the candidates, the same in every step's repetition", "[supernet]") {
    const std::type_identity<small_space> tag{};
    const auto candidates = supernet::candidates_of<small_space>({.task = supernet::shrinking_task::expand, .phase = 1, .phases = 2});
    const supernet::random_subnets random{.count = 40, .seed = 3};
    const auto drawn = random(tag, 7, candidates);
    CHECK((drawn == random(tag, 7, candidates)));
    CHECK_FALSE((drawn == random(tag, 8, candidates)));
    std::set<double> ratios;
    for (const auto& a : drawn) ratios.insert(a.e.begin(), a.e.end());
    CHECK(ratios == std::set<double>{2, 3});
    CHECK((supernet::published_subnets{.count = 2}(tag, 7, candidates) == supernet::published_subnets{.count = 2}(tag, 7, candidates)));

    const auto layers = supernet::sandwich{.between = 2, .seed = 1}(tag, 0, supernet::all_candidates<small_space>());
    REQUIRE(layers.size() == 4);
    CHECK(layers[0].d == std::array{3, 3});
    CHECK(layers[0].e == std::array<double, 6>{3, 3, 3, 3, 3, 3});
    CHECK(layers[1].ks == std::array{3, 3, 3, 3, 3, 3});
    CHECK(layers[1].d == std::array{1, 1});

    for (const auto& a : supernet::feasible_subnets{.count = 10, .seed = 4}(std::type_identity<spaces::comp_ofa>{}, 0, {}))
        for (std::size_t s = 0; s < 5; ++s) CHECK(a.e[4 * s] == (a.d[s] == 2 ? 3 : a.d[s] == 3 ? 4 : 6));
    CHECK_THROWS_AS(random(tag, 0, supernet::shrinking_candidates{}), vd::input_error);
}

TEST_CASE("training lowers the losses of all sub-networks and goes on exactly where it stopped", "[supernet]") {
    const supernet::shrinking_phase phase{.task = supernet::shrinking_task::expand,
                                          .phase = 2,
                                          .phases = 2,
                                          .epochs = 5,
                                          .learning_rate = 0.05,
                                          .warmup_epochs = 1,
                                          .warmup_rate = 0.01,
                                          .subnets = 3};
    const supernet::random_subnets sampling{.count = phase.subnets, .seed = 5};
    const auto quiet = [](const supernet::shrinking_progress&) {};
    supernet::learn_labels labels{};

    small_net net{7, 0};
    auto optimizer = supernet::optimizer_of(net.weights());
    std::vector<supernet::shrinking_progress> seen;
    supernet::train_phase(net, optimizer, phase, some_images{}, sampling, labels, [&](const supernet::shrinking_progress& p) { seen.push_back(p); });
    REQUIRE(seen.size() == 24);
    CHECK(seen.front().learning_rate == Approx(0.02));
    CHECK(seen[3].learning_rate == Approx(0.05));
    CHECK(seen.back().epoch == 5);
    CHECK(seen.back().epoch_done);
    const auto mean_of_epoch = [&seen](std::size_t epoch) {
        double sum = 0;
        for (std::size_t i = 4 * epoch; i < 4 * epoch + 4; ++i) sum += seen[i].loss;
        return sum / 4;
    };
    CHECK(mean_of_epoch(5) < 0.85 * mean_of_epoch(0));

    // The same run, interrupted after nine steps.
    const auto folder = std::filesystem::temp_directory_path() / "verdant_phase_checkpoints";
    std::filesystem::remove_all(folder);
    const supernet::phase_checkpoints kept{folder, "expand_2"};
    small_net again{7, 0};
    auto first = supernet::optimizer_of(again.weights());
    struct stop {};
    try {
        supernet::train_phase(again, first, phase, some_images{}, sampling, labels, [&](const supernet::shrinking_progress& p) {
            if (p.step % 4 == 0 || p.step == 9) kept.save(again.weights(), first);
            if (p.step == 9) throw stop{};
        });
        FAIL("the run was not interrupted");
    } catch (const stop&) {}
    CHECK(kept.steps() == std::vector<std::int64_t>{9});
    small_net resumed{8, 0};
    auto second = supernet::optimizer_of(resumed.weights());
    std::vector<std::string> warnings;
    const auto warn = [&warnings](const std::string& what) { warnings.push_back(what); };
    // A newer one that was damaged is passed over.
    std::ofstream{kept.weights(10)} << "nothing";
    REQUIRE(kept.resume(resumed.weights(), second, warn));
    CHECK(warnings.size() == 1);
    CHECK(second.steps() == 9);
    supernet::train_phase(resumed, second, phase, some_images{}, sampling, labels, quiet);
    CHECK(nn::state_of(resumed.weights()) == nn::state_of(net.weights()));
    std::filesystem::remove_all(folder);
    CHECK_FALSE(kept.resume(resumed.weights(), second, warn));

    struct nothing {
        [[nodiscard]] static std::int64_t size() { return 0; }
        nn::labelled_images operator()(std::int64_t, std::int64_t) const { return {}; }
    };
    CHECK_THROWS_WITH(supernet::train_phase(net, optimizer, phase, nothing{}, sampling, labels, quiet),
                      Catch::Contains("at least one batch an epoch"));
    CHECK_THROWS_WITH(supernet::training_step(net, optimizer, 0.1, labelled(1), std::vector<arch>{}, labels),
                      Catch::Contains("sub-networks of a step: expected at least one, found none"));
    auto backwards = phase;
    backwards.warmup_epochs = -1;
    CHECK_THROWS_WITH(supernet::train_phase(net, optimizer, backwards, some_images{}, sampling, labels, quiet),
                      Catch::Contains("warmup_epochs: expected at least 0, found -1"));
}

TEST_CASE("processes with the same images take the step of one", "[supernet]") {
    const std::vector subnets{some_arch()};
    supernet::learn_labels labels{};
    const auto step = [&](const auto& processes) {
        small_net net{9, 0};
        auto optimizer = supernet::optimizer_of(net.weights());
        (void)supernet::training_step(net, optimizer, 0.1, labelled(1), subnets, labels, {}, processes);
        return nn::state_of(net.weights());
    };
    CHECK(step(nn::single_process{}) == step(mirrored{}));
}

TEST_CASE("the largest sub-network teaches the others in place", "[supernet]") {
    small_net net{10, 0};
    auto optimizer = supernet::optimizer_of(net.weights());
    supernet::distil_in_place<> distillation;
    const auto batch = labelled(2);
    const auto subnets = supernet::sandwich{.between = 1}(std::type_identity<small_space>{}, 0, supernet::all_candidates<small_space>());
    const auto losses = supernet::training_step(net, optimizer, 0.05, batch, subnets, distillation);
    REQUIRE(losses.size() == 3);
    const auto large = at::tensor({2.0, 0.0, 1.0, 0.0}, at::kDouble).reshape({1, 4}),
               small = at::tensor({0.0, 1.0, 0.0, 0.5}, at::kDouble).reshape({1, 4});
    const auto label = at::tensor({0}, at::kLong);
    CHECK(distillation(large, label, 0).item<double>() == Approx(nn::smoothed_cross_entropy(large, label, 0.1).item<double>()));
    CHECK(distillation(small, label, 1).item<double>() == Approx(nn::distil_distribution{}(small, large).item<double>()));
}

TEST_CASE("mixed images have mixed labels", "[supernet]") {
    const nn::labelled_images batch{images(2), at::tensor({0, 3}, at::kLong)};
    const auto m = supernet::mixed(batch, 4, 0.75, 0.2);
    CHECK(at::allclose(m.images[0], 0.75 * batch.images[0] + 0.25 * batch.images[1]));
    CHECK(at::allclose(m.labels[0], at::tensor({0.65F, 0.05F, 0.05F, 0.25F}), 1e-5));
    CHECK(at::allclose(m.labels.sum(1), at::tensor({1.0F, 1.0F})));
}

TEST_CASE("a residual supernet gives its sub-networks the first channels", "[supernet]") {
    struct residual_space : spaces::ofa_resnet<> {};
    const auto f = residual_space::resnet;
    auto small = supernet::largest_arch(f);
    small.d = {0, 1, 0, 0, 0};
    small.w = {0, 1, 0, 1, 2, 0};
    small.e.fill(0.2);
    // On no device: shapes are all that is asked.
    const supernet::elastic_residual_net net{
        nn::empty_residual_net(spaces::net_of(f, supernet::largest_arch(f)), at::TensorOptions{}.dtype(at::kFloat).device(at::kMeta))};
    const auto part = supernet::active_net(net, f, small);
    const auto description = spaces::net_of(f, small);
    CHECK_FALSE(part.stem_residual);
    REQUIRE(part.blocks.size() == description.blocks.size());
    for (std::size_t i = 0; i < part.blocks.size(); ++i) {
        const auto& b = description.blocks[i];
        CHECK(part.blocks[i].reduce.weight.sizes().vec() == std::vector<std::int64_t>{b.mid, b.in, 1, 1});
        CHECK(part.blocks[i].expand.weight.sizes().vec() == std::vector<std::int64_t>{b.out, b.mid, 1, 1});
        CHECK(part.blocks[i].shortcut.has_value() == (b.shortcut != vd::workload::downsample::identity));
    }
    CHECK(part.classifier.weight.size(1) == description.blocks.back().out);

    const std::type_identity<residual_space> tag{};
    const auto drawn = supernet::random_subnets{.count = 30, .seed = 1}(tag, 0, supernet::all_candidates<residual_space>());
    std::set<int> stems, widths;
    for (const auto& a : drawn) {
        CHECK_NOTHROW(spaces::net_of(f, a));
        stems.insert(a.d[0]);
        widths.insert(a.w.begin(), a.w.end());
    }
    CHECK(stems == std::set<int>{0, 2});
    CHECK(widths == std::set<int>{0, 1, 2});
    CHECK(supernet::sandwich{}(tag, 0, supernet::all_candidates<residual_space>())[0] == supernet::largest_arch(f, 0.35, 224));
}

TEST_CASE("sorting a residual supernet keeps what the largest network computes", "[supernet]") {
    vd::workload::residual_net d;
    d.first_conv = {.in = 3, .out = 8, .kernel = 3, .stride = 2, .act = vd::workload::nonlinearity::relu};
    d.last_conv = {.in = 8, .out = 16, .kernel = 3, .act = vd::workload::nonlinearity::relu};
    d.blocks.push_back({.in = 16, .mid = 16, .out = 32, .shortcut = vd::workload::downsample::avgpool_conv});
    d.blocks.push_back({.in = 32, .mid = 16, .out = 32});
    d.classes = 4;
    supernet::elastic_residual_net net{nn::empty_residual_net(d)};
    nn::initialise(net, 3);
    const auto x = images(2);
    const auto before = evaluated(net.whole, x);
    const auto weights = nn::clone(net);
    supernet::sort_channels(net, std::array{0.25, 0.5});
    CHECK(at::allclose(evaluated(net.whole, x), before, 1e-4, 1e-5));
    CHECK_FALSE(net.whole.blocks[1].middle.weight.equal(weights.whole.blocks[1].middle.weight));
    const auto importance = net.whole.blocks[0].expand.weight.abs().sum(at::IntArrayRef{0, 2, 3});
    CHECK((importance.slice(0, 1) <= importance.slice(0, 0, -1)).all().item<bool>());
}
