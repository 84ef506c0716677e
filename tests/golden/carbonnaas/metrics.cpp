#include <verdant/io/tensor/npz.hpp>
#include <verdant/nn/evaluate/classification.hpp>
#include <verdant/nn/evaluate/retrieval.hpp>
#include <verdant/nn/models/clip_forward.hpp>

#include "clip_tiny.hpp"

#include <ATen/ops/tensor.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using namespace golden;

namespace {

/// Nested numbers of JSON as a 32-bit tensor of two axes.
at::Tensor matrix(const json& rows) {
    std::vector<float> values;
    for (const auto& row : rows)
        for (const auto& x : row) values.push_back(x.get<float>());
    return at::tensor(values).reshape({static_cast<std::int64_t>(rows.size()), -1});
}

at::Tensor whole(const json& values) { return at::tensor(values.get<std::vector<std::int64_t>>()); }

} // namespace

TEST_CASE("retrieval is the original's", "[golden][nn]") {
    for (const auto& f : find_all("carbonnaas/metrics/retrieval*.json")) {
        summary s{f.name, 1e-12};
        for (const auto& row : read_json(f.path)) {
            s.next_row();
            std::vector<float> values;
            std::vector<std::int64_t> image_of_text;
            for (std::int64_t image = 0; const auto& captions : row.at("captions")) {
                for (const auto& caption : captions) {
                    image_of_text.push_back(image);
                    for (const auto& x : caption) values.push_back(x.get<float>());
                }
                ++image;
            }
            const auto links = at::tensor(image_of_text);
            const auto images = nn::normalised(matrix(row.at("images")));
            const auto texts = nn::normalised(at::tensor(values).reshape({links.size(0), images.size(1)}));
            for (const auto& [name, value] : row.at("metrics").items()) {
                const auto recall = nn::recall_at(images, texts, links, std::stoi(name.substr(name.find('@') + 1)));
                s.compare(name, value.get<double>(),
                          name.starts_with("image")  ? recall.image
                          : name.starts_with("text") ? recall.text
                                                     : recall.mean());
            }
        }
    }
}

TEST_CASE("classification is the original's", "[golden][nn]") {
    for (const auto& f : find_all("carbonnaas/metrics/classification*.json")) {
        summary s{f.name, 1e-12};
        const auto number = [](const json& x) { return x.is_number() ? x.get<double>() : std::numeric_limits<double>::quiet_NaN(); };
        for (const auto& row : read_json(f.path)) {
            s.next_row();
            const auto found = nn::classify(matrix(row.at("logits")), whole(row.at("target")));
            s.compare("acc1", number(row.at("acc1")), found.accuracy);
            s.compare("acc5", number(row.at("acc5")), found.accuracy_5);
            s.compare("mean per class", number(row.at("mean_per_class_recall")), found.mean_per_class_recall);
            const auto rows = static_cast<double>(row.at("target").size());
            s.compare("hits", row.at("topk_counts")[0].get<double>(), found.accuracy * rows);
            // Of fewer than five classes the second count is of as many as there are.
            if (row.at("logits")[0].size() >= 5) s.equal("hits of 5", row.at("topk_counts")[1].get<double>(), std::round(found.accuracy_5 * rows));
        }
    }
}

TEST_CASE("average precision is the original's", "[golden][nn]") {
    for (const auto& f : find_all("carbonnaas/metrics/multilabel*.json")) {
        summary s{f.name, 1e-6};
        for (const auto& row : read_json(f.path)) {
            s.next_row();
            const auto found = nn::average_precision(matrix(row.at("scores")), matrix(row.at("targets")));
            s.equal("classes", static_cast<std::int64_t>(row.at("ap").size()), found.size(0));
            for (std::int64_t c = 0; c < found.size(0); ++c)
                s.compare("class", row.at("ap")[static_cast<std::size_t>(c)].get<double>(), found[c].item<double>());
            s.compare("mean", row.at("mean_average_precision").get<double>(), found.mean().item<double>());
        }
    }
}

TEST_CASE("ranks during validation are the original's", "[golden][nn]") {
    for (const auto& f : find_all("carbonnaas/metrics/clip_val_metrics*.json")) {
        summary s{f.name, 1e-12};
        for (const auto& row : read_json(f.path)) {
            s.next_row();
            const auto found = nn::validate_pairs(matrix(row.at("image_features")), matrix(row.at("text_features")), row.at("logit_scale"));
            const auto compare_direction = [&](const std::string& direction, const nn::rank_statistics& r) {
                const auto expected = [&](const char* what) { return row.at("metrics").at(direction + what).get<double>(); };
                s.compare(direction + " mean", expected("_mean_rank"), r.mean);
                s.compare(direction + " median", expected("_median_rank"), r.median);
                s.compare(direction + " R@1", expected("_R@1"), r.recall_1);
                s.compare(direction + " R@5", expected("_R@5"), r.recall_5);
                s.compare(direction + " R@10", expected("_R@10"), r.recall_10);
            };
            compare_direction("image_to_text", found.image_to_text);
            compare_direction("text_to_image", found.text_to_image);
        }
    }
}

TEST_CASE("a classifier from texts is the original's", "[golden][nn]") {
    for (const auto& f : find_all("carbonnaas/metrics/zero_shot_classifier*.json")) {
        const auto data = read_json(f.path);
        summary s{f.name, 1e-6};
        std::vector<at::Tensor> prompts;
        for (const auto& one : data.at("text_embeddings")) prompts.push_back(matrix(one));
        compare(s, "classifier", matrix(data.at("classifier_dxC")), nn::zero_shot_classifier(prompts));
    }
}
