// Accel-NASBench's networks in LibTorch: outputs, names and shapes, first weights.

#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/models/mnasnet.hpp>
#include <verdant/nn/models/mobile_net_1d.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/spaces/mnasnet/mnasnet_net.hpp>

#include "golden/anb/anb_networks.hpp"
#include "golden/golden.hpp"

#include <ATen/ops/empty.h>
#include <c10/core/GradMode.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace nn = verdant::nn;
namespace spaces = verdant::spaces;

namespace {

/// Fills a network by the rule of the goldens (README of the data).
template <nn::convolutional_net Net>
void fill(Net& net, double seed) {
    int t = 0;
    for_each_tensor(net, [&](const std::string& name, at::Tensor& tensor, bool) {
        const double shift = 1.3 * t++ + seed;
        if (name.ends_with("num_batches_tracked")) return void(tensor.zero_());
        const double scale = tensor.dim() > 1 ? std::sqrt(2.0 * static_cast<double>(tensor.size(0)) / static_cast<double>(tensor.numel())) : 0;
        auto values = at::empty(tensor.sizes(), at::kFloat);
        auto* const to = values.template data_ptr<float>();
        for (std::int64_t j = 0; j < values.numel(); ++j) {
            const double v = std::sin(0.37 * static_cast<double>(j) + shift);
            const double filled = name.ends_with("running_var")    ? 1 + 0.5 * v
                                  : name.ends_with("running_mean") ? 0.1 * v
                                  : name.ends_with("bias")         ? 0.05 * v
                                  : tensor.dim() == 1              ? 1 + 0.2 * v
                                                                   : v * scale;
            to[j] = static_cast<float>(filled);
        }
        tensor.copy_(values);
    });
}

at::Tensor input_of(const std::vector<std::int64_t>& shape, double seed) {
    auto x = at::empty(shape, at::kFloat);
    auto* const to = x.data_ptr<float>();
    for (std::int64_t j = 0; j < x.numel(); ++j) to[j] = static_cast<float>(std::cos(0.11 * static_cast<double>(j) + 0.5 * seed));
    return x;
}

/// Names and shapes of the parameters, or of the whole state, whichever the file lists.
template <nn::convolutional_net Net>
void compare_names(golden::summary& rows, const golden::json& expected, const Net& net) {
    const auto given = [&expected](const char* name) { return expected.contains(name) && !expected.at(name).is_null(); };
    if (!given("param_names")) return;
    std::vector<std::string> all, learnt;
    std::vector<std::vector<std::int64_t>> all_shapes, learnt_shapes;
    for_each_tensor(net, [&](const std::string& name, const at::Tensor& t, bool trained) {
        all.push_back(name);
        all_shapes.push_back(t.sizes().vec());
        if (!trained) return;
        learnt.push_back(name);
        learnt_shapes.push_back(t.sizes().vec());
    });
    const auto names = expected.at("param_names").get<std::vector<std::string>>();
    const bool whole = names.size() == all.size();
    rows.equal("names of tensors", names, whole ? all : learnt);
    if (given("param_shapes"))
        rows.equal("shapes of tensors", expected.at("param_shapes").get<std::vector<std::vector<std::int64_t>>>(), whole ? all_shapes : learnt_shapes);
}

/// Outputs, relative to the largest of the sample.
void compare_rows(golden::summary& rows, const golden::json& expected, const at::Tensor& found) {
    const auto wanted = expected.get<std::vector<std::vector<double>>>();
    rows.equal("samples", static_cast<std::int64_t>(wanted.size()), found.size(0));
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        double largest = 0;
        for (const double w : wanted[i]) largest = std::max(largest, std::abs(w));
        rows.equal("classes", static_cast<std::int64_t>(wanted[i].size()), found.size(1));
        for (std::size_t c = 0; c < wanted[i].size(); ++c) {
            const double difference = found[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(c)].item<double>() - wanted[i][c];
            rows.compare("output " + std::to_string(i) + ", " + std::to_string(c), 0, difference / largest);
        }
    }
}

} // namespace

TEST_CASE("outputs of Accel-NASBench's networks", "[golden]") {
    const c10::AutoGradMode off{false};
    for (const auto& file : golden::find_all("anb/net_forward*.json")) {
        golden::summary rows{file.name, 2e-5};
        for (const auto& one : golden::read_json(file.path)) {
            rows.next_row();
            const auto shape = one.at("input_shape").get<std::vector<std::int64_t>>();
            const spaces::mnasnet_frame frame{.image_size = static_cast<int>(shape.at(2)),
                                              .classes = one.at("num_classes").get<int>(),
                                              .act = spaces::mnasnet_activation(one.at("activation").get<std::string>())};
            auto net = nn::empty_mnasnet(spaces::net_of(golden::mnasnet_of(one.at("config")), frame));
            compare_names(rows, one, net);
            fill(net, one.at("fill_seed").get<double>());
            std::size_t stage = 0;
            const auto y = forward(net, input_of(shape, one.at("input_seed").get<double>()), nn::evaluating{}, [&](const std::string& name, const at::Tensor& map) {
                const auto& sums = one.at("feature_sums").at(stage++);
                rows.equal(name + ", shape", sums.at(2).get<std::vector<std::int64_t>>(), map.sizes().vec());
                const auto exact = map.to(at::kDouble);
                const double size = sums.at(1).get<double>();
                rows.compare(name + ", sum", 0, (exact.sum().item<double>() - sums.at(0).get<double>()) / size);
                rows.compare(name + ", sum of sizes", size, exact.abs().sum().item<double>());
            });
            rows.equal("stages", one.at("feature_sums").size(), stage);
            compare_rows(rows, one.at("output"), y);
        }
    }
}

TEST_CASE("first weights of Accel-NASBench's networks", "[golden]") {
    const c10::AutoGradMode off{false};
    for (const auto& file : golden::find_all("anb/net_init*.json")) {
        golden::summary rows{file.name, 2e-5};
        for (const auto& one : golden::read_json(file.path)) {
            rows.next_row();
            auto net = nn::empty_mnasnet(spaces::net_of(golden::mnasnet_of(one.at("config"))));
            initialise(net, one.at("seed").get<std::uint64_t>());
            const auto stem = net.stem.weight.to(at::kDouble), classifier = net.classifier.weight.to(at::kDouble);
            rows.compare("sum of the stem's weights", one.at("stem_weight_sum").get<double>(), stem.sum().item<double>());
            rows.compare("deviation of the stem's weights", one.at("stem_weight_std").get<double>(), stem.std(true).item<double>());
            rows.compare("sum of the classifier's weights", one.at("cls_weight_sum").get<double>(), classifier.sum().item<double>());
            // One picture of 64 x 64, by the rule of inputs with the same seed. The outputs are tiny, since seven blocks shrink what they pass on.
            const auto y = forward(net, input_of({1, 3, 64, 64}, one.at("seed").get<double>()), nn::evaluating{}).to(at::kDouble);
            const auto size = y.abs().mean().item<double>();
            const auto first = one.at("output_first8").get<std::vector<double>>();
            for (std::size_t i = 0; i < first.size(); ++i)
                rows.compare("output " + std::to_string(i), 0, (y[0][static_cast<std::int64_t>(i)].item<double>() - first[i]) / size);
            rows.compare("sum of outputs", 0, (y.sum().item<double>() - one.at("output_sum").get<double>()) / (size * static_cast<double>(y.numel())));
        }
    }
}

TEST_CASE("outputs of Accel-NASBench's networks for signals", "[golden]") {
    const c10::AutoGradMode off{false};
    for (const auto& file : golden::find_all("anb/net1d*.json")) {
        golden::summary rows{file.name, 2e-5};
        for (const auto& one : golden::read_json(file.path)) {
            if (!one.contains("output") || one.at("output").is_null()) continue; // only counts
            rows.next_row();
            const auto& task = spaces::signal_task_named(one.at("dataset").get<std::string>());
            auto net = nn::empty_mobile_net_1d(spaces::net_of(golden::mnasnet_1d_of(one.at("config")), task));
            compare_names(rows, one, net);
            fill(net, one.at("fill_seed").get<double>());
            const auto samples = static_cast<std::int64_t>(one.at("output").size());
            compare_rows(rows, one.at("output"), forward(net, input_of({samples, task.channels, task.length}, one.at("input_seed").get<double>()), nn::evaluating{}));
        }
    }
}
