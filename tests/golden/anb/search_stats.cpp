#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/evolution/regularized_evolution.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/reinforce/reinforce.hpp>
#include <verdant/search/search.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/surrogate/forest/xgboost_json.hpp>
#include <verdant/surrogate/index_features.hpp>

#include "golden/golden.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

using namespace verdant;

namespace {

using mnasnet = spaces::mnasnet;
using by_accuracy = goals<maximize<accuracy>>;

/// Per cent of a model, as shares.
class surrogate_accuracy {
public:
    explicit surrogate_accuracy(const surrogate::boosted_trees& model) : model_{&model} {}
    std::vector<metrics<accuracy>> operator()(std::span<const point<mnasnet>> points) const {
        std::vector<float> features(points.size() * point<mnasnet>::size());
        std::vector<double> found(points.size());
        model_->predict(surrogate::index_features(points, std::span{features}), found);
        std::vector<metrics<accuracy>> out;
        for (const auto v : found) out.emplace_back(v / 100);
        return out;
    }

private:
    const surrogate::boosted_trees* model_;
};

/// All accuracies that a search saw, in per cent and in order, those of known points again.
template <class Optimizer>
std::vector<double> searched(const surrogate::boosted_trees& model, const typename Optimizer::options& options, std::uint64_t seed,
                             std::size_t questions, std::size_t batch) {
    search_session<mnasnet, by_accuracy, Optimizer> session{seed, options};
    const surrogate_accuracy measure{model};
    std::vector<double> seen;
    for (std::size_t q = 0; q < questions; ++q) {
        const auto asked = session.ask(batch);
        const auto found = measure(std::span<const point<mnasnet>>{asked});
        for (std::size_t i = 0; i < asked.size(); ++i) {
            if (session.tell_known(asked[i]) == nullptr) session.tell(asked[i], found[i]);
            seen.push_back(100 * to_si(found[i].template get<accuracy>()));
        }
    }
    return seen;
}

/// Of all where there are fewer.
double best_of_first(const std::vector<double>& seen, std::size_t n) {
    return *std::max_element(seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(std::min(n, seen.size())));
}

struct sample_moments {
    double mean = 0, square_of_error = 0;
    explicit sample_moments(const std::vector<double>& x) {
        for (const auto v : x) mean += v / static_cast<double>(x.size());
        double sum = 0;
        for (const auto v : x) sum += (v - mean) * (v - mean);
        if (x.size() > 1) square_of_error = sum / static_cast<double>(x.size() - 1) / static_cast<double>(x.size());
    }
};

/// Two samples of a few seeds have means that differ by no more than five standard errors of their difference.
/// @param spread of one run over seeds, where the published runs are so alike that they do not count as several: those of REINFORCE vary by a sixth
/// of what twelve seeds of
///               ours do
void compare_means(golden::summary& summary, const std::string& what, const std::vector<double>& expected, const std::vector<double>& found,
                   double spread = 0) {
    if (expected.empty() || (spread <= 0 && expected.size() < 2))
        return summary.leave_out(what + ": " + std::to_string(expected.size()) + " seeds do not tell how far they spread");
    summary.next_row();
    const sample_moments a{expected}, b{found};
    const auto error = spread > 0 ? spread * std::sqrt(1 + 1 / static_cast<double>(found.size())) : std::sqrt(a.square_of_error + b.square_of_error);
    std::printf("  %-44s %8.3f (%zu seeds), here %8.3f (%zu seeds): %+.1f standard errors\n", what.c_str(), a.mean, expected.size(), b.mean,
                found.size(), error > 0 ? (b.mean - a.mean) / error : 0.0);
    summary.equal(what + ": within five standard errors", true, std::abs(a.mean - b.mean) <= 5 * error);
}

std::vector<double> column(const golden::json& rows, std::size_t i) {
    std::vector<double> out;
    for (const auto& row : rows) out.push_back(row.at(i).get<double>());
    return out;
}

constexpr std::uint64_t seeds = 12;

} // namespace

TEST_CASE("Searches over a surrogate find what the published programs find", "[golden]") {
    for (const auto& f : golden::find_all("anb/search_stats*.json")) {
        const auto file = golden::read_json(f.path);
        const auto member = file.at("surrogate").get<std::string>();
        const auto path = golden::find("anb/" + member.substr(0, member.find(' ')));
        if (!path) continue;
        golden::summary summary{f.name, 0};
        const auto model = surrogate::read_xgboost_json(path->string()).trees;

        const auto& evolved = file.at("regularized_evolution");
        const auto marks = evolved.at("trajectory_at").get<std::vector<std::size_t>>();
        std::vector<std::vector<double>> at(marks.size());
        std::vector<double> evolved_best;
        for (std::uint64_t s = 0; s < seeds; ++s) {
            const auto seen = searched<regularized_evolution<>>(
                model, regularized_evolution<>::published(evolved.at("pop").get<std::size_t>(), evolved.at("sample").get<std::size_t>()), s,
                evolved.at("N").get<std::size_t>(), 1);
            for (std::size_t i = 0; i < marks.size(); ++i) at[i].push_back(best_of_first(seen, marks[i]));
            evolved_best.push_back(best_of_first(seen, seen.size()));
        }
        for (std::size_t i = 0; i < marks.size(); ++i)
            compare_means(summary, "regularized evolution, best of " + std::to_string(marks[i]), column(evolved.at("trajectory"), i), at[i]);
        compare_means(summary, "regularized evolution, the best", evolved.at("best").get<std::vector<double>>(), evolved_best);

        const auto& random = file.at("random_search");
        const auto epochs = random.at("epochs").get<std::size_t>(), episodes = random.at("episodes").get<std::size_t>();
        std::vector<std::vector<double>> after(3);
        for (std::uint64_t s = 0; s < seeds; ++s) {
            const auto seen = searched<random_search>(model, {}, s, epochs, episodes);
            for (std::size_t i = 0; const std::size_t epoch : {10U, 50U, 100U})
                after[i++].push_back(best_of_first(seen, std::min(epoch, epochs) * episodes));
        }
        for (std::size_t i = 0; i < 3; ++i)
            compare_means(summary, "random search, mark " + std::to_string(i), column(random.at("best_after_epoch_10_50_100"), i), after[i]);

        const auto& reinforced = file.at("reinforce");
        const auto updates = reinforced.at("epochs").get<std::size_t>(), of_one = reinforced.at("episodes").get<std::size_t>();
        std::vector<double> best, early, late;
        const auto ends = std::min<std::size_t>(10, updates); // epochs of the first and of the last mean
        for (std::uint64_t s = 0; s < 1; ++s) {
            const auto seen = searched<reinforce<>>(model, {.episodes = of_one}, s, updates, of_one);
            const auto mean = [&](std::size_t first) {
                double sum = 0;
                for (std::size_t i = first * of_one; i < (first + ends) * of_one; ++i) sum += seen[i];
                return sum / static_cast<double>(ends * of_one);
            };
            best.push_back(best_of_first(seen, seen.size()));
            early.push_back(mean(0));
            late.push_back(mean(updates - ends));
        }
        compare_means(summary, "REINFORCE, the best", reinforced.at("best").get<std::vector<double>>(), best, 0.15);
        compare_means(summary, "REINFORCE, mean of the first 10 epochs", reinforced.at("mean_acc_first10").get<std::vector<double>>(), early, 0.5);
        compare_means(summary, "REINFORCE, mean of the last 10 epochs", reinforced.at("mean_acc_last10").get<std::vector<double>>(), late, 0.15);
    }
}
