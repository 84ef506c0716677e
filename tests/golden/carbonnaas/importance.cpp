#include <verdant/io/tensor/npz.hpp>
#include <verdant/pruning/clip_quality.hpp>
#include <verdant/pruning/importance_csv.hpp>
#include <verdant/pruning/importance_json.hpp>
#include <verdant/pruning/rank_importance.hpp>

#include "clip_tiny.hpp"

#include <ATen/ops/arange.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace golden;
namespace supernet = verdant::supernet;

namespace {

std::string text_of(const std::filesystem::path& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::optional<supernet::clip_evaluation_data> evaluation_data() {
    const auto file = find("carbonnaas/clip_tiny/importance/eval_data.npz");
    if (!file) return std::nullopt;
    const auto arrays = io::read_npz(file->string());
    const auto captions = array(arrays, "retrieval_captions");
    return supernet::clip_evaluation_data{.images = array(arrays, "retrieval_images"),
                                          .texts = captions.flatten(0, 1),
                                          .image_of_text = at::arange(captions.size(0), at::kLong).repeat_interleave(captions.size(1)),
                                          .labelled_images = array(arrays, "cls_images"),
                                          .labels = array(arrays, "cls_labels"),
                                          .prompts = array(arrays, "class_prompts").unbind(0)};
}

} // namespace

TEST_CASE("the unpruned model is as good as the original's", "[golden][supernet]") {
    const auto model = tiny_clip();
    const auto data = evaluation_data();
    const auto file = find("carbonnaas/clip_tiny/importance/baseline.json"), arrays_file = find("carbonnaas/clip_tiny/importance/eval_data.npz");
    if (!model || !data || !file || !arrays_file) return;
    const auto expected = read_json(*file);
    summary s{"carbonnaas/clip_tiny/importance/baseline.json", 1e-12};
    s.next_row();
    const auto found = supernet::clip_quality{*data, expected.at("batch_size").get<int>()}(*model);
    s.compare("text recall", expected.at("retrieval").at("text_retrieval_recall@1").get<double>(), found.text_recall);
    s.compare("image recall", expected.at("retrieval").at("image_retrieval_recall@1").get<double>(), found.image_recall);
    s.compare("mean recall", expected.at("retrieval").at("mean_recall@1").get<double>(), found.mean_recall());
    s.compare("acc1", expected.at("acc1").get<double>(), found.accuracy);
    const auto images = nn::image_features(*model, data->images), texts = nn::text_features(*model, data->texts);
    for (const auto& [name, value] : expected.at("retrieval").items()) {
        if (name.starts_with("mean")) continue;
        const auto recall = nn::recall_at(images, texts, data->image_of_text, std::stoi(name.substr(name.find('@') + 1)));
        s.compare(name, value.get<double>(), name.starts_with("image") ? recall.image : recall.text);
    }
    const auto arrays = io::read_npz(arrays_file->string());
    const auto classifier = nn::zero_shot_classifier(*model, data->prompts);
    const auto logits = nn::class_logits(nn::image_features(*model, data->labelled_images), classifier);
    s.compare("acc5", expected.at("acc5").get<double>(), nn::classify(logits, data->labels).accuracy_5);
    summary o{"carbonnaas/clip_tiny/importance/eval_data.npz", 1e-4};
    compare(o, "classifier", array(arrays, "base_classifier"), classifier);
    compare(o, "logits", array(arrays, "base_cls_logits"), logits);
}

TEST_CASE("the importance of every unit is the original's, in both of its formats", "[golden][supernet]") {
    const auto model = tiny_clip();
    const auto data = evaluation_data();
    const auto folder = find("carbonnaas/clip_tiny/importance"), baseline = find("carbonnaas/clip_tiny/importance/baseline.json");
    if (!model || !data || !folder || !baseline) return;
    const auto scratch = std::filesystem::temp_directory_path() / ("verdant_importance_" + std::to_string(std::random_device{}()));
    std::filesystem::create_directory(scratch);
    int evaluations = 0;
    const supernet::clip_quality quality{*data, read_json(*baseline).at("batch_size").get<int>()};
    const auto counted = [&](const nn::clip_model& m) {
        ++evaluations;
        return quality(m);
    };
    const auto found = supernet::rank_importance(*model, counted, scratch.string());
    // One evaluation for each unit, as many as the original's tables have rows.
    int units = 0;
    for (const auto& part : supernet::importance_parts)
        units += static_cast<int>(supernet::read_measurements((*folder / (part.file() + ".csv")).string(), part).size());
    CHECK(evaluations == units);
    supernet::write_importance(scratch.string(), found);
    const auto expected = supernet::read_importance(folder->string());
    CHECK(found == expected);
    for (const auto& part : supernet::importance_parts) {
        summary s{"carbonnaas/clip_tiny/importance/" + part.file() + ".csv", 0};
        const auto ours = supernet::read_measurements((scratch / (part.file() + ".csv")).string(), part),
                   theirs = supernet::read_measurements((*folder / (part.file() + ".csv")).string(), part);
        s.equal("rows", theirs.size(), ours.size());
        for (std::size_t i = 0; i < theirs.size() && i < ours.size(); ++i) {
            s.next_row();
            s.equal("measurement", true, theirs[i] == ours[i]);
        }
        summary j{"carbonnaas/clip_tiny/importance/" + part.file() + ".json", 0};
        j.next_row();
        j.equal("text", text_of(*folder / (part.file() + ".json")), text_of(scratch / (part.file() + ".json")));
    }
    // Going on from complete files measures nothing.
    evaluations = 0;
    CHECK(supernet::rank_importance(*model, counted, scratch.string()) == expected);
    CHECK(evaluations == 0);
    std::filesystem::remove_all(scratch);
}

TEST_CASE("the published rankings of ViT-B-16 are read and written back", "[golden][supernet]") {
    const auto folder = find("carbonnaas/mope_vit_b16");
    if (!folder) return;
    const auto importance = supernet::read_importance(folder->string());
    for (const auto& part : supernet::importance_parts) {
        const auto& tower = part.vision ? importance.vision : importance.text;
        const auto& layers = part.heads ? tower.heads : tower.ffn;
        summary s{"carbonnaas/mope_vit_b16/" + part.file() + ".json", 0};
        s.equal("text", text_of(*folder / (part.file() + ".json")), verdant::supernet::detail::ranking_text(layers));
        const auto rows = supernet::read_measurements((*folder / (part.file() + ".csv")).string(), part);
        std::vector<supernet::layer_importance> from_rows(layers.size());
        for (const auto& row : rows) {
            auto& layer = from_rows.at(static_cast<std::size_t>(row.layer));
            // Re-runs append; the first measurement of a unit counts.
            if (std::none_of(layer.begin(), layer.end(), [&](const auto& u) { return u.index == row.unit; }))
                layer.push_back({row.unit, row.quality.score()});
        }
        for (std::size_t i = 0; i < layers.size(); ++i) {
            s.next_row();
            supernet::order_units(from_rows[i]);
            s.equal("order from the CSV", true, from_rows[i] == layers[i]);
        }
    }
}
