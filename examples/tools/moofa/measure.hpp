// Networks of moofa: made, loaded, calibrated, judged, and what is written about them.
#pragma once

#include "../terminal/device.hpp"
#include "../terminal/paths.hpp"
#include "data.hpp"
#include "job.hpp"
#include "models.hpp"

#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/weights/weights_key.hpp>
#include <verdant/nn/evaluate/evaluate_images.hpp>
#include <verdant/nn/models/init_net.hpp>
#include <verdant/nn/models/mobile_net.hpp>
#include <verdant/nn/models/net_state.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/supernet/elastic_supernet.hpp>
#include <verdant/supernet/run_record.hpp>
#include <verdant/workload/convnet/drawing_svg.hpp>
#include <verdant/workload/convnet/memory_plot.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>
#include <verdant/workload/convnet/network_drawing.hpp>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

namespace moofa {

/// The description of a sub-network, with the classes of the data set and the norms of the configuration.
template <class Space>
vd::workload::mobile_net described(const typename Space::arch_type& a, const job& j, std::int64_t classes) {
    auto net = spaces::net_of(Space::family, a);
    net.classes = static_cast<int>(classes);
    net.bn_eps = j.c.args.norm_epsilon;
    net.bn_momentum = j.c.args.norm_momentum;
    return net;
}

inline void set_norms(nn::mobile_net& net, const training_settings& a) {
    const auto set = [&a](nn::convolution& c) {
        if (c.norm) c.norm->epsilon = a.norm_epsilon, c.norm->momentum = a.norm_momentum;
    };
    set(net.first_conv);
    for (auto& b : net.blocks) {
        if (b.expansion) set(*b.expansion);
        set(b.depthwise);
        set(b.projection);
    }
    if (net.final_expand) set(*net.final_expand);
    set(net.feature_mix);
}

inline nn::init_fan fan_of(const training_settings& a) { return a.initial == "he_fin" ? nn::init_fan::in : nn::init_fan::out; }

/// The supernet before training, with a classifier for the data set.
template <class Space>
supernet::supernet<Space> new_supernet(const job& j, std::int64_t classes) {
    supernet::supernet<Space> net{j.seed(), j.c.args.dropout};
    auto& whole = net.weights().whole;
    whole.classifier = {at::empty({classes, Space::family.feature_mix}), at::empty({classes})};
    set_norms(whole, j.c.args);
    nn::initialise(net.weights(), j.seed(), fan_of(j.c.args));
    return net;
}

template <class Net>
void move_to(Net& net, const options& o) {
    if (const auto device = terminal::device_of(o.device); !device.is_cpu()) net = nn::to(net, device, at::kFloat);
}

/// The supernet of `args.checkpoint`. Weights of a static network, such as the teacher, have no kernel matrices; this is said, since smaller kernels are
/// the centres of larger ones then. @throws input_error naming the first tensor that is missing or does not fit
template <class Space>
supernet::supernet<Space> trained_supernet(const job& j, std::int64_t classes) {
    auto net = new_supernet<Space>(j, classes);
    const auto& file = j.needed(j.c.args.checkpoint, "args.checkpoint");
    auto kept = nn::load_state(net.weights(), vd::io::read_weights(file, j.o.weights_key));
    std::erase_if(kept, [](const std::string& name) { return !name.ends_with("_matrix"); });
    if (!kept.empty())
        std::cerr << "moofa: " << file << " has no kernel matrices (" << kept.front() << " and " << kept.size() - 1
                  << " more), as a static network has none; smaller kernels are the centres of larger ones\n";
    move_to(net.weights(), j.o);
    return net;
}

/// Share of right answers, and the time of a batch.
struct measured {
    double accuracy = 0, seconds = 0;
};

/// As the original measures: time by the clock, means weighted by the images of batches.
inline measured measure(const nn::mobile_net& net, int size, const judging_batches& batches) {
    const c10::AutoGradMode off{false};
    return batches.test(size, [&net](const auto& range) {
        measured sum;
        double items = 0;
        for (const auto& b : range) {
            const nn::labelled_images& batch = b;
            const auto begun = std::chrono::steady_clock::now();
            const auto logits = forward(net, batch.images, nn::evaluating{});
            const auto score = nn::score_of(logits, batch.labels, static_cast<std::int64_t>(items));
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
            const auto n = static_cast<double>(score.images);
            sum.accuracy += score.top1 * n;
            sum.seconds += took.count() * n;
            items += n;
        }
        if (items == 0) throw vd::error{"a network cannot be judged without images"};
        return measured{sum.accuracy / items, sum.seconds / items};
    });
}

/// Costs, into a record.
inline void add_costs(supernet::run_record& r, const vd::workload::mobile_net& net) {
    const auto cost = vd::workload::cost_of(net);
    r.peak_memory = cost.peak;
    r.flops = static_cast<double>(cost.macs) / 1e6;
    r.memory_history.clear();
    for (const auto m : vd::workload::memory_history(net)) r.memory_history.push_back(m);
}

/// `info.json`, the graph of the network as DOT and SVG, and the bars of its memory.
inline void write_run(const fs::path& folder, const supernet::run_record& r, const vd::workload::mobile_net& net, const std::string& caption) {
    terminal::make_folder(folder);
    const auto drawing = vd::workload::drawing_of(net);
    vd::io::write_file((folder / "subnet.dot").string(), vd::workload::dot_text(drawing, caption));
    vd::io::write_file((folder / "subnet.svg").string(), vd::workload::svg_text(drawing, caption));
    vd::io::write_file((folder / "memory_histogram.svg").string(),
                       vd::workload::memory_svg(r.memory_history, "peak " + std::to_string(r.peak_memory)));
    supernet::write_record(folder, r);
}

} // namespace moofa
