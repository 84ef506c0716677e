#include "catch.hpp"

#include <verdant/error.hpp>
#include <verdant/hardware/devices.hpp>
#include <verdant/hardware/area.hpp>
#include <verdant/hardware/divisor_bounds.hpp>
#include <verdant/hardware/estimator.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>

#include <climits>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace hw = verdant::hardware;
namespace wl = verdant::workload;

namespace {

const hw::lowered_model& base() {
    static const hw::lowered_model m = hw::lower(wl::operators(wl::clip_named("ViT-B-16")));
    return m;
}

struct no_room {
    hw::mapping_result operator()(const hw::loop_bounds& b, const hw::mapping_target& t) const {
        if (b == hw::gemm(12 * 197, 197, 197)) return hw::mapping_failure{hw::mapping_constraint::glb, 9, 3};
        return hw::bound_mapper{}(b, t);
    }
};

} // namespace

TEST_CASE("components and operators add up to the whole", "[hardware]") {
    const hw::estimator<> cost;
    const auto a = hw::from_clusters(2, 64, 16, 256, 64, 4);
    const hw::estimate e = cost(base(), a);
    double part_latency = 0, part_energy = 0, op_latency = 0, op_energy = 0;
    for (const auto c : wl::components) {
        part_latency += e[c].latency.value();
        part_energy += e[c].energy.value();
    }
    const auto ops = cost.breakdown(base(), a);
    CHECK(ops.size() == base().ops.size());
    for (const auto& o : ops) {
        op_latency += o.times * o.latency.value();
        op_energy += o.times * o.energy.value();
    }
    CHECK(part_latency == Approx(e.latency.value()).epsilon(1e-13));
    CHECK(part_energy == Approx(e.energy.value()).epsilon(1e-13));
    CHECK(op_latency == Approx(e.latency.value()).epsilon(1e-13));
    CHECK(op_energy == Approx(e.energy.value()).epsilon(1e-13));
}

TEST_CASE("lower bounds are refused where estimates are: beyond exact numbers", "[hardware]") {
    const auto a = hw::from_clusters(2, 64, 16, 256, 64, 4);
    const auto target = hw::mapping_target_of(a);
    const auto huge = hw::gemm(1 << 30, 1 << 20, 768);
    CHECK_THROWS_AS(hw::bound_mapper{}(huge, target), verdant::input_error);
    CHECK_THROWS_AS(hw::divisor_bound_mapper{}(huge, target), verdant::input_error);
    hw::lowered_model m = base();
    m.tensor_tasks[0] = huge;
    CHECK_THROWS_WITH(hw::lower_bound(m, a), Catch::Contains("at most 2^52 multiply-accumulates"));
    // Heads and tokens together are the rows of a product.
    auto many = wl::clip_named("ViT-B-16");
    many.vision.heads = 1 << 17, many.vision.head_width = 1, many.image = 4096, many.patch = 16;
    CHECK_THROWS_AS(hw::lower(wl::operators(many)), verdant::error);
}

TEST_CASE("buffers and counts that overflow are no legal geometry", "[hardware]") {
    const auto good = hw::from_clusters(2, 64, 16, 256, 64, 4);
    CHECK(hw::has_legal_geometry(good));
    const auto refused = [&](auto change) {
        auto a = good;
        change(a);
        CHECK_FALSE(hw::has_legal_geometry(a));
        CHECK_THROWS_WITH(hw::lower_bound(base(), a), Catch::Contains("buffers of at most 2^40 bytes"));
        CHECK_THROWS_AS(hw::area(a), verdant::input_error);
    };
    refused([](hw::accelerator& a) { a.l2_bytes = INT64_MAX; });
    refused([](hw::accelerator& a) { a.glb_bytes = INT64_MAX; });
    refused([](hw::accelerator& a) { a.width = INT_MAX; });
    refused([](hw::accelerator& a) { a.vector_cores = INT_MAX; });
    auto largest = good;
    largest.l2_bytes = largest.glb_bytes = hw::most_buffer_bytes;
    largest.width = largest.depth = largest.vector_width = largest.tensor_cores = largest.vector_cores = hw::most_elements;
    CHECK(hw::lower_bound(base(), largest).latency.value() > 0);
    CHECK(hw::area(largest).value() > 0);
}

TEST_CASE("no estimate is under its lower bound", "[hardware]") {
    const hw::estimator<> cost;
    for (const auto& name : {"ViT-B-32", "TinyCLIP-ViT-8M-16-Text-3M-YFCC15M"}) {
        const auto m = hw::lower(wl::operators(wl::clip_named(name)));
        for (const auto& a : {hw::from_clusters(1, 32, 2, 64, 32, 2), hw::from_clusters(2, 128, 8, 128, 64, 4), hw::from_clusters(4, 256, 16, 1024, 128, 8)}) {
            const auto e = cost(m, a), bound = hw::lower_bound(m, a);
            CHECK(e.latency >= bound.latency);
            CHECK(e.energy >= bound.energy);
        }
    }
}

TEST_CASE("what is corrected shows: fewer runs, and the true inner extents", "[hardware]") {
    const hw::estimator<> cost;
    const auto a = hw::from_clusters(2, 64, 16, 256, 64, 4);
    const auto traced = wl::operators(wl::clip_named("ViT-B-16"));
    const auto corrected = hw::lower<hw::corrected>(traced);
    CHECK(cost(corrected, a).energy < cost(base(), a).energy);
    CHECK(corrected.ops.size() == base().ops.size());
    for (std::size_t i = 0; i < corrected.ops.size(); ++i)
        CHECK(corrected.ops[i].times == (base().ops[i].times == 13 ? 12 : base().ops[i].times));
}

TEST_CASE("threads that share an estimator find what one alone finds", "[hardware]") {
    std::vector<hw::accelerator> points;
    for (const int clusters : {1, 2, 4})
        for (const int width : {32, 64})
            for (const int l2 : {64, 256}) points.push_back(hw::from_clusters(clusters, width, 16, l2, 64, 4));
    const hw::estimator<> alone;
    std::vector<hw::estimate> expected;
    for (const auto& a : points) expected.push_back(alone(base(), a));
    const hw::estimator<> shared;
    std::vector<std::vector<hw::estimate>> found(4, std::vector<hw::estimate>(points.size()));
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < found.size(); ++t)
        threads.emplace_back([&, t] {
            for (std::size_t i = 0; i < points.size(); ++i) {
                const std::size_t k = (i + t * 3) % points.size();
                found[t][k] = shared(base(), points[k]);
            }
        });
    for (auto& t : threads) t.join();
    for (const auto& each : found)
        for (std::size_t i = 0; i < points.size(); ++i) {
            CHECK(each[i].latency == expected[i].latency);
            CHECK(each[i].energy == expected[i].energy);
        }
}

TEST_CASE("an operator that cannot be mapped is named with its constraint", "[hardware]") {
    try {
        (void)hw::estimator<no_room>{}(base(), hw::from_clusters(2, 64, 16, 256, 64, 4));
        FAIL("accepted");
    } catch (const verdant::infeasible_error& e) {
        const std::string text = e.what();
        CHECK(text.find("vision layer, attention_scores (loops 2364 x 197 x 197 x 1 x 1 x 1 x 1)") != std::string::npos);
        CHECK(text.find("global buffer") != std::string::npos);
    }
    // a real one: buffers of a few words hold no tile
    hw::accelerator tiny = hw::from_clusters(1, 1, 1, 1, 1, 1);
    tiny.glb_bytes = 2;
    CHECK_THROWS_AS(hw::estimator<>{}(base(), tiny), verdant::infeasible_error);
}

TEST_CASE("an accelerator without legal geometry is refused", "[hardware]") {
    for (const auto& a : {hw::from_clusters(0, 64, 16, 256, 64, 4), hw::from_clusters(2, -64, 16, 256, 64, 4), hw::from_clusters(2, 64, 16, 256, 0, 4)})
        CHECK_THROWS_AS(hw::estimator<>{}(base(), a), verdant::input_error);
}
