#include <verdant/io/tensor/npz.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_size.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>
#include <verdant/workload/transformer/clip_parameters.hpp>

#include "clip_tiny.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace golden;

TEST_CASE("whole CLIPs have the original's keys, shapes and counts", "[golden][nn]") {
    for (const auto& file : find_all("carbonnaas/architectures/vit_architectures*.json")) {
        const auto all = read_json(file.path);
        summary s{file.name, 0};
        for (const auto& [name, expected] : all.items()) {
            if (name.starts_with("pruned_")) continue; // those are lists, see pruning.cpp
            if (std::none_of(verdant::workload::clips.begin(), verdant::workload::clips.end(), [&](const auto& c) { return c.name == name; })) {
                s.leave_out("no known CLIP is called " + name);
                continue;
            }
            auto config = verdant::workload::clip_named(name);
            config.nonlinearity = verdant::workload::activation::gelu;
            CHECK(verdant::workload::clip_from_json(expected.at("config")) == config);
            const auto model = nn::random_clip(config, 1);
            CHECK(nn::config_of(model) == config);
            s.equal(name + " parameters", expected.at("num_params").get<std::int64_t>(), nn::parameter_count(model));
            s.equal(name + " closed form", expected.at("num_params").get<std::int64_t>(), verdant::workload::parameters(config));
            s.equal(name + " buffers", expected.at("buffers_bytes").get<std::int64_t>(), nn::byte_count(model) - 4 * nn::parameter_count(model));
            std::size_t count = 0;
            nn::for_each_parameter(model, [&](const std::string& key, const at::Tensor& t) {
                s.next_row();
                ++count;
                s.equal(key, true, expected.at("tensors").contains(key));
                s.equal(key, expected.at("tensors").value(key, std::vector<std::int64_t>{-1}), t.sizes().vec());
            });
            s.equal(name + " tensors", expected.at("tensors").size(), count);
        }
    }
}
