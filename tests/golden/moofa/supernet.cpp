#include <verdant/io/npy.hpp>
#include <verdant/io/npz.hpp>
#include <verdant/io/torch_checkpoint.hpp>
#include <verdant/nn/elastic_kernel.hpp>

#include "tiny_net.hpp"

using namespace golden;

TEST_CASE("the numbers that stand for weights are those of the goldens", "[golden][supernet]") {
    const auto file = find("moofa/full/u01_selftest.json");
    if (!file) return;
    summary s{"moofa/full/u01_selftest.json", 0};
    const auto expected = read_json(*file);
    for (const auto& [name, values] : expected.items()) {
        s.next_row();
        named_stream next{name};
        for (const auto& v : values) s.compare(name, v.get<double>(), next());
    }
}

TEST_CASE("elastic kernels are the original's", "[golden][nn]") {
    const auto file = find("moofa/tiny/kernel_transform.npz");
    if (!file) return;
    const auto arrays = io::read_npz(file->string());
    summary s{"moofa/tiny/kernel_transform.npz", 2e-6};
    const std::vector<nn::kernel_step> steps{{7, 5, array(arrays, "7to5_matrix")}, {5, 3, array(arrays, "5to3_matrix")}};
    const auto weight = array(arrays, "weight_7"), x = array(arrays, "x_1x4x9x9");
    const auto check = [&s](const std::string& what, const at::Tensor& expected, const at::Tensor& found) {
        s.next_row();
        s.equal(what + ", shape", expected.sizes().vec(), found.sizes().vec());
        if (expected.sizes() == found.sizes()) s.compare(what, 0, (expected - found).abs().max().item<double>());
    };
    for (const int k : {3, 5, 7}) {
        const auto size = "_k" + std::to_string(k);
        for (const int c : {4, 6}) {
            const auto name = "c" + std::to_string(c) + size;
            check("filter_" + name, array(arrays, "filter_" + name), nn::transformed_kernels(weight.narrow(0, 0, c), steps, k));
            if (arrays.find("crop_" + name) != nullptr)
                check("crop_" + name, array(arrays, "crop_" + name), nn::transformed_kernels(weight.narrow(0, 0, c), {}, k));
        }
        for (const int stride : {1, 2}) {
            const nn::convolution layer{nn::transformed_kernels(weight.narrow(0, 0, 4), steps, k), std::nullopt, stride, 4};
            nn::evaluating mode;
            const auto name = "y" + size + "_s" + std::to_string(stride);
            check(name, array(arrays, name), nn::forward(layer, x, mode));
        }
    }
}

TEST_CASE("the supernet's tensors have the original's names, shapes and values", "[golden][supernet]") {
    const auto index = find("moofa/tiny/state_dict_index.json");
    if (!index) return;
    summary s{"moofa/tiny/state_dict_index.json", 1e-6};
    const auto expected = read_json(*index);
    const auto net = tiny_net();
    s.equal("parameters", expected.at("n_params").get<std::int64_t>(), nn::parameter_count(net.weights()));
    std::size_t seen = 0;
    for_each_tensor(net.weights(), [&](const std::string& name, const at::Tensor& t, bool) {
        s.next_row();
        ++seen;
        if (!expected.at("shapes").contains(name)) return s.equal(name, std::string{"a name of the original"}, std::string{"none"});
        s.equal(name, expected.at("shapes").at(name).get<std::vector<std::int64_t>>(), t.sizes().vec());
        s.compare(name, expected.at("abs_sum").at(name).get<double>(), t.to(at::kDouble).abs().sum().item<double>());
        const auto first = t.to(at::kDouble).flatten();
        for (std::size_t i = 0; i < expected.at("first3").at(name).size(); ++i)
            s.compare(name, expected.at("first3").at(name).at(i).get<double>(), first[static_cast<std::int64_t>(i)].item<double>());
    });
    s.equal("tensors", expected.at("n_tensors").get<std::size_t>(), seen);
}

TEST_CASE("published checkpoints load into the supernet", "[golden][supernet]") {
    const auto expected = nn::state_of(tiny_net().weights());
    for (const std::string name : {"tiny_ofa.pt", "tiny_ofa.safetensors"}) {
        const auto file = find("moofa/tiny/" + name);
        if (!file) continue;
        summary s{"moofa/tiny/" + name, 0};
        tiny_supernet net{7};
        const auto state = name.ends_with(".pt") ? io::read_torch(file->string()) : io::read_safetensors(file->string());
        s.equal("names that are missing", std::vector<std::string>{}, nn::load_state(net.weights(), state));
        const auto found = nn::state_of(net.weights());
        for (const auto& e : expected) {
            s.next_row();
            s.equal(e.name, e.value, found.at(e.name));
        }
    }
}

TEST_CASE("supernet, extracted networks and every layer compute what the original's do", "[golden][supernet]") {
    const auto file = find("moofa/tiny/outputs.json"), input = find("moofa/tiny/input_2x3x64x64.npy");
    if (!file || !input) return;
    summary s{"moofa/tiny/outputs.json", 1e-4};
    const c10::AutoGradMode off{false};
    const auto net = tiny_net();
    const auto x = nn::to_tensor(io::read_npy(input->string()));
    for (const auto& row : read_json(*file)) {
        s.next_row();
        const auto arch = raw_arch<spaces::ofa_arch>(row.at("config"));
        std::vector<std::pair<std::string, at::Tensor>> layers;
        const auto shared = net.active(arch);
        const auto out = forward(shared, x, nn::evaluating{}, [&](const std::string& layer, const at::Tensor& y) { layers.emplace_back(layer, y); });
        s.compare("logits", 0, relative_difference(rows(row.at("supernet_output")), out));
        const auto own = net.extract(arch);
        const auto own_out = forward(own, x, nn::evaluating{});
        s.compare("extracted", row.at("max_abs_diff_supernet_subnet").get<double>(), (own_out - out).abs().max().item<double>());
        s.compare("64 bits", 0,
                  100 * relative_difference(rows(row.at("subnet_output_f64")),
                                            forward(nn::to(own, at::kCPU, at::kDouble), x.to(at::kDouble), nn::evaluating{})));
        s.equal("parameters", row.at("subnet_params").get<std::int64_t>(), nn::parameter_count(own));
        if (row.contains("subnet_state_keys")) s.equal("tensors", row.at("subnet_state_keys").get<std::size_t>(), nn::state_of(own).size());
        if (!row.contains("trace")) continue;
        // The originals skip blocks where this net has none, so the layers are matched by their order.
        s.equal("layers", row.at("trace").size(), layers.size());
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const auto& t = row.at("trace").at(i);
            const auto y = layers[i].second.to(at::kDouble);
            s.equal("shape", t.at("shape").get<std::vector<std::int64_t>>(), y.sizes().vec());
            s.compare(layers[i].first, t.at("abs_sum").get<double>(), y.abs().sum().item<double>());
            s.compare(layers[i].first, 0, (t.at("sum").get<double>() - y.sum().item<double>()) / t.at("abs_sum").get<double>());
        }
    }
}

TEST_CASE("an extracted network has the original's tensors", "[golden][supernet]") {
    const auto config = find("moofa/tiny/subnet6.json"), file = find("moofa/tiny/subnet6.safetensors");
    if (!config || !file) return;
    summary s{"moofa/tiny/subnet6.safetensors", 1e-6};
    const auto expected = io::read_safetensors(file->string());
    const auto found = nn::state_of(tiny_net().extract(raw_arch<spaces::ofa_arch>(read_json(*config).at("config"))));
    s.equal("tensors", expected.size(), found.size());
    for (const auto& e : expected) {
        s.next_row();
        if (found.find(e.name) == nullptr) {
            s.equal("name", e.name, std::string{});
            continue;
        }
        const auto a = nn::to_tensor(e.value), b = nn::to_tensor(found.at(e.name));
        s.equal(e.name + ", shape", a.sizes().vec(), b.sizes().vec());
        if (a.sizes() == b.sizes()) s.compare(e.name, 0, (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>());
    }
}
