#include <verdant/error.hpp>
#include <verdant/nn/evaluate/measuring.hpp>
#include <verdant/nn/evaluate/net_backend.hpp>
#include <verdant/nn/models/init_net.hpp>
#include <verdant/nn/models/mobile_net.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>

#include "catch.hpp"
#include "laws/measuring_backend.hpp"

#include <ATen/ops/full.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace nn = verdant::nn;

namespace {

/// A device that takes two milliseconds for a pass of the processor, and counts.
struct slow_device {
    using batch_type = std::int64_t; ///< images
    int runs = 0;
    double milliseconds = 2;

    void run(std::int64_t) {
        ++runs;
        const double until = nn::milliseconds_of(nn::timing_clock::wall) + milliseconds;
        while (nn::milliseconds_of(nn::timing_clock::wall) < until) {}
    }
    static void wait() {}
    [[nodiscard]] static std::string name() { return "slow"; }
    [[nodiscard]] static std::int64_t images(std::int64_t batch) { return batch; }
};
static_assert(nn::measuring_backend<slow_device>);
static_assert(nn::measuring_backend<nn::net_backend<nn::mobile_net>>);
static_assert(nn::measuring_backend<nn::net_backend<nn::mobile_net, nn::cuda<0>>>);
static_assert(nn::asynchronous_runner<nn::queued_runner<nn::net_backend<nn::mobile_net>>>);
static_assert(!nn::measuring_backend<int>);

/// What all runners of a measurement have done.
struct account {
    std::mutex mutex;
    std::vector<std::set<std::int64_t>> items; ///< of each thread
    std::vector<std::size_t> most_outstanding;
    std::size_t largest = 0;
};
struct counting_runner {
    account* all;
    std::size_t thread, outstanding = 0;
    [[nodiscard]] std::int64_t submit(std::int64_t first, std::int64_t last) {
        const std::scoped_lock hold{all->mutex};
        for (auto i = first; i < last; ++i) all->items[thread].insert(i);
        all->largest = std::max(all->largest, static_cast<std::size_t>(last - first));
        all->most_outstanding[thread] = std::max(all->most_outstanding[thread], ++outstanding);
        next = first;
        return first;
    }
    void collect(std::int64_t job) {
        ordered = ordered && job >= collected;
        collected = job;
        --outstanding;
        if (fails && job > 3) throw verdant::error{"broken"};
    }
    std::int64_t next = 0, collected = 0;
    bool ordered = true, fails = false;
};

nn::mobile_net small_net() {
    namespace workload = verdant::workload;
    workload::mobile_net d;
    d.first_conv = {.in = 3, .out = 8, .kernel = 3, .stride = 2, .act = workload::nonlinearity::relu};
    d.feature_mix = {.in = 8, .out = 16, .kernel = 1, .stride = 1, .act = workload::nonlinearity::relu};
    d.classes = 2;
    auto net = nn::empty_mobile_net(d);
    nn::initialise(net, 1);
    return net;
}

} // namespace

TEST_CASE("mean and population deviation of passes", "[nn]") {
    const auto m = nn::repeated({2, 4, 4, 6});
    CHECK(m.mean == Approx(4));
    CHECK(m.deviation == Approx(std::sqrt(2.0)));
    CHECK(nn::repeated({3}).deviation == 0);
    CHECK_THROWS_AS(nn::repeated({}), verdant::input_error);
}

TEST_CASE("passes are warmed up, repeated, and count a last batch as it is unless told otherwise", "[nn]") {
    slow_device device;
    const std::vector<std::int64_t> batches{10, 10, 10, 2};
    const auto m = nn::measure_passes(device, batches, {.warm_up = 2, .repetitions = 3});
    CHECK(device.runs == 4 * 5);
    CHECK(m.images == 32);
    CHECK(m.latency.mean >= 2);
    // Both are of the same times: images of a batch in the mean over its time.
    CHECK(m.throughput.mean <= 32 / 4.0 * 1e3 / 2);
    slow_device other;
    const auto full = nn::measure_passes(other, batches, {.warm_up = 0, .repetitions = 1, .last = nn::partial_batches::as_full});
    CHECK(full.throughput.mean * full.latency.mean == Approx(1e3 * 10));
    slow_device third;
    const auto partial = nn::measure_passes(third, batches, {.warm_up = 0, .repetitions = 1});
    CHECK(partial.throughput.mean * partial.latency.mean == Approx(1e3 * 8));
    CHECK(partial.throughput.deviation == 0);
    CHECK_THROWS_WITH(nn::measure_passes(third, {}), Catch::Contains("batches"));
    CHECK_THROWS_WITH(nn::measure_passes(third, batches, {.repetitions = 0}), Catch::Contains("repetitions"));
}

TEST_CASE("a partitioned run gives each thread a contiguous chunk, once, with so many jobs outstanding", "[nn]") {
    account all;
    all.items.resize(3);
    all.most_outstanding.resize(3);
    const auto rate =
        nn::partitioned_throughput(100, [&](std::size_t t) { return counting_runner{&all, t}; }, {.threads = 3, .batch = 4, .outstanding = 5});
    CHECK(rate > 0);
    CHECK(all.largest == 4);
    std::int64_t next = 0;
    for (std::size_t t = 0; t < 3; ++t) {
        CHECK(all.most_outstanding[t] == 5);
        for (const auto i : all.items[t]) CHECK(i == next++);
    }
    CHECK(next == 100);
    account more;
    more.items.resize(8);
    more.most_outstanding.resize(8);
    CHECK(nn::partitioned_throughput(3, [&](std::size_t t) { return counting_runner{&more, t}; }, {.threads = 8}) > 0);
    const auto broken = [&](std::size_t t) {
        counting_runner r{&more, t};
        r.fails = true;
        return r;
    };
    CHECK_THROWS_WITH(nn::partitioned_throughput(40, broken, {.threads = 2}), Catch::Contains("broken"));
    CHECK_THROWS_WITH(nn::partitioned_throughput(0, broken), Catch::Contains("items"));
    CHECK_THROWS_WITH(nn::partitioned_throughput(1, broken, {.threads = 0}), Catch::Contains("threads"));
    CHECK_THROWS_WITH(nn::partitioned_throughput(1, broken, {.outstanding = 0}), Catch::Contains("outstanding"));
}

TEST_CASE("LibTorch runs a net in evaluation, whole and in jobs", "[nn]") {
    const auto net = small_net();
    nn::net_backend backend{net};
    CHECK_FALSE(backend.name().empty());
    const auto images = backend.place(at::full({8, 3, 16, 16}, 0.5));
    const std::vector<at::Tensor> batches{images.slice(0, 0, 5), images.slice(0, 5, 8)};
    laws::obeys_backend_laws(backend, batches);
    nn::queued_runner runner{nn::net_backend{net}, images};
    laws::obeys_runner_laws(runner, 8);
    const auto m = nn::measure_passes(backend, batches);
    CHECK(m.images == 8);
    CHECK(m.throughput.mean > 0);
    CHECK(backend.output().allclose(forward(net, batches[1], nn::evaluating{})));
    const auto rate = nn::partitioned_throughput(8, [&](std::size_t) { return nn::queued_runner{nn::net_backend{net}, images}; },
                                                 {.threads = 2, .batch = 3, .outstanding = 2});
    CHECK(rate > 0);
    if (nn::cuda_devices() > 0) {
        nn::net_backend<nn::mobile_net, nn::cuda<0>> card{net};
        const auto there = card.place(images);
        CHECK(nn::measure_passes(card, std::vector<at::Tensor>{there}).throughput.mean > 0);
        CHECK(card.output().to(at::kCPU).allclose(forward(net, images, nn::evaluating{}), 1e-3, 1e-3));
    } else CHECK_THROWS_WITH((nn::net_backend<nn::mobile_net, nn::cuda<0>>{net}), Catch::Contains("cuda:0"));
}
