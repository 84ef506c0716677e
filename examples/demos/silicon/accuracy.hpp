// Where accuracies come from: a surrogate of a file, or a stand-in for one.
#pragma once

#include <verdant/error.hpp>
#include <verdant/goal/metric.hpp>
#include <verdant/goal/metrics.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/spaces/mnasnet/mnasnet_costs.hpp>
#include <verdant/surrogate/ensemble/any_regressor.hpp>
#include <verdant/surrogate/ensemble/model_file.hpp>
#include <verdant/surrogate/index_features.hpp>
#include <verdant/tabular/target_model.hpp>
#include <verdant/tabular/target_model_files.hpp>

#include <array>
#include <cmath>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

namespace silicon {

namespace vd = verdant;

/// Nothing here trains a network: what a surrogate or the stand-in says.
struct estimated_accuracy : vd::metric<"estimated_accuracy"> {};

/// Stands for a measured accuracy and is none: it rises with multiply-accumulates and parameters, ever less, as accuracies of such networks tend to (both are usual
/// baselines of proxies). Its constants were chosen and not fitted; EfficientNet-B0 has 0.74.
[[nodiscard]] inline double stand_in_accuracy(const vd::point<vd::spaces::mnasnet>& network) {
    const auto cost = vd::spaces::cost_of(network);
    return 0.80 - 0.04 * std::pow(4e8 / static_cast<double>(cost.macs), 0.7) - 0.02 * std::pow(5e6 / static_cast<double>(cost.parameters), 0.7);
}

/// Accuracies of networks as shares.
class accuracy_source {
public:
    /// @param path of a surrogate: a folder that `anb fit` wrote, or a model of XGBoost's over the indices of the choices, such as Accel-NASBench's; both in per cent. Empty: the
    /// stand-in @throws file_error, input_error
    explicit accuracy_source(const std::string& path) : path_{path} {
        if (path.empty()) return;
        constexpr auto features = vd::parameter_count<vd::spaces::mnasnet>;
        if (std::filesystem::is_directory(path)) {
            auto model = vd::tabular::read_target_model(path);
            if (model.target() != "val_top1") throw vd::input_error{path, "target", "a surrogate of val_top1", '\'' + model.target() + '\''};
            static_cast<void>(vd::tabular::source_of<vd::spaces::mnasnet>(model)); // refuses those of other spaces
            model_.emplace(std::move(model));
        } else model_.emplace(vd::surrogate::read_regressor(path, vd::tabular::parameter_names<vd::spaces::mnasnet>()));
        if (model_->features() != features)
            throw vd::input_error{path, "features", std::to_string(features) + ", one for each choice of a network",
                                  std::to_string(model_->features())};
    }

    /// What results say of it.
    [[nodiscard]] std::string words() const {
        return path_.empty() ? "a stand-in that rises with multiply-accumulates and parameters, no measurement"
                             : "as the surrogate " + path_ + " has it";
    }
    [[nodiscard]] double operator()(const vd::point<vd::spaces::mnasnet>& network) const {
        if (!model_) return stand_in_accuracy(network);
        std::array<float, vd::parameter_count<vd::spaces::mnasnet>> features{};
        vd::surrogate::index_features(network, features);
        return model_->predict(features) / 100;
    }

private:
    std::string path_;
    std::optional<vd::surrogate::any_regressor> model_;
};

} // namespace silicon
