// A space of 2e19 networks reduced to the best modules of each stage, counted, walked over, kept in a file and searched.

#include "reduced_space/stand_ins.hpp"

#include <verdant/optimizer/evolution/archive_evolution.hpp>
#include <verdant/optimizer/within.hpp>
#include <verdant/space/part.hpp>
#include <verdant/spaces/autobuild/block_profile.hpp>
#include <verdant/spaces/autobuild/layer_variation.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/reduced/ordered_results.hpp>
#include <verdant/spaces/reduced/reduced_space.hpp>
#include <verdant/spaces/reduced/reduced_space_json.hpp>
#include <verdant/spaces/reduced/score_order.hpp>
#include <verdant/spaces/reduced/unit_variation.hpp>
#include <verdant/verdant.hpp>

#include <array>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>

namespace vd = verdant;

template <class Optimizer, class Region>
void search_in(const char* name, const Region& region, const typename Optimizer::options& options = {}) {
    // [search]
    using study = vd::search<space, vd::maximize<vd::accuracy>, vd::minimize<vd::latency, vd::threshold<20>>, vd::within<Region, Optimizer>>;
    const auto result = study{measure}.run({.trials = 250, .seed = 1, .optimizer = {.region = region, .optimizer = options}});
    // [/search]
    std::size_t inside = 0;
    for (const auto& t : result.trials()) inside += region.part().contains(t.point) ? 1 : 0;
    std::printf("%-22s %zu of %zu trials in the region, %zu on the front\n", name, inside, result.trials().size(), result.front().size());
}

int main() {
    // [reduce]
    const auto scored = scored_modules();
    const auto reduced = vd::reduced_to_best<space>(scored, std::array<std::size_t, 1>{25}).at("image_size", "224");
    // [/reduce]
    std::printf("%zu modules a unit, of which 25 are left: %s points instead of %s\n", scored[0].size(), reduced.cardinality().to_string().c_str(),
                vd::part_with<space>({{"image_size", "224"}}).cardinality().to_string().c_str());

    const auto path = (std::filesystem::temp_directory_path() / "verdant_reduced_space.json").string();
    // [file]
    vd::write_reduced_space(reduced, path);
    const auto again = vd::read_reduced_space<space>(path);
    // [/file]
    std::filesystem::remove(path);
    // [order]
    vd::score_order<space> order{again};
    for (int i = 0; i < 3; ++i) {
        const auto best = *order.next();
        std::printf("%d: score %.4f  %s\n", i, best.score, vd::spaces::units_text(vd::spaces::config_of(best.who).units).c_str());
    }
    // [/order]
    const auto results = path + ".results";
    // [evaluate]
    const auto evaluate = [](const vd::point<space>& p) { return std::map<std::string, double>{{"acc", measure(p).get<vd::accuracy>()}}; };
    const auto slice = vd::evaluate_in_order<space>(vd::score_order<space>{again}, 0, 100, results, evaluate);
    const auto accuracy = vd::summary_of<space>(slice, "acc");
    // [/evaluate]
    std::printf("the first %zu points: accuracy %.4f on average, from %.4f to %.4f\n", accuracy.count, accuracy.mean, accuracy.least,
                accuracy.greatest);
    std::filesystem::remove(results);

    search_in<vd::nsga2<>>("NSGA-II", reduced);
    search_in<vd::random_search>("random search", reduced);
    // [published]
    search_in<vd::archive_evolution<vd::unit_variation>>("unit level", reduced);
    const auto whole = vd::part_with<space>({{"image_size", "224"}});
    search_in<vd::archive_evolution<vd::unit_variation>>("Stage-Full", whole);
    const auto profile = vd::spaces::block_profile::of(vd::spaces::mbconv_family::mbv3, "npu");
    search_in<vd::archive_evolution<vd::spaces::layer_variation>>("layer level, NPU", whole, {.variation = {profile}});
    // [/published]
}
