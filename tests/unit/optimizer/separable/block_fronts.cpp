#include "catch.hpp"

#include <verdant/optimizer/separable/block_fronts.hpp>
#include <verdant/random/stream.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

using verdant::detail::block_fronts;
using verdant::detail::fold;
using verdant::detail::vector_front;
using vectors = std::vector<std::array<double, 3>>;

/// Blocks of `choices` choices with terms below 1, or whole ones up to `most`.
std::vector<vector_front> random_blocks(std::size_t blocks, std::size_t choices, std::uint64_t seed, std::uint64_t most = 0) {
    verdant::random_stream random{seed};
    std::vector<vector_front> all;
    for (std::size_t b = 0; b < blocks; ++b) {
        vector_front block{3};
        for (std::size_t c = 0; c < choices; ++c) {
            std::array<double, 3> row{};
            for (auto& x : row) x = most == 0 ? random.uniform() : static_cast<double>(random.below(most + 1));
            block.push_back(row.data());
        }
        all.push_back(std::move(block));
    }
    return all;
}

vectors rows_of(const block_fronts& front) {
    vectors rows;
    for (std::size_t i = 0; i < front.size(); ++i) rows.push_back({front.value(i, 0), front.value(i, 1), front.value(i, 2)});
    return rows;
}

/// The same by comparing each vector with each other after every block.
vectors plain_front(const std::vector<vector_front>& blocks, const std::array<fold, 3>& how, const std::array<double, 3>& shared) {
    vectors front{shared};
    for (const auto& block : blocks) {
        vectors all;
        for (const auto& f : front)
            for (std::size_t c = 0; c < block.size(); ++c) {
                auto sum = f;
                for (std::size_t d = 0; d < 3; ++d) sum[d] = verdant::detail::folded(how[d], f[d], block(c, d));
                all.push_back(sum);
            }
        std::sort(all.begin(), all.end());
        front.clear();
        for (const auto& a : all)
            if (std::none_of(front.begin(), front.end(), [&](const auto& b) { return b[0] <= a[0] && b[1] <= a[1] && b[2] <= a[2]; }))
                front.push_back(a);
    }
    return front;
}

TEST_CASE("sums of large fronts, by grid and steps, are those of plain comparisons", "[optimizer]") {
    const auto equals = [](const std::vector<vector_front>& blocks, const std::array<fold, 3>& how, const std::array<double, 3>& shared) {
        block_fronts front{{{how[0]}, {how[1]}, {how[2]}}, 3, 0};
        front.add(0, {shared.begin(), shared.end()}, blocks);
        const auto rows = rows_of(front);
        CHECK(rows.size() > 100);
        CHECK(rows == plain_front(blocks, how, shared));
        // Each row is the sum of its choices.
        for (std::size_t i = 0; i < front.size(); ++i) {
            auto sum = shared;
            for (std::size_t b = 0; b < blocks.size(); ++b)
                for (std::size_t d = 0; d < 3; ++d) sum[d] = verdant::detail::folded(how[d], sum[d], blocks[b](front.choices(i)[b], d));
            CHECK(sum == rows[i]);
        }
    };
    const std::array<fold, 3> add{fold::add, fold::add, fold::add};
    equals(random_blocks(14, 9, 1), add, {0.25, -3, 1e-3});
    equals(random_blocks(14, 9, 2, 50), add, {0, -100, 7});
    equals(random_blocks(3, 900, 3), add, {0, 0, 0});
    equals(random_blocks(16, 9, 4, 30), {fold::add, fold::larger, fold::add}, {0, 3, 0});
    equals(random_blocks(16, 9, 5), {fold::larger, fold::add, fold::add}, {0, 0, 0});
    equals(random_blocks(16, 9, 6), {fold::add, fold::add, fold::smaller}, {0, 0, 2});
}

TEST_CASE("what an approximate front drops is covered", "[optimizer]") {
    const auto covers = [](const std::vector<vector_front>& blocks, const std::array<fold, 3>& how, double first_limit) {
        const auto solved = [&](double epsilon) {
            block_fronts front{{{how[0], first_limit}, {how[1]}, {how[2]}}, 3, epsilon};
            front.add(0, {1, 0, 0}, blocks);
            return front;
        };
        const auto exact = solved(0), coarse = solved(0.01);
        const auto& proof = coarse.certificate();
        CHECK(coarse.size() < exact.size() / 3);
        // What has a limit is not worse by anything.
        for (std::size_t d = std::isinf(first_limit) ? 0 : 1; d < 3; ++d) CHECK(proof.tolerance[d] == 0.01 * (proof.greatest[d] - proof.least[d]));
        if (!std::isinf(first_limit)) CHECK(proof.tolerance[0] == 0);
        const auto rows = rows_of(coarse);
        std::size_t uncovered = 0;
        for (const auto& e : rows_of(exact))
            if (std::none_of(rows.begin(), rows.end(), [&](const auto& r) {
                    for (std::size_t d = 0; d < 3; ++d)
                        if (r[d] > e[d] + proof.tolerance[d] + 1e-12) return false;
                    return true;
                }))
                ++uncovered;
        CHECK(uncovered == 0);
        // Layers are in an order of their own; choices are those of the blocks that were given.
        double off = 0;
        for (std::size_t i = 0; i < coarse.size(); ++i) {
            std::array<double, 3> sum{1, 0, 0};
            for (std::size_t b = 0; b < blocks.size(); ++b)
                for (std::size_t d = 0; d < 3; ++d) sum[d] = verdant::detail::folded(how[d], sum[d], blocks[b](coarse.choices(i)[b], d));
            for (std::size_t d = 0; d < 3; ++d) off = std::max(off, std::fabs(sum[d] - rows[i][d]));
        }
        CHECK(off < 1e-12);
    };
    constexpr auto none = std::numeric_limits<double>::infinity();
    const std::array<fold, 3> add{fold::add, fold::add, fold::add};
    covers(random_blocks(26, 9, 7), add, none);
    covers(random_blocks(22, 9, 7), add, 10);
    covers(random_blocks(22, 9, 8), {fold::add, fold::larger, fold::add}, none);
    // Blocks that spread more come later.
    auto uneven = random_blocks(22, 9, 9);
    for (std::size_t b = 0; b < uneven.size(); ++b)
        for (std::size_t d = 0; d < 3; ++d)
            for (std::size_t i = 0; i < uneven[b].size(); ++i) uneven[b].column(d)[i] *= 1.0 + static_cast<double>(7 * b % 5);
    covers(uneven, add, none);
    // One component is the same for all.
    auto flat = random_blocks(400, 9, 10);
    for (auto& block : flat) std::fill_n(block.column(2), block.size(), 0.5);
    covers(flat, add, none);
}

TEST_CASE("where tolerances are no larger than roundings, blocks keep their order and the first objective loses nothing", "[optimizer]") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        auto blocks = random_blocks(6, 4, seed);
        for (auto& block : blocks)
            for (std::size_t d = 0; d < 3; ++d)
                for (std::size_t i = 0; i < block.size(); ++i) block.column(d)[i] = 1e6 + 1e-5 * std::round(8 * block.column(d)[i]);
        const auto solved = [&](double epsilon) {
            block_fronts front{{{fold::add}, {fold::add}, {fold::add}}, 3, epsilon};
            front.add(0, {0, 0, 0}, blocks);
            return front;
        };
        const auto coarse = solved(1e-6);
        CHECK(coarse.certificate().tolerance[0] == 0);
        const auto rows = rows_of(coarse);
        for (const auto& e : rows_of(solved(0)))
            CHECK(std::any_of(rows.begin(), rows.end(), [&](const auto& r) {
                return r[0] <= e[0] && r[1] <= e[1] + coarse.certificate().tolerance[1] && r[2] <= e[2] + coarse.certificate().tolerance[2];
            }));
    }
}

TEST_CASE("layers that an approximate front prunes share its tolerance, and what is left of it is all that the last one has", "[optimizer]") {
    // The first two blocks have 4900 sums, of which none stands for another one; of 20 layers three then have shares of 0.3, 0.3 and 0.4.
    constexpr std::size_t side = 70, blocks_in_all = 20;
    const double epsilon = 1e-4, tolerance = epsilon * (side * side - 1);
    // Some of the other blocks have two choices, a share of the tolerance apart.
    const auto solved = [&](double share_of_range, const std::map<std::size_t, double>& apart) {
        std::vector<vector_front> blocks;
        for (std::size_t b = 0; b < blocks_in_all; ++b) {
            vector_front block{3};
            const auto add = [&](double x) { block.push_back(std::array{-x, x, 0.0}.data()); };
            add(0);
            for (std::size_t i = 1; b < 2 && i < side; ++i) add(static_cast<double>(b == 0 ? i : side * i));
            if (const auto share = apart.find(b); share != apart.end()) add(share->second * tolerance);
            blocks.push_back(std::move(block));
        }
        block_fronts front{{{fold::add}, {fold::add}, {fold::add}}, 3, share_of_range};
        front.add(0, {0, 0, 0}, blocks);
        return front;
    };
    // Losses add up to nearly all of the tolerance, and nothing is left for the last layer.
    const std::map<std::size_t, double> apart{{9, 0.297}, {14, 0.296}, {17, 0.396}, {19, 0.05}};
    const auto exact = solved(0, apart), coarse = solved(epsilon, apart);
    CHECK(exact.size() == 16 * side * side);
    CHECK(coarse.size() == 2 * side * side);
    auto rows = rows_of(coarse);
    std::sort(rows.begin(), rows.end());
    double worst = 0;
    for (const auto& e : rows_of(exact)) {
        // What stands for it is worse in the second component, or in the first.
        const auto behind = std::partition_point(rows.begin(), rows.end(), [&](const auto& r) { return r[0] <= e[0]; });
        double loss = behind == rows.begin() ? std::numeric_limits<double>::infinity() : (*std::prev(behind))[1] - e[1];
        if (behind != rows.end()) loss = std::min(loss, (*behind)[0] - e[0]);
        worst = std::max(worst, loss);
    }
    CHECK(worst <= coarse.certificate().tolerance[1]);
    CHECK(worst > 0.98 * coarse.certificate().tolerance[1]);
    // What two choices of one layer add stays up to the next layer that has a share, and to the end behind the last one.
    for (std::size_t b = 2; b < blocks_in_all; ++b) {
        INFO("layer " << b);
        const auto until = b <= 9 ? 9 : b <= 14 ? 14 : b <= 17 ? 17 : blocks_in_all;
        CHECK(solved(epsilon, {{b, 0.29}}).certificate().states == side + side * side * (blocks_in_all - 1 + until - b));
    }
}

// A mixed-integer solver (Debian: coinor-cbc), with one of several choices of each block and a limit on each of two sums.
TEST_CASE("best points within budgets are those of a linear-programming solver", "[peer]") {
    if (std::system("cbc -quit > /dev/null 2>&1") != 0) { // NOLINT(concurrency-mt-unsafe,cert-env33-c): an optional program
        WARN("skipped: cbc is not installed (Debian: coinor-cbc)");
        return;
    }
    const auto blocks = random_blocks(12, 9, 11, 99);
    block_fronts front{{{fold::add}, {fold::add}, {fold::add}}, 3, 0};
    front.add(0, {0, 0, 0}, blocks);
    const auto folder = std::filesystem::temp_directory_path() / "verdant_block_fronts_peer";
    std::filesystem::create_directories(folder);
    verdant::random_stream random{12};
    for (int budget = 0; budget < 50; ++budget) {
        const double second = 200 + static_cast<double>(random.below(500)), third = 200 + static_cast<double>(random.below(500));
        double best = std::numeric_limits<double>::infinity();
        for (const auto& r : rows_of(front))
            if (r[1] <= second && r[2] <= third) best = std::min(best, r[0]);

        std::string sums[3], picks, names;
        for (std::size_t b = 0; b < blocks.size(); ++b) {
            for (std::size_t c = 0; c < blocks[b].size(); ++c) {
                const auto name = "x" + std::to_string(b) + "_" + std::to_string(c);
                for (std::size_t d = 0; d < 3; ++d) sums[d] += " + " + std::to_string(static_cast<int>(blocks[b](c, d))) + " " + name;
                picks += " + " + name;
                names += " " + name + "\n";
            }
            picks += " = 1\n";
        }
        {
            std::ofstream program{folder / "budget.lp"};
            program << "Minimize\n obj:" << sums[0] << "\nSubject To\n"
                    << sums[1] << " <= " << second << "\n"
                    << sums[2] << " <= " << third << "\n"
                    << picks << "Binaries\n"
                    << names << "End\n";
        }
        const auto command =
            "cbc " + (folder / "budget.lp").string() + " ratioGap 0 allowableGap 0 solve solu " + (folder / "solution.txt").string() + " > /dev/null";
        REQUIRE(std::system(command.c_str()) == 0); // NOLINT(concurrency-mt-unsafe,cert-env33-c)
        std::ifstream solution{folder / "solution.txt"};
        std::string line;
        std::getline(solution, line);
        INFO(line);
        if (std::isinf(best)) CHECK(line.find("nfeasible") != std::string::npos);
        else {
            REQUIRE(line.starts_with("Optimal - objective value "));
            CHECK(std::stod(line.substr(26)) == best);
        }
    }
    std::filesystem::remove_all(folder);
}
