#include <verdant/data/images/image_set.hpp>
#include <verdant/error.hpp>
#include <verdant/fidelity/fidelity_scale.hpp>
#include <verdant/fidelity/measurement.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/image/image.hpp>
#include <verdant/image/strong_augmentation.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/nn/batches/image_batches.hpp>
#include <verdant/nn/core/peak_memory.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/nn/layers/channels_last.hpp>
#include <verdant/nn/models/init_net.hpp>
#include <verdant/nn/models/mobile_net.hpp>
#include <verdant/nn/recipes/epochs_evaluator.hpp>
#include <verdant/nn/recipes/exact_training.hpp>
#include <verdant/nn/recipes/proxy_checkpoint.hpp>
#include <verdant/nn/recipes/proxy_training.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/space.hpp>
#include <verdant/workload/convnet/proxyless_nets.hpp>

#include "catch.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

namespace nn = verdant::nn;
namespace io = verdant::io;

namespace {

/// Pictures of two classes: bright above or bright below, with noise.
struct halves {
    std::size_t count = 0;
    std::uint64_t seed = 0;
    static inline std::atomic<std::int64_t> read{0}; ///< by all

    [[nodiscard]] std::size_t size() const { return count; }
    [[nodiscard]] static std::size_t classes() { return 2; }
    [[nodiscard]] static std::int64_t label(std::size_t i) { return static_cast<std::int64_t>(i % 2); }
    [[nodiscard]] io::rgb_image image(std::size_t i) const {
        ++read;
        io::rgb_image out{16, 16};
        auto draws = verdant::random_stream::derive(seed, i);
        for (std::size_t y = 0; y < 16; ++y)
            for (std::size_t x = 0; x < 16; ++x)
                for (std::size_t c = 0; c < 3; ++c)
                    out.pixel(x, y)[c] = static_cast<unsigned char>(((y < 8) == (label(i) == 0) ? 140 : 60) + static_cast<int>(draws.below(60)));
        return out;
    }
};
static_assert(nn::image_set<halves>);

nn::mobile_net small_net(std::uint64_t seed) {
    namespace workload = verdant::workload;
    workload::mobile_net d;
    d.image_size = 16;
    d.first_conv = {.in = 3, .out = 8, .kernel = 3, .stride = 2, .act = workload::nonlinearity::relu};
    d.blocks.push_back({.in = 8, .mid = 16, .out = 8, .kernel = 3, .stride = 1, .expand = 2, .act = workload::nonlinearity::relu, .shortcut = true});
    d.feature_mix = {.in = 8, .out = 16, .kernel = 1, .stride = 1, .act = workload::nonlinearity::relu};
    d.classes = 2;
    auto net = nn::empty_mobile_net(d);
    nn::initialise(net, seed);
    return net;
}

const nn::proxy_recipe quick{.epochs = 6,
                             .batch = 32,
                             .resolution = {.least = 8, .greatest = 16, .start_ramp = 2, .end_ramp = 4, .multiple = 4},
                             .learning_rate = 0.2,
                             .smallest_crop = 0.9,
                             .validated = 2,
                             .validation_batch = 32,
                             .validation_side = 16,
                             .seed = 5};

std::vector<float> numbers(const nn::mobile_net& net) {
    std::vector<float> out;
    for_each_tensor(net, [&out](const std::string&, const at::Tensor& t, bool) {
        const auto flat = t.to(at::kFloat).contiguous();
        out.insert(out.end(), flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel());
    });
    return out;
}

} // namespace

TEST_CASE("a training with proxies learns, grows its images, and validates the last epochs", "[nn]") {
    const auto validation = nn::evaluation_batches(halves{64, 9}, 16, quick.validation_batch).loaded();
    auto net = small_net(1);
    std::int64_t steps = 0;
    const auto record =
        nn::train_with_proxies(net, halves{128, 1}, validation, quick, io::imagenet_statistics, [&](const nn::image_training_progress& p) {
            CHECK(p.step == ++steps);
            CHECK(p.steps == 24);
        });
    CHECK(steps == 24);
    REQUIRE(record.epochs.size() == 6);
    const std::vector<std::int64_t> sides{8, 8, 8, 12, 16, 16};
    for (std::size_t e = 0; e < 6; ++e) {
        CHECK(record.epochs[e].side == sides[e]);
        CHECK(record.epochs[e].validation.has_value() == (e >= 4));
    }
    // The last step of epoch 2 is three quarters of the way from the peak to the next epoch's rate, and three more epochs follow.
    CHECK(record.epochs[2].learning_rate == Approx(0.2 * (4 - 0.75) / 4));
    CHECK(record.epochs.back().loss < record.epochs.front().loss);
    CHECK(record.top1 > 0.95);
    CHECK(record.top5 == 1);
    CHECK(record.top1 == std::max(record.epochs[4].validation->top1, record.epochs[5].validation->top1));
    CHECK(record.seconds > 0);
    // The same seed trains the same weights, whatever the number of threads; another one does not.
    const auto first = numbers(net);
    {
        const nn::thread_scope two{2};
        auto again = small_net(1);
        nn::train_with_proxies(again, halves{128, 1}, validation, quick);
        CHECK(numbers(again) == first);
    }
    auto other = small_net(1);
    auto recipe = quick;
    recipe.seed = 6;
    nn::train_with_proxies(other, halves{128, 1}, validation, recipe);
    CHECK(numbers(other) != first);
}

namespace {

struct epochs : verdant::fidelity_scale<"epochs", "epochs", 1, 6> {};
struct some_nets : verdant::space<verdant::param<"net", verdant::range<0, 9>>> {};

/// As `small_net`, with dropout, whose random stream must go on as well.
nn::mobile_net dropping_net(std::uint64_t seed) {
    auto net = small_net(seed);
    net.dropout = 0.3;
    return net;
}

/// Takes reports, and stops at one of them.
class reports final : public verdant::detail::report_sink {
public:
    verdant::measurement_step report(double share, std::span<const verdant::detail::named_value> values) override {
        REQUIRE(values.size() == 1);
        of.emplace_back(share, values[0].value);
        return share >= stop_at ? verdant::measurement_step::stop : verdant::measurement_step::go_on;
    }
    void started_over() override { ++begun_anew; }
    void cannot_go_on(const std::exception_ptr&) override { ++ended; }
    static inline int ended = 0; ///< searches, by all

    std::vector<std::pair<double, double>> of;
    double stop_at = 2;
    int begun_anew = 0;
};

struct evaluated {
    double accuracy = 0;
    std::vector<float> weights{};
    std::int64_t epochs = 0;
    double seconds = 0;
    int begun_anew = 0;
    std::vector<std::pair<double, double>> reported{};
    std::int64_t images_read = 0; ///< for the training
};

/// Measures a point as a search does. @param from, to epochs
evaluated measured_from(const std::string& folder, std::int64_t from, std::int64_t to, int point = 4, const nn::proxy_recipe& recipe = quick,
                        nn::reported_epochs reported = nn::reported_epochs::last, double stop_at = 2, halves images = {128, 1}) {
    evaluated out;
    const nn::thread_scope one{1}; // nothing is read ahead
    const auto validation = nn::evaluation_batches(halves{64, 9}, 16, 32).loaded();
    const auto build = [](const verdant::point<some_nets>& p, std::uint64_t seed) {
        return dropping_net(seed + static_cast<std::uint64_t>(p.get<"net">()));
    };
    const auto look = [&out](const auto& trained) {
        CHECK(trained.number == 7);
        out.weights = numbers(trained.net);
        out.epochs = trained.epochs;
        out.seconds = trained.record.seconds;
    };
    const nn::epochs_evaluator train{epochs{},
                                     build,
                                     images,
                                     validation,
                                     recipe,
                                     io::imagenet_statistics,
                                     nn::epochs_options<>{.seed = 3, .reported = reported, .data = "halves " + std::to_string(images.seed)},
                                     look};
    reports sink;
    sink.stop_at = stop_at;
    verdant::measurement<epochs> m{7, static_cast<double>(to) / 6, static_cast<double>(from) / 6, 1, folder, sink};
    const auto before = halves::read.load();
    const auto values = train(verdant::point<some_nets>::from_indices(std::array{point}), m);
    out.accuracy = values.get<verdant::accuracy>();
    out.begun_anew = sink.begun_anew;
    out.reported = sink.of;
    out.images_read = halves::read - before;
    return out;
}

} // namespace

TEST_CASE("a training with proxies in parts trains the weights of the whole one, bit for bit", "[nn]") {
    const auto validation = nn::evaluation_batches(halves{64, 9}, 16, quick.validation_batch).loaded();
    auto whole = dropping_net(1);
    const auto expected = nn::train_with_proxies(whole, halves{128, 1}, validation, quick);
    auto net = dropping_net(1);
    nn::image_training_state state;
    for (const std::int64_t until : {1, 1, 4, 6}) { // 1 a second time: nothing is left to do
        const auto record = nn::train_with_proxies_until(until, state, net, halves{128, 1}, validation, quick);
        CHECK(state.epochs == until);
        REQUIRE(record.epochs.size() == static_cast<std::size_t>(until));
        double best = 0;
        for (const auto& e : record.epochs) {
            if (e.epoch < until - 2) continue;
            REQUIRE(e.validation.has_value());
            best = std::max(best, e.validation->top1);
        }
        CHECK(record.top1 == best);
        if (until < 6) continue;
        CHECK(numbers(net) == numbers(whole));
        CHECK(record.top1 == expected.top1);
        CHECK(record.top5 == expected.top5);
        for (std::size_t e = 0; e < 6; ++e) CHECK(record.epochs[e].loss == expected.epochs[e].loss);
    }
    const auto refused = [&](std::int64_t until) {
        CHECK_THROWS_WITH(nn::train_with_proxies_until(until, state, net, halves{128, 1}, validation, quick),
                          Catch::Contains("until") && Catch::Contains("6 to 6 epochs") && Catch::Contains(std::to_string(until)));
    };
    refused(7);
    refused(5);
    // Without the random stream, or by other images, it would be another training.
    state.epochs = 4;
    CHECK_THROWS_WITH(nn::train_with_proxies_until(6, state, net, halves{128, 1}, validation, quick), Catch::Contains("steps"));
    state.epochs = 6;
    state.streams = {};
    CHECK_THROWS_AS(nn::train_with_proxies_until(6, state, net, halves{128, 1}, validation, quick), verdant::input_error);
}

TEST_CASE("an evaluator at epochs goes on from the trial's checkpoint", "[nn]") {
    const auto folder = (std::filesystem::temp_directory_path() / ("verdant-epochs-" + std::to_string(::getpid()))).string();
    const auto without = measured_from("", 0, 6);
    CHECK(without.begun_anew == 0);
    CHECK(without.epochs == 6);
    CHECK(measured_from("", 1, 6).begun_anew == 1); // nothing was kept
    // Rung by rung: the same weights and accuracy, and the time of all parts.
    const auto first = measured_from(folder, 0, 1), second = measured_from(folder, 1, 3), third = measured_from(folder, 3, 6);
    CHECK(first.epochs == 1);
    CHECK(second.begun_anew + third.begun_anew == 0);
    CHECK(first.images_read == 128);
    CHECK(second.images_read == 2 * 128);
    CHECK(third.images_read == 3 * 128);
    CHECK(second.weights != third.weights);
    CHECK(third.weights == without.weights);
    CHECK(third.accuracy == without.accuracy);
    CHECK(third.seconds > second.seconds);
    CHECK(third.reported == std::vector{std::pair{1.0, third.accuracy}});
    // A search that was interrupted after the checkpoint asks once more, and nothing is trained twice.
    const auto again = measured_from(folder, 3, 6);
    CHECK(again.begun_anew == 0);
    CHECK(again.images_read == 0);
    CHECK(again.weights == third.weights);
    CHECK(again.accuracy == third.accuracy);
    // A checkpoint beyond what is asked for is of no use, one of another network or recipe is refused, and a trial that begins passes over it.
    CHECK(measured_from(folder, 1, 3).begun_anew == 1);
    // What is refused ends the search.
    const auto before = reports::ended;
    auto other = quick;
    other.weight_decay = 1e-3;
    CHECK_THROWS_WITH(measured_from(folder, 3, 6, 5), Catch::Contains("training.safetensors, network"));
    CHECK_THROWS_WITH(measured_from(folder, 3, 6, 4, other), Catch::Contains("weight_decay: expected '0.001' as now"));
    const auto on = [&](const halves& images) { return measured_from(folder, 3, 6, 4, quick, nn::reported_epochs::last, 2, images); };
    CHECK_THROWS_WITH(on({64, 1}), Catch::Contains("training.safetensors, training images: expected '64' as now"));
    CHECK_THROWS_WITH(on({128, 2}), Catch::Contains("training.safetensors, data: expected 'halves 2' as now"));
    // What cannot be looked for is not the same as what is not there.
    const auto kept = folder + "/trial-7/training.safetensors", aside = folder + "/aside";
    std::filesystem::rename(kept, aside);
    std::filesystem::create_symlink("training.safetensors", kept); // to itself
    CHECK_THROWS_AS(measured_from(folder, 3, 6), verdant::file_error);
    std::filesystem::remove(kept);
    std::filesystem::rename(aside, kept);
    CHECK(measured_from(folder, 0, 1, 5, other).epochs == 1);
    // A damaged file is refused by its name.
    const auto file = folder + "/trial-7/training.safetensors";
    auto bytes = io::read_file(file);
    bytes.resize(bytes.size() - 100);
    io::write_file(file, bytes);
    CHECK_THROWS_WITH(measured_from(folder, 1, 3, 5, other), Catch::Contains("training.safetensors"));
    // So does a checkpoint that cannot be written, but not a network that is too large.
    std::filesystem::remove(file);
    std::filesystem::create_directory(file);
    CHECK_THROWS_AS(measured_from(folder, 0, 1), verdant::file_error);
    CHECK(reports::ended - before == 7);
    other.memory_limit = 1;
    CHECK_THROWS_WITH(measured_from("", 0, 1, 4, other), Catch::Contains("memory_limit"));
    CHECK(reports::ended - before == 7);
    std::filesystem::remove_all(folder);
}

TEST_CASE("a checkpoint is of one training, and is read again whatever the losses of its validations", "[nn]") {
    const auto file = (std::filesystem::temp_directory_path() / ("verdant-proxies-" + std::to_string(::getpid()))).string();
    const auto validation = nn::evaluation_batches(halves{64, 9}, 16, quick.validation_batch).loaded();
    auto net = dropping_net(1);
    nn::image_training_state state;
    nn::train_with_proxies_until(2, state, net, halves{128, 1}, validation, quick);
    state.record.epochs[0].validation->loss = HUGE_VAL;
    state.record.epochs[1].validation->loss = std::nan("");
    const auto of = nn::computed_by<nn::fp32, nn::training>({.network = "a", .data = "halves 1", .images = 128, .validation_images = 64});
    nn::write_proxy_checkpoint(file, net, state, quick, of);
    auto read = dropping_net(2);
    auto again = nn::read_proxy_checkpoint(file, read, quick, of);
    CHECK(numbers(read) == numbers(net));
    CHECK(again.record.epochs[0].validation->loss == HUGE_VAL);
    CHECK(std::isnan(again.record.epochs[1].validation->loss));
    CHECK(again.record.top1 == state.record.top1);

    const auto refused = [&](const char* what, auto change) {
        auto other = of;
        change(other);
        CHECK_THROWS_WITH(nn::read_proxy_checkpoint(file, read, quick, other), Catch::Contains(file + ", " + what + ": expected"));
    };
    refused("data", [](auto& o) { o.data = "halves 2"; });
    refused("validation images", [](auto& o) { o.validation_images = 63; });
    refused("channel means", [](auto& o) { o.statistics.mean[1] = 0.5F; });
    refused("channel deviations", [](auto& o) { o.statistics.deviation[2] = 0.5F; });
    refused("precision", [](auto& o) { o = nn::computed_by<nn::pure_bf16, nn::training>(o); });
    refused("mode", [](auto& o) { o = nn::computed_by<nn::fp32, nn::training_channels_last>(o); });
    // By other images than its own the trainer refuses it, by its file.
    CHECK_THROWS_WITH(nn::train_with_proxies_until(6, again, read, halves{64, 1}, validation, quick), Catch::Contains(file + ", steps"));

    const auto damaged = [&](const char* what, const io::tensor_data& epochs) {
        auto content = io::parse_safetensors(io::byte_source::open(file));
        static_cast<void>(content.tensors.take("record.epochs"));
        content.tensors.add("record.epochs", epochs);
        const auto bad = file + "-bad";
        io::write_file(bad, io::as_text(io::to_safetensors(content)));
        CHECK_THROWS_WITH(nn::read_proxy_checkpoint(bad, read, quick, of), Catch::Contains(bad + ", record.epochs") && Catch::Contains(what));
        std::filesystem::remove(bad);
    };
    damaged("of type f32", io::tensor_data::of<float>({1, 8}, std::vector<float>(8)));
    damaged("eight numbers", io::tensor_data::of<double>({1, 7}, std::vector<double>(7)));
    const auto row = [](std::size_t column, double value) {
        std::vector<double> numbers{16, 0.1, 0.7, 1, 0.7, 0.5, 1, 64};
        numbers[column] = value;
        return io::tensor_data::of<double>({1, 8}, numbers);
    };
    damaged("the side of images", row(0, 0.5));
    damaged("a learning rate", row(1, HUGE_VAL));
    damaged("which is finite", row(2, std::nan("")));
    damaged("whether it was validated", row(3, 2));
    damaged("a top-1 of 0 to 1", row(5, std::nan("")));
    damaged("a top-5 of 0 to 1", row(6, 1.5));
    damaged("the number of validation images", row(7, -1));
    std::filesystem::remove(file);
}

TEST_CASE("an evaluator at epochs reports each where policies judge them, and leaves at once", "[nn]") {
    const auto each = measured_from("", 0, 6, 4, quick, nn::reported_epochs::all), whole = measured_from("", 0, 6);
    REQUIRE(each.reported.size() == 6);
    CHECK(each.reported[2].first == Approx(0.5));
    CHECK(each.weights == whole.weights);
    CHECK(each.accuracy == whole.accuracy);
    const auto stopped = measured_from("", 0, 6, 4, quick, nn::reported_epochs::all, 0.49);
    CHECK(stopped.epochs == 3);
    CHECK(stopped.reported.size() == 3);
    CHECK(stopped.accuracy == each.reported[2].second);
}

TEST_CASE("an evaluator at epochs refuses fidelities that its recipe has not", "[nn]") {
    auto shorter = quick;
    shorter.epochs = 5;
    CHECK_THROWS_WITH(measured_from("", 0, 5, 4, shorter),
                      Catch::Contains("as many epochs as the recipe has, 5, as the whole fidelity") && Catch::Contains("found 6"));
    auto large = quick;
    large.memory_limit = 1000;
    CHECK_THROWS_WITH(measured_from("", 0, 1, 4, large), Catch::Contains("memory_limit, 1000"));
}

TEST_CASE("layers with channels side by side compute what others compute", "[nn]") {
    namespace workload = verdant::workload;
    for (const int kernel : {3, 5})
        for (const int stride : {1, 2}) {
            workload::mobile_net d;
            d.first_conv = {.in = 3, .out = 8, .kernel = 3, .stride = 2, .act = workload::nonlinearity::relu};
            d.blocks.push_back({.in = 8,
                                .mid = 20,
                                .out = 8,
                                .kernel = kernel,
                                .stride = stride,
                                .expand = 2,
                                .act = workload::nonlinearity::h_swish,
                                .se = true,
                                .shortcut = stride == 1});
            d.feature_mix = {.in = 8, .out = 16, .kernel = 1, .stride = 1, .act = workload::nonlinearity::relu};
            d.classes = 3;
            auto stream = nn::generator(2);
            const auto images = at::empty({6, 3, 13, 11}).normal_(0, 1, stream);
            // Norms make gradients of what is before them nearly vanish, so they are compared by the longest.
            const auto gradients = [&](const auto& mode) {
                auto net = nn::empty_mobile_net(d);
                nn::initialise(net, 7);
                nn::require_grad(net);
                const c10::AutoGradMode on{true};
                const auto logits = forward(net, images, mode);
                logits.square().sum().backward();
                std::vector<at::Tensor> out{logits.detach()};
                nn::for_each_parameter(net, [&out](const std::string&, const at::Tensor& t) { out.push_back(t.grad()); });
                return out;
            };
            const auto expected = gradients(nn::training{}), found = gradients(nn::training_channels_last{});
            REQUIRE(found.size() == expected.size());
            double longest = 0;
            for (const auto& g : expected) longest = std::max(longest, g.abs().max().item<double>());
            for (std::size_t i = 0; i < found.size(); ++i) {
                INFO("tensor " << i << ", kernel " << kernel << ", stride " << stride);
                CHECK((found[i] - expected[i]).abs().max().item<double>() < 1e-4 * std::max(1e-2 * longest, expected[i].abs().max().item<double>()));
            }
        }
}

TEST_CASE("a training without proxies learns, and validates the average of the weights", "[nn]") {
    const auto validation = nn::evaluation_batches(halves{64, 9}, 16, 32).loaded();
    const nn::exact_recipe recipe{
        .epochs = 7, .batch = 16, .side = 16, .learning_rate = 0.1, .warmup_epochs = 1, .average_decay = 0.5, .validate_every = 3, .seed = 3};
    const io::strong_augmentation mild{
        .crop = {.smallest = 0.9, .largest = 1}, .changes = {.magnitude = 1, .deviation = 0.5, .probability = 0.3}, .colours = {}};
    auto net = small_net(1), average = small_net(2);
    const auto record = nn::train_without_proxies(net, halves{128, 1}, validation, recipe, mild, &average);
    REQUIRE(record.epochs.size() == 7);
    CHECK(record.epochs[0].learning_rate == Approx(1e-6));
    CHECK(record.epochs[4].learning_rate == Approx(0.1 * 0.97));
    for (std::size_t e = 0; e < 7; ++e) CHECK(record.epochs[e].validation.has_value() == (e == 2 || e == 5 || e == 6));
    CHECK(record.top1 > 0.9);
    CHECK(numbers(average) != numbers(net));
    CHECK(nn::evaluate(average, validation).top1 == record.top1);
    auto again = small_net(1);
    nn::train_without_proxies(again, halves{128, 1}, validation, recipe, mild);
    CHECK(numbers(again) == numbers(net));
    auto wrong = recipe;
    wrong.average_decay = 2;
    CHECK_THROWS_WITH(nn::check(wrong), Catch::Contains("average_decay"));
}

TEST_CASE("the memory of a step is measured without training", "[nn]") {
    const auto net = small_net(1);
    const auto before = numbers(net);
    const auto small = nn::step_memory(net, 4, 16), large = nn::step_memory(net, 32, 16);
    CHECK(small > 4 * 3 * 16 * 16 * 4 / 2);
    CHECK(large > 6 * small);
    CHECK(large < 9 * small);
    CHECK(numbers(net) == before);
    const nn::peak_memory watched;
    {
        const auto one = at::empty({1000}, at::kFloat);
        { const auto two = at::empty({500}, at::kFloat); }
    }
    { const auto three = at::empty({100}, at::kFloat); }
    CHECK(watched.bytes() == 6000);
}

TEST_CASE("recipes that cannot be are refused by the name of what is wrong", "[nn]") {
    const auto refused = [](const char* name, auto change) {
        auto r = quick;
        change(r);
        CHECK_THROWS_WITH(nn::check(r), Catch::Contains(name));
    };
    refused("epochs", [](auto& r) { r.epochs = 0; });
    refused("batch", [](auto& r) { r.batch = -1; });
    refused("peak_epoch", [](auto& r) { r.peak_epoch = 6; });
    refused("label_smoothing", [](auto& r) { r.label_smoothing = 2; });
    refused("smallest_crop", [](auto& r) { r.smallest_crop = 0; });
    refused("memory_limit", [](auto& r) { r.memory_limit = -1; });
    refused("least", [](auto& r) { r.resolution.least = 0; });
    auto net = small_net(1);
    const auto validation = nn::evaluation_batches(halves{4, 9}, 16, 4).loaded();
    CHECK_THROWS_AS(nn::train_with_proxies(net, halves{16, 1}, validation, quick), verdant::input_error); // fewer than a batch
}
