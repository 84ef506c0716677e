#include <verdant/surrogate/graph/rank_loss.hpp>

#include "golden/golden.hpp"

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

using namespace verdant;

namespace {

// Numbers of float64, which are sums over a batch.
constexpr double tolerance = 1e-10;

void compare(golden::summary& summary, const std::string& what, const std::vector<double>& expected, std::span<const double> found) {
    summary.equal(what + ": how many", expected.size(), found.size());
    for (std::size_t i = 0; i < expected.size() && i < found.size(); ++i)
        if (std::abs(expected[i]) < 1) summary.compare(what, 1, 1 + found[i] - expected[i]);
        else summary.compare(what, expected[i], found[i]);
}

} // namespace

TEST_CASE("The loss of ranks, its correlations and gradients are the published ones", "[golden]") {
    for (const auto& f : golden::find_all("autobuild/correl_loss*.json")) {
        golden::summary summary{f.name, tolerance};
        for (const auto& entry : golden::read_json(f.path)) {
            summary.next_row();
            const auto targets = entry.at("target").get<std::vector<double>>(), predictions = entry.at("pred").get<std::vector<double>>();
            summary.equal("n", entry.at("n").get<std::size_t>(), targets.size());
            const auto p = entry.at("p").get<double>();
            const auto n = targets.size();
            std::vector<double> norms;
            for (const auto& hop : entry.at("embed_norms")) {
                const auto of_hop = hop.get<std::vector<double>>();
                norms.insert(norms.end(), of_hop.begin(), of_hop.end());
            }
            std::vector<double> of_predictions(n), of_norms(norms.size());
            surrogate::rank_loss<double> loss{{.weight = entry.at("lambda").get<double>()}};
            const auto value = loss(predictions, targets, norms, of_predictions, of_norms);
            summary.compare("loss", entry.at("loss").get<double>(), value.loss);
            summary.compare("mse", entry.at("mse").get<double>(), value.squared_error);
            compare(summary, "t_spearman_per_hop", entry.at("t_spearman_per_hop").get<std::vector<double>>(), loss.correlations());
            // Large entries leave out embeddings and gradients.
            if (!entry.at("grad_pred").is_null()) compare(summary, "grad_pred", entry.at("grad_pred").get<std::vector<double>>(), of_predictions);
            if (entry.at("embeds").is_null()) continue;
            for (std::size_t h = 0; h < entry.at("embeds").size(); ++h) {
                std::vector<double> rows, expected, row_norms(n);
                for (const auto& row : entry.at("embeds").at(h))
                    for (const auto& x : row) rows.push_back(x.get<double>());
                surrogate::row_norms<double>(rows, p, row_norms);
                compare(summary, "embed_norms",
                        {norms.begin() + static_cast<std::ptrdiff_t>(h * n), norms.begin() + static_cast<std::ptrdiff_t>((h + 1) * n)}, row_norms);
                if (entry.at("grad_embeds").is_null()) continue;
                // Where the weight is 0, nothing reached the embeddings: no gradient.
                if (entry.at("grad_embeds").at(h).is_null()) expected.assign(rows.size(), 0);
                else
                    for (const auto& row : entry.at("grad_embeds").at(h))
                        for (const auto& x : row) expected.push_back(x.get<double>());
                std::vector<double> gradient(rows.size());
                surrogate::pull_back_row_norms<double>(rows, p, row_norms, std::span<const double>{of_norms}.subspan(h * n, n), gradient);
                compare(summary, "grad_embeds", expected, gradient);
            }
        }
        CHECK(summary.rows() > 0);
    }
}
