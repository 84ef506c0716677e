#include <verdant/io/npz.hpp>
#include <verdant/nn/clip_init.hpp>
#include <verdant/nn/clip_size.hpp>
#include <verdant/workload/clip_configs.hpp>
#include <verdant/workload/clip_parameters.hpp>

#include "clip_tiny.hpp"

#include <string>
#include <vector>

using namespace golden;

TEST_CASE("ViT-B-16 and B-32 have the original's keys, shapes and counts", "[golden][nn]") {
    const auto file = find("carbonnaas/architectures/vit_architectures.json");
    if (!file) return;
    const auto all = read_json(*file);
    summary s{"carbonnaas/architectures/vit_architectures.json", 0};
    for (const std::string name : {"ViT-B-16", "ViT-B-32"}) {
        const auto& expected = all.at(name);
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
