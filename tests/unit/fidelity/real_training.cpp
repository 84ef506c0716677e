#include "catch.hpp"
#include "perceptrons.hpp"

#include <verdant/data/images/mnist_images.hpp>
#include <verdant/fidelity/asha.hpp>
#include <verdant/fidelity/multi_fidelity.hpp>
#include <verdant/fidelity/whole_evaluations.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>

#include <sys/stat.h>

namespace {

using namespace perceptrons;

template <class Policy>
struct sum_of_seeds {
    double best = 0;
    std::int64_t epochs = 0;
    std::size_t networks = 0;
};

template <class Policy>
double best_of(const train& evaluator, double budget, std::uint64_t seed, sum_of_seeds<Policy>& sum) {
    evaluator.kept->clear();
    *evaluator.trained = 0;
    const vd::multi_fidelity<study, epochs, Policy> search{evaluator};
    typename vd::multi_fidelity<study, epochs, Policy>::options o{
        .budget = budget, .seed = seed, .window = 1, .continuation = vd::continuation::from_checkpoint};
    if constexpr (requires { o.policy.first_rung; }) o.policy.eta = 3;
    const auto found = search.run(o);
    CHECK(static_cast<double>(*evaluator.trained) <= 27 * budget + 1e-6);
    const auto best = found.empty() ? 0.0 : found.begin()->template get<vd::accuracy>();
    sum.best += best;
    sum.epochs += *evaluator.trained;
    sum.networks += found.found().trials().size();
    return best;
}

} // namespace

TEST_CASE("asha on a real training finds a sub-network as good as random search at a third of its epochs", "[fidelity][heavy]") {
    struct stat there{};
    if (::stat("/usr/share/datasets/fashion-mnist", &there) != 0) {
        WARN("skipped: Fashion-MNIST is not there (Debian: dataset-fashion-mnist)");
        return;
    }
    const train evaluator{std::make_shared<const pictures>(vd::io::mnist_images::open("/usr/share/datasets/fashion-mnist", "train", 0), 1000),
                          std::make_shared<const pictures>(vd::io::mnist_images::open("/usr/share/datasets/fashion-mnist", "t10k", 0), 5000)};
    sum_of_seeds<vd::whole_evaluations> random;
    sum_of_seeds<vd::asha> asha;
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const auto whole = best_of(evaluator, 27, seed, random);
        const auto third = best_of(evaluator, 9, seed, asha);
        std::printf("seed %d: random search %.2f %%, asha %.2f %%\n", static_cast<int>(seed), 100 * whole, 100 * third);
    }
    std::printf("mean of 5 seeds: random search %.2f %% in %.0f epochs (%.0f networks), asha %.2f %% in %.0f epochs (%.0f networks)\n", 20 * random.best,
                static_cast<double>(random.epochs) / 5, static_cast<double>(random.networks) / 5, 20 * asha.best,
                static_cast<double>(asha.epochs) / 5, static_cast<double>(asha.networks) / 5);
    CHECK(asha.epochs * 3 <= random.epochs);
    CHECK(asha.best >= random.best);
}
