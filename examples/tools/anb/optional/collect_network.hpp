// What one network is trained and measured with, and the record of it.
#pragma once

#include "../data.hpp"
#include "collect_data.hpp"

#include <verdant/collection/collect_networks.hpp>
#include <verdant/error.hpp>
#include <verdant/nn/core/timing.hpp>
#include <verdant/nn/evaluate/int8_net.hpp>
#include <verdant/nn/evaluate/measuring.hpp>
#include <verdant/nn/evaluate/net_backend.hpp>
#include <verdant/nn/layers/channels_last.hpp>
#include <verdant/nn/models/mnasnet.hpp>
#include <verdant/nn/recipes/proxy_training.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/spaces/mnasnet/mnasnet_net.hpp>
#include <verdant/tabular/network_record.hpp>
#include <verdant/tabular/record_json.hpp>
#include <verdant/tabular/record_schema.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/convnet/narrowed.hpp>
#include <verdant/workload/convnet/thop_counts.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace anb {

namespace nn = verdant::nn;

struct measure_settings {
    double width = 0.25;              ///< of all channels
    double classifier_scale = 0.1;    ///< of the classifier's first weights, which as published are large for few classes
    double residual_scale = 1; ///< of what layers with a shortcut add to it, in the first weights (Goyal et al., arXiv 1706.02677, section 5.1)
    double dropout = 0; ///< of the classifier's inputs
    double stochastic_depth = 0; ///< share of samples that pass by the last layer
    std::uint64_t seed = 1; ///< of weights and training
    std::int64_t latency_images = 20; ///< one after the other; 0: no latency
    std::int64_t throughput_batch = 0;
    bool int8 = false;
};

/// Networks of the space with their first weights, all of the same width and for the same images.
struct network_builder {
    measure_settings settings;
    int side = 28, classes = 10;

    [[nodiscard]] vd::workload::mobile_net description(const vd::point<mnasnet>& p) const {
        return vd::workload::narrowed(vd::spaces::net_of(p, {.image_size = side, .classes = classes}), settings.width);
    }
    [[nodiscard]] nn::mnasnet operator()(const vd::point<mnasnet>& p, std::uint64_t seed) const {
        auto net = nn::empty_mnasnet(description(p), settings.stochastic_depth);
        net.dropout = settings.dropout;
        nn::initialise(net, seed);
        net.classifier.weight.mul_(settings.classifier_scale);
        for (auto& layers : net.blocks)
            for (auto& layer : layers)
                if (layer.shortcut && layer.projection.norm) layer.projection.norm->weight.mul_(settings.residual_scale);
        return net;
    }
};

/// Trains and measures networks, all alike.
class network_measurer {
public:
    network_measurer(measure_settings s, nn::proxy_recipe recipe, image_halves images)
        : settings_{s}, recipe_{std::move(recipe)}, images_{std::move(images)},
          build_{s, static_cast<int>(recipe_.validation_side), static_cast<int>(images_.train.classes())},
          validation_{nn::evaluation_batches(images_.test, static_cast<int>(recipe_.validation_side), recipe_.validation_batch, images_.statistics, 1)
                          .loaded()} {
        if (const auto all = static_cast<std::int64_t>(images_.test.size()); settings_.throughput_batch > all)
            throw verdant::input_error{"--throughput_batch", "", "at most the test images, " + std::to_string(all),
                                       std::to_string(settings_.throughput_batch)};
    }

    /// @param step called after every step of the training
    vd::collection::collected operator()(std::size_t id, const vd::point<mnasnet>& p,
                                         const std::function<void(const nn::image_training_progress&)>& step) const {
        // Another seed for each network: what they have in common would make them look more alike than they are.
        const auto seed = vd::random_stream::derived_seed(settings_.seed, id);
        auto net = build_(p, seed);
        if (recipe_.memory_limit > 0)
            if (const auto bytes = nn::step_memory(net, recipe_.batch, recipe_.resolution.greatest); bytes > recipe_.memory_limit)
                return vd::collection::left_out{"a step takes " + std::to_string(bytes) + " bytes"};
        auto recipe = recipe_;
        recipe.seed = seed;
        const auto trained =
            nn::train_with_proxies<nn::fp32, nn::training_channels_last>(net, images_.train, validation_, recipe, images_.statistics, step);
        auto record = record_of(id, p, trained);
        measure(net, record);
        return vd::tabular::record_json(record, vd::tabular::open_schema()).dump(2) + '\n';
    }

    /// What a training gave, and what the network computes.
    [[nodiscard]] vd::tabular::network_record<mnasnet> record_of(std::uint64_t id, const vd::point<mnasnet>& p,
                                                                 const nn::image_training_record& trained) const {
        const auto counts = vd::workload::thop_counts_of(build_.description(p));
        vd::tabular::network_record<mnasnet> record{.id = id, .architecture = p};
        record.set({"val_top1", 100 * trained.top1, std::nullopt, "%"});
        record.set({"val_top5", 100 * trained.top5, std::nullopt, "%"});
        record.set({"train_time", trained.seconds, std::nullopt, "s"});
        record.set({"macs", static_cast<double>(counts.operations()) / 1e6, std::nullopt, "1e6"});
        record.set({"params", static_cast<double>(counts.parameters) / 1e6, std::nullopt, "1e6"});
        return record;
    }
    /// Adds latencies and throughputs of a network.
    void measure(const nn::mnasnet& net, vd::tabular::network_record<mnasnet>& record) const {
        nn::net_backend backend{net};
        measure_on(backend, "cpu", record);
        if (!settings_.int8) return;
        std::vector<at::Tensor> calibration;
        for (std::int64_t first = 0; first < std::min<std::int64_t>(150, validation_.front().images.size(0)); first += 32)
            calibration.push_back(validation_.front().images.slice(0, first, first + 32));
        nn::int8_net small{nn::bottlenecks_of(net), calibration};
        measure_on(small, "cpu_int8", record);
    }

    [[nodiscard]] const network_builder& build() const noexcept { return build_; }
    [[nodiscard]] const image_halves& images() const noexcept { return images_; }
    /// The test images at the size of the recipe.
    [[nodiscard]] const std::vector<nn::labelled_images>& validation() const noexcept { return validation_; }

private:
    using record_type = vd::tabular::network_record<mnasnet>;

    /// The first test images, of as many batches as it takes; all where there are fewer.
    [[nodiscard]] at::Tensor first_images(std::int64_t count) const {
        std::vector<at::Tensor> parts;
        for (std::size_t b = 0; b < validation_.size() && count > 0; ++b) {
            parts.push_back(validation_[b].images.slice(0, 0, count));
            count -= parts.back().size(0);
        }
        return at::cat(parts);
    }
    /// Latency of one image and, where wanted, throughput, in processor time: other processes do not disturb that.
    template <class Backend>
    void measure_on(Backend& backend, const std::string& device, record_type& record) const {
        const nn::pass_options passes{.warm_up = 1, .repetitions = 3, .clock = nn::timing_clock::processor};
        if (settings_.latency_images > 0) {
            std::vector<at::Tensor> single;
            const auto all = first_images(settings_.latency_images);
            for (std::int64_t i = 0; i < all.size(0); ++i) single.push_back(backend.place(all.slice(0, i, i + 1)));
            const auto m = nn::measure_passes(backend, single, passes);
            record.set({"latency_" + device, m.latency.mean, m.latency.deviation, "ms"});
        }
        if (settings_.throughput_batch > 0) {
            const auto m = nn::measure_passes(backend, std::vector<at::Tensor>(4, backend.place(first_images(settings_.throughput_batch))), passes);
            record.set({"throughput_" + device, m.throughput.mean, m.throughput.deviation, "images/s"});
        }
        record.provenance.emplace_back(device, backend.name() + ", 1 thread, processor time");
    }

    measure_settings settings_;
    nn::proxy_recipe recipe_;
    image_halves images_;
    network_builder build_;
    std::vector<nn::labelled_images> validation_;
};

} // namespace anb
