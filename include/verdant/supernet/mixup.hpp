#pragma once

#include <verdant/data/sampling/elastic_resolution.hpp>
#include <verdant/error.hpp>
#include <verdant/nn/batches/labelled_images.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/random/python.hpp>
#include <verdant/supernet/supervision.hpp>
#include <verdant/supernet/train_supernet.hpp>

#include <cstdint>
#include <string>
#include <utility>

/// Mixup of batches of images.
namespace verdant::supernet {

/// Batches of another source, mixed with their mirror images in the order of the batch by a share that each batch draws from Beta(alpha, alpha), as
/// Once-for-all's option `mixup_alpha` does, seed and stream included (my_data_loader.py and mix_images). Labels become smoothed shares of classes,
/// which `learn_labels` takes as they are.
template <image_source Source>
class mixed_batches {
public:
    /// @param classes of the classifier @param smoothing of labels
    /// @throws input_error unless alpha and classes are positive
    mixed_batches(Source source, double alpha, std::int64_t classes, double smoothing = 0.1)
        : source_{std::move(source)}, alpha_{alpha}, smoothing_{smoothing}, classes_{classes} {
        if (!(alpha > 0) || classes < 1)
            throw input_error{"mixup", "alpha and classes", "positive numbers", std::to_string(alpha) + " and " + std::to_string(classes)};
    }

    [[nodiscard]] std::int64_t size() const { return source_.size(); }
    [[nodiscard]] nn::labelled_images operator()(std::int64_t epoch, std::int64_t i) const {
        return mixed(source_(epoch, i), classes_, share(epoch, i), smoothing_);
    }
    /// The share of the own image in that batch.
    [[nodiscard]] double share(std::int64_t epoch, std::int64_t i) const {
        return verdant::reference::python_random{nn::batch_seed(epoch, i)}.beta(alpha_, alpha_);
    }

private:
    Source source_;
    double alpha_, smoothing_;
    std::int64_t classes_;
};

} // namespace verdant::supernet
