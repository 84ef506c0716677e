#pragma once

#include <verdant/goal/metrics.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/nn/models/transformer_model.hpp>
#include <verdant/nn/train/classifier_training.hpp>
#include <verdant/pruning/truncate.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/carbon_nas/transformer.hpp>

#include <cstdint>
#include <utility>

namespace verdant::supernet {

/// The evaluator of the accuracy of truncated transformers: truncates the pretrained model to the point, tunes it, and measures it on data that it
/// was not tuned on (CATransformers, eval/model_eval_hf.py). Takes points of a space such as `spaces::bert_base`, or of one that has it below
/// `model`. Equal points give equal accuracies, so a search needs to ask once.
///
///     truncated_accuracy accuracy{pretrained, tuning, test, nn::mrpc_bert};
///
/// @tparam Policy what becomes of embeddings, see `truncate`
template <class Model, class Data, truncation_policy Policy = faithful_truncation>
    requires nn::transformer_model<Model> && nn::labelled_for<Data, Model>
class truncated_accuracy {
public:
    /// @param seed of the embeddings that start at random, and of the order of the data
    truncated_accuracy(Model pretrained, Data tuning, Data test, const nn::classifier_recipe& recipe, std::uint64_t seed = 0)
        : pretrained_{std::move(pretrained)}, tuning_{std::move(tuning)}, test_{std::move(test)}, recipe_{recipe}, seed_{seed} {}

    template <class Space>
        requires spaces::transformer_space<Space> ||
                 spaces::transformer_space<typename verdant::detail::find_nested<"model", 0, typename Space::elements>::space_type>
    [[nodiscard]] metrics<accuracy> operator()(const point<Space>& p) const {
        if constexpr (spaces::transformer_space<Space>) return measured(truncate<Policy>(pretrained_, p, seed_));
        else return measured(truncate<Policy>(pretrained_, p.template nested<"model">(), seed_));
    }

private:
    [[nodiscard]] double measured(Model m) const {
        (void)nn::train_classifier(m, tuning_, recipe_, seed_);
        return nn::accuracy_on(m, test_);
    }

    Model pretrained_;
    Data tuning_, test_;
    nn::classifier_recipe recipe_;
    std::uint64_t seed_;
};

} // namespace verdant::supernet
