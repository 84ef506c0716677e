// What residual supernets, group norms, lists of single places and the choice of sub-networks add to supernets.

#include <verdant/error.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/evaluate/evaluate_images.hpp>
#include <verdant/nn/layers/recalibration.hpp>
#include <verdant/nn/models/init_net.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>
#include <verdant/supernet/elastic_supernet.hpp>
#include <verdant/supernet/sort_channels.hpp>
#include <verdant/supernet/subnet_choice.hpp>
#include <verdant/supernet/subnet_sampling.hpp>
#include <verdant/supernet/supervision.hpp>
#include <verdant/supernet/train_supernet.hpp>
#include <verdant/supernet/validate.hpp>
#include <verdant/supernet/validation_grid.hpp>
#include <verdant/workload/convnet/residual_costs.hpp>

#include "catch.hpp"

#include <ATen/ops/allclose.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <array>
#include <barrier>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace nn = verdant::nn;
namespace spaces = verdant::spaces;
namespace supernet = verdant::supernet;
namespace vd = verdant;

namespace {

struct residual_space : spaces::ofa_resnet<vd::choices<32>, spaces::resnet_family{.stem = 32, .widths = {32, 48, 64, 96}, .classes = 4}> {};
using residual_supernet = supernet::supernet<residual_space>;

constexpr spaces::mobile_family grouped_family{
    .first_conv = 8,
    .first_block = 8,
    .stages = {{{16, 2, spaces::nonlinearity::relu, true, 3}, {24, 2, spaces::nonlinearity::h_swish, false, 3}}},
    .stage_count = 2,
    .final_expand = 32,
    .feature_mix = 40,
    .classes = 4,
    .gn_channels = 8,
    .ws_eps = 1e-5};
struct grouped_space : spaces::once_for_all<grouped_family, vd::choices<32>, vd::choices<3, 5>, vd::choices<2, 3>, vd::choices<1, 2, 3>> {};
using grouped_supernet = supernet::supernet<grouped_space>;

at::Tensor images(std::int64_t count, std::uint64_t seed = 1) { return at::randn({count, 3, 32, 32}, nn::generator(seed)); }

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

template <class Net>
at::Tensor evaluated(const Net& net, const at::Tensor& x) {
    const c10::AutoGradMode off{false};
    return forward(net, x, nn::evaluating{});
}

spaces::resnet_arch some_residual_arch() {
    auto a = supernet::largest_arch(residual_space::resnet, 0.35, 32);
    a.d = {0, 1, 0, 2, 1};
    a.w = {0, 1, 2, 0, 1, 0};
    for (std::size_t i = 0; i < a.e.size(); i += 2) a.e[i] = 0.2;
    return a;
}

/// Two threads as processes.
struct meeting {
    std::barrier<> both{2};
    std::array<at::Tensor, 2> brought;
};
struct one_of_two {
    meeting& place;
    int self;

    [[nodiscard]] int rank() const { return self; }
    [[nodiscard]] static int size() { return 2; }
    void all_reduce(at::Tensor& t) const {
        place.brought[static_cast<std::size_t>(self)] = t.clone();
        barrier();
        t.copy_(place.brought[0] + place.brought[1]);
        barrier();
    }
    [[nodiscard]] static at::Tensor all_gather(const at::Tensor& t) { return t; }
    static void broadcast(at::Tensor&, int) {}
    void barrier() const { place.both.arrive_and_wait(); }
};

template <class Net>
std::set<std::string> names_of(const Net& net) {
    std::set<std::string> names;
    for (const auto& e : nn::state_of(net)) names.insert(e.name);
    return names;
}

} // namespace

TEST_CASE("phases of residual spaces open depths, ratios and widths", "[supernet]") {
    using supernet::shrinking_task;
    const auto of = [](shrinking_task task, int phase, int phases) {
        return supernet::candidates_of<residual_space>({.task = task, .phase = phase, .phases = phases});
    };
    using candidates = supernet::shrinking_candidates;
    CHECK(of(shrinking_task::kernel, 1, 1) == candidates{{3}, {0.35}, {2}, {2}});
    CHECK(of(shrinking_task::depth, 1, 2) == candidates{{3}, {0.35}, {1, 2}, {2}});
    CHECK(of(shrinking_task::depth, 2, 2) == candidates{{3}, {0.35}, {0, 1, 2}, {2}});
    CHECK(of(shrinking_task::expand, 1, 2) == candidates{{3}, {0.25, 0.35}, {0, 1, 2}, {2}});
    CHECK(of(shrinking_task::width, 1, 2) == candidates{{3}, {0.2, 0.25, 0.35}, {0, 1, 2}, {1, 2}});
    CHECK(of(shrinking_task::width, 2, 2) == supernet::all_candidates<residual_space>());
    CHECK_THROWS_WITH(of(shrinking_task::width, 3, 2), Catch::Contains("progressive shrinking, phase: expected 1 to 2, found 3"));
    CHECK_THROWS_WITH(supernet::candidates_of<grouped_space>({.task = shrinking_task::width}),
                      Catch::Contains("the widths of this space are fixed, found width"));

    const auto grid = supernet::validation_grid<residual_space>(of(shrinking_task::width, 2, 2), shrinking_task::width, std::array{24, 32});
    REQUIRE(grid.size() == 16);
    CHECK(grid.front().name == "R24-D0-E0.2-K3-W0");
    CHECK(grid[2].name == "R24-D0-E0.2-K3-W2");
    CHECK(grid.back().name == "R32-D2-E0.35-K3-W2");
    CHECK(grid.back().arch == supernet::largest_arch(residual_space::resnet, 0.35, 32));
    CHECK_NOTHROW(spaces::net_of(residual_space::resnet, grid.front().arch));

    const std::type_identity<residual_space> tag{};
    for (const auto& a : supernet::random_subnets{.count = 20, .seed = 2}(tag, 0, of(shrinking_task::depth, 1, 2))) {
        CHECK(std::all_of(a.w.begin(), a.w.end(), [](int w) { return w == 2; }));
        CHECK(std::all_of(a.d.begin(), a.d.end(), [](int d) { return d >= 1; }));
    }
    candidates none = supernet::all_candidates<residual_space>();
    none.widths.clear();
    CHECK_THROWS_WITH(supernet::random_subnets{}(tag, 0, none), Catch::Contains("at least one width"));
}

TEST_CASE("residual supernets are trained phase by phase, and extracted networks compute what they do", "[supernet]") {
    using enum supernet::shrinking_task;
    residual_supernet net{3, 0};
    const auto largest = supernet::largest_arch(residual_space::resnet, 0.35, 32);
    double first = 0, last = 0;
    for (const auto& phase : {supernet::shrinking_phase{kernel, 1, 1, 4, 0.05, 0, 0, 1}, supernet::shrinking_phase{depth, 2, 2, 2, 0.02, 0, 0, 2},
                              supernet::shrinking_phase{expand, 2, 2, 2, 0.02, 0, 0, 2}, supernet::shrinking_phase{width, 2, 2, 2, 0.02, 0, 0, 2}}) {
        if (phase.task == expand) supernet::sort_channels(net.weights(), std::array{0.2, 0.25, 0.35});
        supernet::distil_teacher<nn::residual_net> distillation{net.extract(largest), phase.task == kernel ? 0.0 : 1.0};
        auto optimizer = supernet::optimizer_of(net.weights());
        supernet::train_phase(net, optimizer, phase, some_images{}, supernet::random_subnets{.count = phase.subnets, .seed = 4}, distillation,
                              [&](const supernet::shrinking_progress& p) {
                                  if (phase.task != kernel) return;
                                  if (p.step == 1) first = p.loss;
                                  last = p.loss;
                              });
    }
    CHECK(last < 0.85 * first); // four steps: how far they come depends on the kernels that the processor has (0.75 with AVX-512, below 0.7 with AVX2)
    nn::require_grad(net.weights(), false);

    const auto x = images(2, 9);
    for (const auto& a : {largest, some_residual_arch()}) {
        const auto own = net.extract(a);
        CHECK(at::allclose(evaluated(own, x), evaluated(net.active(a), x), 1e-4, 1e-5));
        CHECK(nn::parameter_count(own) == vd::workload::parameters(spaces::net_of(residual_space::resnet, a)));
    }

    // The grid is validated with statistics of each sub-network; a size's images are fetched once.
    int fetched = 0;
    const auto grid = supernet::validation_grid<residual_space>(supernet::all_candidates<residual_space>(), width, std::array{32});
    const auto result = supernet::validate(
        net, grid,
        [&fetched](int size) {
            ++fetched;
            CHECK(size == 32);
            return std::vector{labelled(0).images, labelled(1).images};
        },
        [](int) { return std::array{labelled(2), labelled(3)}; });
    CHECK(fetched == 1);
    REQUIRE(result.rows.size() == grid.size());
    CHECK(result.rows.back().name == "R32-D2-E0.35-K3-W2");
    CHECK(result.mean.images == 32);
    double sum = 0;
    for (const auto& r : result.rows) sum += r.score.top1;
    CHECK(result.mean.top1 == Approx(sum / static_cast<double>(grid.size())));
    nn::recalibrate(net.active(grid.front().arch), std::vector{labelled(0).images, labelled(1).images});
    CHECK(nn::evaluate(net.active(grid.front().arch), std::array{labelled(2), labelled(3)}).loss == Approx(result.rows.front().score.loss));
    CHECK_THROWS_AS(supernet::validate(
                        net, std::vector<supernet::validation_subnet<residual_space>>{}, [](int) { return std::vector<at::Tensor>{}; },
                        [](int) { return std::vector<nn::labelled_images>{}; }),
                    vd::error);
}

TEST_CASE("static networks under plain names fill residual supernets, and the other way round", "[supernet]") {
    residual_supernet net{5};
    const auto largest = supernet::largest_arch(residual_space::resnet, 0.35, 32);
    const auto own = net.extract(largest);
    const auto elastic = names_of(net.weights()), plain = names_of(own);
    CHECK(elastic.size() == plain.size());
    for (const auto* name : {"input_stem.1.conv.conv.conv.weight", "blocks.0.downsample.conv.conv.weight", "blocks.17.conv3.bn.bn.running_var",
                             "classifier.linear.linear.bias"})
        CHECK(elastic.count(name) == 1);
    for (const auto* name :
         {"input_stem.1.conv.conv.weight", "blocks.0.downsample.conv.weight", "blocks.17.conv3.bn.running_var", "classifier.linear.bias"})
        CHECK(plain.count(name) == 1);
    residual_supernet filled{6};
    CHECK(nn::load_state(filled.weights(), nn::state_of(own)).empty());
    CHECK(nn::state_of(filled.weights()) == nn::state_of(net.weights()));
    auto back = filled.extract(largest);
    nn::initialise(back, 7);
    CHECK(nn::load_state(back, nn::state_of(net.weights())).empty());
    CHECK(nn::state_of(back) == nn::state_of(own));
}

TEST_CASE("checkpoints of before 2021 load into every kind of supernet", "[supernet]") {
    const supernet::supernet<grouped_space> from{5};
    vd::io::named_tensors old{"old.pt"};
    for (const auto& e : nn::state_of(from.weights())) {
        auto name = e.name;
        if (const auto at = name.find(".conv."); name.starts_with("blocks.")) name.replace(at, 6, ".mobile_inverted_conv.");
        old.add("module." + name, e.value);
    }
    supernet::supernet<grouped_space> to{6};
    CHECK(nn::load_state(to.weights(), old).empty());
    CHECK(nn::state_of(to.weights()) == nn::state_of(from.weights()));
    old.add("blocks.1.mobile_inverted_conv.inverted_bottleneck.conv.conv.bias", nn::to_tensor_data(at::tensor({1.0F})));
    CHECK_THROWS_WITH(
        nn::load_state(to.weights(), old),
        Catch::Contains("old.pt, tensor blocks.1.mobile_inverted_conv.inverted_bottleneck.conv.conv.bias: expected only tensors of such"));
}

TEST_CASE("supernets with group norms and standardised weights need no statistics", "[supernet]") {
    grouped_supernet net{4, 0};
    const auto names = names_of(net.weights());
    CHECK(names.count("blocks.1.conv.inverted_bottleneck.bn.weight") == 1);
    CHECK(std::none_of(names.begin(), names.end(), [](const std::string& n) { return n.find("running") != n.npos; }));
    auto a = spaces::largest_arch<grouped_space>();
    a.e = {2, 3, 2, 3, 2, 3};
    a.ks = {3, 5, 3, 5, 3, 5};
    a.d = {2, 3};
    const auto x = images(3);
    const auto own = net.extract(a);
    CHECK(evaluated(own, x).equal(evaluated(net.active(a), x)));
    CHECK(nn::parameter_count(own) == vd::workload::parameters(spaces::net_of(grouped_family, a)));
    // Each image by itself, in training too.
    const c10::AutoGradMode off{false};
    CHECK(at::allclose(forward(own, x, nn::training{}).slice(0, 1, 2), evaluated(own, x.slice(0, 1, 2)), 1e-4, 1e-5));

    const auto before = evaluated(net.active(spaces::largest_arch<grouped_space>()), x);
    const auto orders = supernet::sort_channels(net.weights(), std::array{2.0, 3.0});
    CHECK(at::allclose(evaluated(net.active(spaces::largest_arch<grouped_space>()), x), before, 1e-4, 1e-5));
    for (std::size_t i = 1; i < orders.size(); ++i) {
        const auto groups = orders[i].view({-1, 8});
        CHECK((groups.slice(1, 1) - groups.slice(1, 0, -1)).eq(1).all().item<bool>()); // groups move as a whole
    }

    auto optimizer = supernet::optimizer_of(net.weights());
    supernet::distil_in_place<> distillation;
    double first = 0, last = 0;
    supernet::train_phase(net, optimizer,
                          {.task = supernet::shrinking_task::expand, .phase = 1, .phases = 1, .epochs = 8, .learning_rate = 0.05, .warmup_epochs = 0},
                          some_images{}, supernet::sandwich{.between = 1}, distillation, [&](const supernet::shrinking_progress& p) {
                              if (p.step == 1) first = p.loss;
                              last = p.loss;
                          });
    CHECK(last < 0.8 * first);
}

TEST_CASE("two processes with half the images each take the step of one with all", "[supernet]") {
    // Without statistics of batches, whose halves would differ.
    const auto all = labelled(4);
    const auto subnets =
        supernet::sandwich{.between = 2, .seed = 3}(std::type_identity<grouped_space>{}, 0, supernet::all_candidates<grouped_space>());
    const auto step = [&](grouped_supernet& net, const nn::labelled_images& batch, const auto& processes) {
        supernet::distil_in_place<> distillation;
        auto optimizer = supernet::optimizer_of(net.weights());
        return supernet::training_step(net, optimizer, 0.1, batch, subnets, distillation, {}, processes);
    };
    grouped_supernet alone{8, 0}, first{8, 0}, second{8, 0};
    const auto losses = step(alone, all, nn::single_process{});
    meeting place;
    std::vector<double> half, other;
    std::thread thread{[&] { other = step(second, {all.images.slice(0, 8), all.labels.slice(0, 8)}, one_of_two{place, 1}); }};
    half = step(first, {all.images.slice(0, 0, 8), all.labels.slice(0, 0, 8)}, one_of_two{place, 0});
    thread.join();
    REQUIRE(losses.size() == 4);
    for (std::size_t k = 0; k < losses.size(); ++k) CHECK((half[k] + other[k]) / 2 == Approx(losses[k]).epsilon(1e-5));
    CHECK(nn::state_of(first.weights()) == nn::state_of(second.weights()));
    const c10::AutoGradMode off{false};
    std::vector<at::Tensor> wanted;
    for_each_tensor(alone.weights(), [&](const std::string&, const at::Tensor& t, bool) { wanted.push_back(t); });
    std::size_t i = 0;
    for_each_tensor(first.weights(), [&](const std::string& name, const at::Tensor& t, bool) {
        INFO(name);
        CHECK(at::allclose(t, wanted[i++], 1e-3, 1e-5));
    });
}

TEST_CASE("soft targets of in-place distillation are constants", "[supernet]") {
    supernet::distil_in_place<> distillation;
    const auto large = at::randn({2, 4}, nn::generator(1)).set_requires_grad(true),
               small = at::randn({2, 4}, nn::generator(2)).set_requires_grad(true);
    const auto label = at::tensor({1, 3}, at::kLong);
    distillation.begin({});
    (void)distillation(large, label, 0);
    distillation(small, label, 1).backward();
    CHECK_FALSE(large.grad().defined());
    CHECK(small.grad().abs().sum().item<double>() > 0);
    // Cross-entropy with the teacher's distribution: its gradient is the difference of the distributions over the batch.
    CHECK(at::allclose(small.grad(), (small.detach().softmax(1) - large.detach().softmax(1)) / 2, 1e-5, 1e-7));
}

TEST_CASE("the sandwich has the largest first, then the smallest; a teacher is the largest alone", "[supernet]") {
    const std::type_identity<grouped_space> tag{};
    const auto all = supernet::all_candidates<grouped_space>();
    const auto layers = supernet::sandwich{.between = 3, .seed = 1}(tag, 5, all);
    REQUIRE(layers.size() == 5);
    auto largest = spaces::largest_arch<grouped_space>(), smallest = spaces::smallest_arch<grouped_space>();
    largest.image_size = smallest.image_size = 0;
    CHECK(layers[0] == largest);
    CHECK(layers[1] == smallest);
    CHECK_FALSE(layers[2] == layers[3]);
    CHECK((supernet::random_subnets{.count = 3, .seed = 1}(tag, 5, all) == std::vector(layers.begin() + 2, layers.end())));
    CHECK((supernet::largest_subnet{}(tag, 5, all) == std::vector{largest}));
    CHECK(supernet::moofa_teacher.epochs == 180);

    // Lists of single places, as the originals' lists of lists.
    auto own = all;
    own.places.kernels[2] = {5};
    own.places.expands[0] = {2};
    own.places.depths[1] = {1};
    std::set<int> kernels;
    for (const auto& a : supernet::random_subnets{.count = 20, .seed = 1}(tag, 0, own)) {
        CHECK(a.ks[2] == 5);
        CHECK(a.e[0] == 2);
        CHECK(a.d[1] == 1);
        kernels.insert(a.ks[0]);
    }
    CHECK(kernels == std::set<int>{3, 5});
    own.places.kernels[2].clear();
    CHECK_THROWS_WITH(supernet::random_subnets{}(tag, 0, own), Catch::Contains("candidates of place 2: expected at least one, found none"));
}

TEST_CASE("sub-networks are chosen by one value, by lists with gaps, or not at all", "[supernet]") {
    const auto largest = spaces::largest_arch<grouped_space>();
    CHECK(supernet::chosen_from<grouped_space>(largest, {}) == largest);
    const auto a = supernet::chosen_from<grouped_space>(
        largest, {.ks = 3, .e = std::vector<std::optional<double>>{2, std::nullopt, 2}, .d = 7, .image_size = 48});
    CHECK(a.ks == std::array{3, 3, 3, 3, 3, 3});
    CHECK(a.e == std::array<double, 6>{2, 3, 2, 3, 3, 3});
    CHECK(a.d == std::array{3, 3});
    CHECK(a.image_size == 48);
    CHECK_THROWS_WITH(supernet::chosen_from<grouped_space>(largest, {.d = std::vector<std::optional<int>>{1, 1, 1}}),
                      Catch::Contains("sub-network, d: expected at most 2 values, found 3"));
    const auto r = supernet::chosen_from<residual_space>(some_residual_arch(), {.d = 9, .w = 1});
    CHECK(r.d == std::array{2, 2, 2, 2, 2});
    CHECK(r.w == std::array{1, 1, 1, 1, 1, 1});
    CHECK(r.e == some_residual_arch().e);
}

TEST_CASE("kernels without matrices are centres; fresh networks have weights of their own", "[supernet]") {
    using centred = supernet::supernet<grouped_space, supernet::ratio_one::expands, supernet::kernel_transform::centre>;
    const centred net{3};
    const auto names = names_of(net.weights());
    CHECK(std::none_of(names.begin(), names.end(), [](const std::string& n) { return n.ends_with("_matrix"); }));
    auto a = spaces::largest_arch<grouped_space>();
    a.ks.fill(3);
    const auto whole = net.weights().whole.blocks[1].depthwise.weight, part = net.active(a).blocks[1].depthwise.weight;
    CHECK(part.equal(whole.slice(2, 1, 4).slice(3, 1, 4)));

    const auto one = grouped_supernet::fresh(a, 1), same = grouped_supernet::fresh(a, 1), other = grouped_supernet::fresh(a, 2);
    CHECK(nn::state_of(one) == nn::state_of(same));
    CHECK_FALSE(nn::state_of(one) == nn::state_of(other));
    CHECK(names_of(one) == names_of(net.extract(a)));
}
