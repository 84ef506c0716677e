#include "golden/golden.hpp"
#include "golden/moofa/digit_archs.hpp"
#include "golden/moofa/families.hpp"

#include <verdant/random/numpy.hpp>
#include <verdant/random/python.hpp>
#include <verdant/spaces/once_for_all/comp_ofa.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/reference_draws.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

using namespace verdant;
using golden::json;
namespace draws = verdant::spaces::reference;

namespace {

constexpr std::array kernels{3, 5, 7};
constexpr std::array sizes{128, 160, 192, 224};

} // namespace

TEST_CASE("Streams of Python and NumPy, and what supernets draw from them, equal the originals'", "[golden]") {
    for (const auto& f : golden::find_all("moofa/search/rng_and_schedules*.json")) {
        golden::summary sum{f.name, 0};
        const auto file = golden::read_json(f.path);
        using python = reference::python_random;
        using numpy = reference::numpy_random;
        const auto check = [&](const char* list, auto&& draw) {
            sum.next_row();
            for (const auto& expected : file.at(list)) sum.compare(list, expected.get<double>(), static_cast<double>(draw()));
        };
        // The lists were drawn one after the other; the seed of both streams is 12345.
        python p{12345};
        check("getrandbits32", [&] { return p.bits(32); });
        check("random", [&] { return p.uniform(); });
        check("choice357", [&] { return p.choice(kernels); });
        check("choices357", [&] { return p.choices(kernels); });
        check("randint0_1000", [&] { return p.between(0, 1000); });
        numpy n{12345};
        check("np_randint5", [&] { return n.below(5); });
        check("np_randint25", [&] { return n.below(25); });
        constexpr double third = 1.0 / 3;
        check("np_choice_p", [&] { return 2 + n.choice(std::array{third, third, third}); });

        for (const auto& entry : file.at("subnet_seeds")) {
            sum.next_row();
            const auto seed = draws::subnet_seed(entry.at("iteration").get<std::uint64_t>(), entry.at("k").get<std::uint64_t>());
            sum.equal("seed", entry.at("seed").get<std::uint64_t>(), seed);
            python random{seed};
            sum.equal("sub-network", golden::listed_arch<spaces::moofa_v3>(entry.at("config")), draws::draw_subnet<spaces::moofa_v3>(random));
        }

        python random{3};
        numpy depths{3};
        for (const auto& entry : file.at("compofa_seed3")) {
            sum.next_row();
            sum.equal("sub-network of CompOFA", golden::listed_arch<spaces::comp_ofa>(entry),
                      draws::draw_compound_subnet<spaces::comp_ofa>(random, depths));
        }

        const auto all_sizes = draws::continuous_sizes(sizes);
        for (const auto& entry : file.at("elastic_resolution")) {
            sum.next_row();
            const std::span<const int> candidates =
                entry.at("continuous").get<bool>() ? std::span<const int>{all_sizes} : std::span<const int>{sizes};
            sum.equal("image size", entry.at("size").get<int>(),
                      draws::image_size(candidates, entry.at("batch").get<std::uint64_t>(), entry.at("epoch").get<std::uint64_t>()));
        }
    }
}

TEST_CASE("The split of the recorded data sets is NumPy's permutation of seed 0", "[golden]") {
    const auto path = golden::find("moofa/acc_datasets/summary.json");
    if (!path) return;
    const auto sets = golden::read_json(*path);
    for (const auto& f : golden::find_all("moofa/acc_datasets/*.csv")) {
        const auto set = golden::set_of_file(f.star);
        if (!sets.contains(set)) {
            golden::skip(f.name, "no set of summary.json");
            continue;
        }
        golden::summary sum{f.name + ", split", 0};
        const auto rows = sets.at(set).at("rows").get<std::uint32_t>();
        const auto order = reference::numpy_random{0}.permutation(rows);
        std::vector<char> validation(rows, 0);
        for (std::size_t i = 0; i < (rows + 4) / 5; ++i) validation[order[i]] = 1;
        for (const auto& r : golden::read_csv(f.path)) {
            sum.next_row();
            sum.equal<std::string>("side", r.at("orig_split"), validation.at(std::stoul(r.at("row"))) != 0 ? "val" : "train");
        }
    }
}
