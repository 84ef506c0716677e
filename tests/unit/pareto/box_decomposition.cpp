#include <verdant/pareto/box_decomposition.hpp>

#include <verdant/pareto/hypervolume.hpp>

#include "catch.hpp"
#include "point_sets.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

using namespace verdant;

namespace {

/// What y adds, from the boxes.
double gain(const pareto::box_decomposition& boxes, const double* y) {
    double sum = 0;
    for (std::size_t k = 0; k < boxes.size(); ++k) {
        double volume = 1;
        for (std::size_t j = 0; j < boxes.objectives(); ++j) volume *= std::max(0.0, boxes.high(k)[j] - std::max(boxes.low(k)[j], y[j]));
        sum += volume;
    }
    return sum;
}

} // namespace

TEST_CASE("The gain of a vector is the difference of two hypervolumes", "[pareto]") {
    random_stream random{5};
    pareto::box_decomposition boxes;
    pareto::exact_hypervolume hypervolume;
    for (std::size_t m = 1; m <= 5; ++m)
        for (const std::size_t n : {0U, 1U, 2U, 7U, 25U})
            for (const int kind : {0, 1, 2}) {
                const auto points = kind == 0   ? point_sets::uniform(n, m, random)
                                    : kind == 1 ? point_sets::grid(n, m, 4, random)
                                                : point_sets::sphere(n, m, random);
                const std::vector<double> reference(m, 0.9);
                boxes.build(points, reference);
                for (int repetition = 0; repetition < 5; ++repetition) {
                    const auto y = point_sets::uniform(1, m, random);
                    auto with = points;
                    with.insert(with.end(), y.begin(), y.end());
                    INFO(m << " objectives, " << n << " points, kind " << kind);
                    CHECK(gain(boxes, y.data()) == Approx(hypervolume({with, m}, reference) - hypervolume({points, m}, reference)).margin(1e-12));
                }
            }
}

TEST_CASE("Boxes are disjoint and none is dominated", "[pareto]") {
    random_stream random{6};
    for (std::size_t m = 2; m <= 4; ++m) {
        const auto points = point_sets::sphere(15, m, random);
        const std::vector<double> reference(m, 1.1);
        pareto::box_decomposition boxes;
        boxes.build(points, reference);
        for (int repetition = 0; repetition < 500; ++repetition) {
            std::vector<double> y(m);
            for (auto& v : y) v = random.uniform(-0.2, 1.1);
            bool dominated = false;
            for (std::size_t i = 0; i < points.size() / m; ++i) {
                bool d = true;
                for (std::size_t j = 0; j < m; ++j) d = d && points[i * m + j] <= y[j];
                dominated = dominated || d;
            }
            int holding = 0;
            for (std::size_t k = 0; k < boxes.size(); ++k) {
                bool in = true;
                for (std::size_t j = 0; j < m; ++j) in = in && boxes.low(k)[j] <= y[j] && y[j] < boxes.high(k)[j];
                holding += in ? 1 : 0;
            }
            CHECK(holding == (dominated ? 0 : 1));
        }
    }
}

TEST_CASE("A front of n vectors has n + 1 boxes in two objectives and about 2 n in three", "[pareto]") {
    random_stream random{7};
    pareto::box_decomposition boxes;
    const auto two = point_sets::sphere(40, 2, random), three = point_sets::sphere(40, 3, random);
    boxes.build(two, std::vector<double>(2, 1.5));
    CHECK(boxes.size() == 41);
    boxes.build(three, std::vector<double>(3, 1.5));
    CHECK(boxes.size() <= 3 * 40 + 1);
}
