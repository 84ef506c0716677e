#pragma once

// What every model of the concepts `measuring_backend` and `asynchronous_runner` keeps.

#include "catch.hpp"

#include <verdant/nn/evaluate/measuring.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace laws {

/// @param batches at least one, of at least one image each
template <verdant::nn::measuring_backend B>
void obeys_backend_laws(B& backend, const std::vector<typename B::batch_type>& batches) {
    namespace nn = verdant::nn;
    REQUIRE_FALSE(batches.empty());
    // A device has one name, before and after its work, of one line.
    const std::string name = std::as_const(backend).name();
    CHECK_FALSE(name.empty());
    CHECK(name.find('\n') == std::string::npos);
    backend.wait(); // for nothing
    std::int64_t images = 0;
    for (const auto& batch : batches) {
        const auto count = std::as_const(backend).images(batch);
        CHECK(count >= 1);
        images += count;
        backend.run(batch);
        backend.run(batch); // before the first one was waited for
        backend.wait();
        backend.wait();
        CHECK(std::as_const(backend).images(batch) == count);
    }
    CHECK(std::string{std::as_const(backend).name()} == name);
    const auto measured = nn::measure_passes(backend, batches, {.warm_up = 0, .repetitions = 2});
    CHECK(measured.images == images);
    CHECK(measured.throughput.mean > 0);
    CHECK(measured.latency.mean > 0);
    CHECK(measured.throughput.deviation >= 0);
}

/// @param items that the runner has, at least 3
template <verdant::nn::asynchronous_runner R>
void obeys_runner_laws(R& runner, std::int64_t items) {
    // Jobs of any size may wait for each other, and are collected in order.
    auto first = runner.submit(0, 1), second = runner.submit(1, items), last = runner.submit(items - 1, items);
    runner.collect(std::move(first));
    runner.collect(std::move(second));
    runner.collect(std::move(last));
    runner.collect(runner.submit(0, items));
}

} // namespace laws
