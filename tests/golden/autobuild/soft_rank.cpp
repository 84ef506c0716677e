#include <verdant/numeric/soft_rank.hpp>

#include "golden/golden.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

using namespace verdant;

namespace {

// The specification asks for 1e-10, of numbers that are sums of terms of size 1 or more: products that are zero have rounding errors only.
constexpr double tolerance = 1e-10;

void compare(golden::summary& summary, const std::string& what, const std::vector<double>& expected, const std::vector<double>& found) {
    summary.equal(what + ": how many", expected.size(), found.size());
    for (std::size_t i = 0; i < expected.size() && i < found.size(); ++i)
        if (std::abs(expected[i]) < 1) summary.compare(what, 1, 1 + found[i] - expected[i]);
        else summary.compare(what, expected[i], found[i]);
}

/// Which of equal numbers comes first is not defined, and where they stand decides what of the cotangent reaches them (sorting is not differentiable
/// there): in ascending order within each group of equal ones.
std::vector<double> ordered_within_ties(const std::vector<double>& x, const std::vector<double>& values) {
    std::vector<std::pair<double, double>> of;
    for (std::size_t i = 0; i < x.size() && i < values.size(); ++i) of.emplace_back(x[i], values[i]);
    std::sort(of.begin(), of.end());
    std::vector<double> ordered;
    for (const auto& [number, value] : of) ordered.push_back(value);
    return ordered;
}

} // namespace

TEST_CASE("Soft ranks, soft sorting and their products are those of torchsort", "[golden]") {
    for (const auto& f : golden::find_all("autobuild/soft_rank*.json")) {
        golden::summary summary{f.name, tolerance};
        for (const auto& entry : golden::read_json(f.path)) {
            summary.next_row();
            const auto x = entry.at("x").get<std::vector<double>>(), cotangent = entry.at("cotangent").get<std::vector<double>>();
            summary.equal("n", entry.at("n").get<std::size_t>(), x.size());
            const auto name = entry.at("regularization").get<std::string>();
            REQUIRE((name == "l2" || name == "kl"));
            const auto distance = name == "l2" ? surrogate::isotonic_distance::squares : surrogate::isotonic_distance::entropy;
            const auto strength = entry.at("strength").get<double>();
            std::vector<double> values(x.size()), product(x.size());

            surrogate::soft_rank<double> ranks{strength, distance};
            ranks(x, values);
            ranks.pull_back(cotangent, product);
            compare(summary, "rank", entry.at("rank").get<std::vector<double>>(), values);
            compare(summary, "vjp", entry.at("vjp").get<std::vector<double>>(), product);

            surrogate::soft_sort<double> sorted{strength, distance};
            sorted(x, values);
            sorted.pull_back(cotangent, product);
            compare(summary, "soft_sort", entry.at("soft_sort").get<std::vector<double>>(), values);
            compare(summary, "soft_sort_vjp", ordered_within_ties(x, entry.at("soft_sort_vjp").get<std::vector<double>>()),
                    ordered_within_ties(x, product));
        }
        CHECK(summary.rows() > 0);
    }
}
