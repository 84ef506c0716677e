// `moofa eval`: one sub-network of a trained supernet, or the teacher.
#pragma once

#include "../terminal/validators.hpp"
#include "data.hpp"
#include "job.hpp"
#include "measure.hpp"

#include <verdant/io/file/read_file.hpp>
#include <verdant/random/stream.hpp>

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace moofa {

/// A YAML file as JSON: the whole configuration, for the record of a run.
inline nlohmann::ordered_json json_of(const YAML::Node& node) {
    if (node.IsMap()) {
        nlohmann::ordered_json out = nlohmann::ordered_json::object();
        for (const auto& item : node) out[item.first.Scalar()] = json_of(item.second);
        return out;
    }
    if (node.IsSequence()) {
        nlohmann::ordered_json out = nlohmann::ordered_json::array();
        for (const auto& item : node) out.push_back(json_of(item));
        return out;
    }
    if (!node.IsScalar()) return nullptr;
    const std::string& text = node.Scalar();
    if (node.Tag() == "!") return text; // in quotation marks
    if (text == "true" || text == "false") return text == "true";
    if (const auto n = terminal::number_in<std::int64_t>(text)) return *n;
    if (const auto x = terminal::number_in<double>(text)) return *x;
    return text;
}

/// The sub-network of `subnet_config`: lists, one value for all, or nothing for the largest.
template <class Space>
typename Space::arch_type configured(const job& j) {
    const auto& s = j.c.subnet;
    auto a = spaces::largest_arch<Space>();
    const auto fill = [&j]<class T>(const char* key, const std::vector<T>& given, auto& into, const std::vector<T>& known) {
        const auto list = [](const std::vector<T>& all) {
            std::string text;
            for (const auto x : all) text += (text.empty() ? "" : ", ") + vd::exact_text(static_cast<double>(x));
            return text;
        };
        if (given.size() > 1 && given.size() != into.size())
            throw vd::input_error{j.c.source, std::string{"subnet_config."} + key, std::to_string(into.size()) + " values",
                                  std::to_string(given.size())};
        for (std::size_t i = 0; i < into.size() && !given.empty(); ++i) {
            const auto x = given[given.size() == 1 ? 0 : i];
            if (std::find(known.begin(), known.end(), x) == known.end())
                throw vd::input_error{j.c.source, std::string{"subnet_config."} + key + '[' + std::to_string(given.size() == 1 ? 0 : i) + ']',
                                      "one of " + list(known), vd::exact_text(static_cast<double>(x))};
            into[i] = x;
        }
    };
    if (s.random) {
        vd::random_stream stream{j.seed()};
        const auto pick = [&stream](const auto& known) { return known[static_cast<std::size_t>(stream.below(known.size()))]; };
        for (auto& k : a.ks) k = pick(values<typename Space::kernels, int>());
        for (auto& e : a.e) e = pick(values<typename Space::expands, double>());
        for (std::size_t d = 0; d < Space::stages; ++d)
            a.d[d] = std::min(pick(values<typename Space::depths, int>()), Space::family.stages[d].blocks);
    } else {
        fill("ks", s.ks, a.ks, values<typename Space::kernels, int>());
        fill("e", s.e, a.e, values<typename Space::expands, double>());
        fill("d", s.d, a.d, values<typename Space::depths, int>());
    }
    if (s.image_size != 0) a.image_size = s.image_size;
    // Other sizes than those of training are allowed, as long as a map is left.
    if (a.image_size > 4096) throw vd::input_error{j.c.source, "subnet_config.image_size", "at most 4096", std::to_string(a.image_size)};
    return a;
}

template <class Space>
int evaluate(const job& j, const processes&) {
    const auto& s = j.c.subnet;
    if (j.o.model == "teacher") {
        // One configuration serves both; the teacher has the sizes of the largest network whatever is there.
        if (s.random || !s.ks.empty() || !s.e.empty() || !s.d.empty())
            std::fprintf(stderr, "moofa: %s: random_sample, ks, e and d of subnet_config are of sub-networks; the teacher is judged as it is\n",
                         j.c.source.c_str());
        const auto images = open_images(j);
        const judging_batches batches{images, j};
        const auto path = fs::path{j.needed(j.c.args.teacher_path, "args.teacher_path")} / "checkpoint" / "checkpoint.pth.tar";
        const auto a = spaces::largest_arch<Space>();
        auto net = nn::empty_mobile_net(described<Space>(a, j, images.classes));
        nn::load_state(net, vd::io::read_weights(path.string(), j.o.weights_key));
        move_to(net, j.o);
        const int size = s.image_size != 0 ? s.image_size : a.image_size;
        const auto m = measure(net, size, batches);
        std::printf("teacher at %d pixels: accuracy %.4f, %.4f s a batch\n", size, m.accuracy, m.seconds);
        return 0;
    }
    const auto a = configured<Space>(j);
    const auto images = open_images(j);
    const judging_batches batches{images, j};
    const auto net = trained_supernet<Space>(j, images.classes);
    const auto own = supernet::calibrated(net, a, batches.calibration);
    const auto m = measure(own, a.image_size, batches);
    const auto shape = described<Space>(a, j, images.classes);
    supernet::run_record r;
    r.accuracy = m.accuracy;
    r.avg_forward_time = m.seconds;
    r.config = json_of(YAML::Load(vd::io::read_file(j.c.source)));
    add_costs(r, shape);
    std::printf("%s: accuracy %.4f, peak memory %lld elements, %.3f M multiply-accumulates, %.4f s a batch\n", s.name.c_str(), m.accuracy,
                static_cast<long long>(r.peak_memory), r.flops, m.seconds);
    if (s.draw) {
        const auto folder = fs::path{s.folder} / s.name;
        write_run(folder, r, shape, j.c.args.model + ", " + s.name);
        std::printf("in %s\n", folder.c_str());
    }
    return 0;
}

} // namespace moofa
