#include <verdant/evaluators/co_design_costs.hpp>

#include <verdant/evaluators/accelerator_estimator.hpp>
#include <verdant/evaluators/clip_estimator.hpp>
#include <verdant/evaluators/network_estimator.hpp>
#include <verdant/evaluators/transformer_models.hpp>
#include <verdant/hardware/devices.hpp>
#include <verdant/hardware/mapping/search.hpp>
#include <verdant/space/text.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/workload/transformer/text_model.hpp>
#include <verdant/workload/transformer/transformer_configs.hpp>

#include "catch.hpp"

#include <atomic>
#include <memory>

namespace vd = verdant;
namespace hw = verdant::hardware;
namespace wl = verdant::workload;
namespace spaces = verdant::spaces;

namespace mine {

struct stack {
    int layers = 1, width = 1;
};

wl::model operators(const stack& s) {
    wl::tracer t;
    t.begin_section("stack");
    auto x = t.input("in", {1, 128});
    for (int i = 0; i < s.layers; ++i) x = t.linear("dense", x, s.width);
    return wl::fuse(t.result());
}

struct codesign : vd::space<vd::param<"layers", vd::range<1, 4>>, vd::nest<"hw", spaces::accelerator>> {};

stack model_at(const vd::point<codesign>& p, stack base) {
    base.layers = p.get<"layers">();
    return base;
}

/// One type that plays two roles.
struct my_rules : hw::live, hw::corrected {};

/// A mapper without a default, which counts how often it is asked.
struct counting_mapper {
    std::shared_ptr<std::atomic<int>> calls;
    explicit counting_mapper(std::shared_ptr<std::atomic<int>> c) : calls{std::move(c)} {}
    hw::mapping_result operator()(const hw::loop_bounds& b, const hw::mapping_target& t) const {
        ++*calls;
        return hw::mapping_search{}(b, t);
    }
};

} // namespace mine

namespace {

const auto chip = hw::from_clusters(2, 256, 32, 1024, 64, 4); // area policies differ for 256 x 32
const auto on_chip = "clusters=2 width=256 depth=32 l2_kib=1024 l2_bandwidth=64 glb_mib=4";
const auto small_clip = wl::clip_config{.text = {2, 128, 512, 2}, .vision = {2, 192, 768, 3}, .patch = 32};

template <class Fidelity, class Area>
vd::hardware_costs by_hand(const wl::model& m, const hw::accelerator& a, const vd::carbon::life& life = {}) {
    const hw::estimator<std::conditional_t<Fidelity::maps_to_whole_grid, hw::mapping_cache<>, hw::monotone_mapping<>>> estimate;
    return vd::hardware_costs_of<Area>(estimate(hw::lower<Fidelity>(m), a), a, life);
}

template <class Space>
vd::point<Space> with_chip(vd::point<Space> p) {
    for (const auto& [name, value] :
         {std::pair{"hw.clusters", 2}, {"hw.width", 256}, {"hw.depth", 32}, {"hw.l2_kib", 1024}, {"hw.l2_bandwidth", 64}, {"hw.glb_mib", 4}})
        REQUIRE(p.assign(vd::view_of<Space>.find(name), value));
    return p;
}

} // namespace

TEST_CASE("a space and a model of one's own join by model_at and operators beside them") {
    const vd::co_design_costs cost{mine::stack{.width = 64}};
    const auto p = with_chip(vd::point<mine::codesign>{}.with<"layers", 3>());
    CHECK(cost(p) == by_hand<hw::faithful, hw::published>(mine::operators({3, 64}), chip));
    CHECK(cost(p) == cost.estimate(mine::stack{3, 64}, chip));
    CHECK(cost.estimate(chip) == cost.estimate(mine::stack{1, 64}, chip));
    CHECK(cost(with_chip(vd::point<mine::codesign>{})).get<vd::latency>() < cost(p).get<vd::latency>());
}

TEST_CASE("every evaluator takes every policy, in any order") {
    const vd::carbon::life idle{.inferences = 0};
    const auto check = [&](const auto& base, const auto& point, const wl::model& model) {
        const auto costs = [&](const auto&... parts) { return vd::co_design_costs{base, parts...}(point); };
        const auto all = by_hand<hw::corrected, hw::live>(model, chip, idle);
        CHECK(costs() == by_hand<hw::faithful, hw::published>(model, chip));
        CHECK(costs(hw::corrected{}) == by_hand<hw::corrected, hw::published>(model, chip));
        CHECK(costs(hw::live{}) == by_hand<hw::faithful, hw::live>(model, chip));
        CHECK(costs(idle) == by_hand<hw::faithful, hw::published>(model, chip, idle));
        CHECK(costs(idle, hw::live{}, hw::corrected{}) == all);
        CHECK(costs(hw::corrected{}, hw::monotone_mapping<>{}, idle, hw::live{}) == all);
        CHECK(costs(hw::corrected{}, hw::mapping_cache<>{}).template get<vd::latency>() >= costs(hw::corrected{}).template get<vd::latency>());
        CHECK(costs(chip, hw::corrected{}, idle, hw::live{}) == all);
        CHECK(costs(mine::my_rules{}, idle) == all);
        CHECK(costs(hw::bound_mapper{}).template get<vd::latency>() <= costs().template get<vd::latency>());
        CHECK(all.get<vd::area>() != costs().template get<vd::area>());
    };
    const auto clip = with_chip(vd::point<spaces::clip_co_design>{});
    check(small_clip, clip, wl::operators(spaces::clip_of(clip, small_clip)));
    const auto bert = with_chip(vd::point<spaces::transformer_codesign<spaces::bert_base>>{});
    const auto truncated = spaces::transformer_of(bert.nested<"model">(), wl::bert_base_uncased);
    check(wl::text_model{wl::bert_base_uncased, 16}, bert, wl::operators(truncated, 16));
    struct networks : vd::space<vd::nest<"net", spaces::moofa_v3>, vd::nest<"hw", spaces::accelerator>> {};
    const auto net = with_chip(vd::point<networks>{});
    check(vd::whole_network{}, net, wl::operators(spaces::net_of(net.nested<"net">())));
    check(mine::stack{.width = 64}, with_chip(vd::point<mine::codesign>{}), mine::operators({1, 64}));
}

TEST_CASE("the policies change the corrected estimate of a model with layers") {
    const auto p = with_chip(vd::point<spaces::clip_co_design>{});
    CHECK(vd::co_design_costs{small_clip, hw::corrected{}}(p).get<vd::latency>() < vd::co_design_costs{small_clip}(p).get<vd::latency>());
}

TEST_CASE("one model at all points is lowered once, with the fidelity of the evaluator") {
    const auto p = vd::parse_point<spaces::accelerator>(on_chip);
    const auto model = wl::operators(small_clip);
    using corrected = vd::co_design_costs<hw::lowered_model, hw::corrected>;
    CHECK(vd::accelerator_estimator{small_clip}(p) == by_hand<hw::faithful, hw::published>(model, chip));
    CHECK(vd::accelerator_estimator{model}(p) == by_hand<hw::faithful, hw::published>(model, chip));
    CHECK(vd::accelerator_estimator{hw::lower(model)}(p) == by_hand<hw::faithful, hw::published>(model, chip));
    // a lowered model keeps its fidelity; the mapper is that of the evaluator
    CHECK(vd::accelerator_estimator{hw::lower<hw::corrected>(model)}(p) ==
          vd::hardware_costs_of<hw::published>(hw::estimator<>{}(hw::lower<hw::corrected>(model), chip), chip, {}));
    CHECK(corrected{small_clip}(p) == by_hand<hw::corrected, hw::published>(model, chip));
    CHECK(vd::co_design_costs{hw::lower(model), hw::live{}}(p) == by_hand<hw::faithful, hw::live>(model, chip));
    const auto published = wl::operators(wl::clip_named("ViT-B-16"));
    CHECK(corrected{}(p) == by_hand<hw::corrected, hw::published>(published, chip));
    const vd::carbon::life idle{.inferences = 0};
    CHECK(corrected{idle}(p) == by_hand<hw::corrected, hw::published>(published, chip, idle));
    CHECK(vd::accelerator_estimator{}.base().ops.size() == hw::lower(published).ops.size());
}

TEST_CASE("a fixed accelerator is taken whatever the point has below hw") {
    const vd::co_design_costs device{small_clip, chip};
    CHECK(device(vd::point<spaces::clip_co_design>{}) == device(vd::point<spaces::clip>{}));
    CHECK(device(vd::point<spaces::clip>{}).get<vd::area>() == hw::area(chip));
    const vd::co_design_costs copy{device};
    CHECK(copy(vd::point<spaces::clip>{}) == device(vd::point<spaces::clip>{}));
    const vd::co_design_costs whole{wl::bert_base_uncased, chip, vd::carbon::life{.inferences = 2}};
    CHECK(whole.life().inferences == 2);
    CHECK(whole(vd::point<spaces::bert_base>{}).get<vd::latency>() > vd::si::time{});
}

TEST_CASE("a mapper that the constructor is given is the one that maps") {
    const auto calls = std::make_shared<std::atomic<int>>(0);
    const vd::co_design_costs counted{small_clip, mine::counting_mapper{calls}, chip};
    CHECK(counted(vd::point<spaces::clip>{}) == vd::co_design_costs{small_clip, chip}(vd::point<spaces::clip>{}));
    const int once = *calls;
    CHECK(once > 0);
    (void)counted(vd::point<spaces::clip>{});
    CHECK(*calls == 2 * once);
}
