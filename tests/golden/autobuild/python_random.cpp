#include <verdant/random/python.hpp>

#include "golden/golden.hpp"

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

using namespace verdant;

TEST_CASE("Python's shuffles and draws are repeated", "[golden]") {
    for (const auto& f : golden::find_all("autobuild/python_random*.json")) {
        golden::summary summary{f.name, 0};
        const auto file = golden::read_json(f.path);
        for (const auto& entry : file.at("shuffle")) {
            summary.next_row();
            std::vector<std::uint32_t> values(entry.at("n").get<std::size_t>());
            std::iota(values.begin(), values.end(), 0U);
            reference::python_random{entry.at("seed").get<std::uint64_t>()}.shuffle(values);
            // Long ones are given by their beginning.
            const auto expected = entry.at("perm").get<std::vector<std::uint32_t>>();
            if (values.size() > expected.size()) values.resize(expected.size());
            summary.equal("perm", expected, values);
        }
        // These follow one another after seed 12345.
        reference::python_random random{12345};
        summary.next_row();
        for (const auto& expected : file.at("random_after_seed")) summary.compare("random_after_seed", expected.get<double>(), random.uniform());
        summary.next_row();
        for (const auto& expected : file.at("then_choice9")) summary.equal("then_choice9", expected.get<std::uint32_t>(), random.below(9));
        CHECK(summary.rows() > 0);
    }
}
