#include <verdant/io/tensor/npy.hpp>
#include <verdant/io/tensor/npz.hpp>
#include <verdant/io/torch/torch_checkpoint.hpp>
#include <verdant/nn/layers/elastic_kernel.hpp>

#include "tiny_net.hpp"

#include <algorithm>

using namespace golden;

TEST_CASE("the numbers that stand for weights are those of the goldens", "[golden][supernet]") {
    for (const auto& f : find_all("moofa/full/u01_*.json")) {
        summary s{f.name, 0};
        const auto expected = read_json(f.path);
        for (const auto& [name, values] : expected.items()) {
            s.next_row();
            named_stream next{name};
            for (const auto& v : values) s.compare(name, v.get<double>(), next());
        }
    }
}

namespace {

/// The number behind a letter of a name such as `filter_c4_k3`.
int number_behind(const std::string& name, const std::string& letter) { return std::stoi(name.substr(name.find('_' + letter) + 1 + letter.size())); }

} // namespace

TEST_CASE("elastic kernels are the original's", "[golden][nn]") {
    for (const auto& f : find_all("moofa/tiny/kernel_transform*.npz")) {
        const auto arrays = io::read_npz(f.path.string());
        summary s{f.name, 2e-6};
        // <from>to<to>_matrix, weight_<kernel>, x_<shape>; then filter_c<channels>_k<kernel>, crop_c<channels>_k<kernel>, y_k<kernel>_s<stride>
        std::vector<nn::kernel_step> steps;
        at::Tensor weight, x;
        for (const auto& [name, value] : arrays) {
            if (name.ends_with("_matrix")) steps.push_back({std::stoi(name), std::stoi(name.substr(name.find("to") + 2)), nn::to_tensor(value)});
            if (name.starts_with("weight_")) weight = nn::to_tensor(value);
            if (name.starts_with("x_")) x = nn::to_tensor(value);
        }
        std::sort(steps.begin(), steps.end(), [](const auto& a, const auto& b) { return a.from > b.from; });
        REQUIRE((weight.defined() && x.defined()));
        for (const auto& [name, value] : arrays) {
            at::Tensor found;
            if (name.starts_with("filter_")) {
                found = nn::transformed_kernels(weight.narrow(0, 0, number_behind(name, "c")), steps, number_behind(name, "k"));
            } else if (name.starts_with("crop_")) {
                found = nn::transformed_kernels(weight.narrow(0, 0, number_behind(name, "c")), {}, number_behind(name, "k"));
            } else if (name.starts_with("y_")) {
                const auto channels = x.size(1);
                const nn::convolution layer{nn::transformed_kernels(weight.narrow(0, 0, channels), steps, number_behind(name, "k")), std::nullopt,
                                            number_behind(name, "s"), channels};
                nn::evaluating mode;
                found = nn::forward(layer, x, mode);
            } else {
                continue;
            }
            const auto expected = nn::to_tensor(value);
            s.next_row();
            s.equal(name + ", shape", expected.sizes().vec(), found.sizes().vec());
            if (expected.sizes() == found.sizes()) s.compare(name, 0, (expected - found).abs().max().item<double>());
        }
        CHECK(s.rows() > 0);
    }
}

TEST_CASE("the supernet's tensors have the original's names, shapes and values", "[golden][supernet]") {
    for (const auto& f : find_all("moofa/tiny/state_dict_index*.json")) {
        const auto expected = read_json(f.path);
        const auto& shapes = expected.at("shapes");
        if (shapes.contains("classifier.linear.weight") && shapes.contains("first_conv.conv.weight") &&
            other_net(f.name, shapes.at("classifier.linear.weight").at(0).get<std::uint64_t>(),
                      shapes.at("first_conv.conv.weight").at(0).get<std::uint64_t>()))
            continue;
        summary s{f.name, 1e-6};
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
}

TEST_CASE("published checkpoints load into the supernet", "[golden][supernet]") {
    const auto expected = nn::state_of(tiny_net().weights());
    for (const auto& file : find_all("moofa/tiny/tiny_ofa*")) {
        const auto state = file.name.ends_with(".pt") ? io::read_torch(file.path.string()) : io::read_safetensors(file.path.string());
        if (other_net(file.name, state)) continue;
        summary s{file.name, 0};
        tiny_supernet net{7};
        s.equal("names that are missing", std::vector<std::string>{}, nn::load_state(net.weights(), state));
        const auto found = nn::state_of(net.weights());
        for (const auto& e : expected) {
            s.next_row();
            s.equal(e.name, e.value, found.at(e.name));
        }
    }
}

TEST_CASE("supernet, extracted networks and every layer compute what the original's do", "[golden][supernet]") {
    const c10::AutoGradMode off{false};
    const auto net = tiny_net();
    for (const auto& file : find_all("moofa/tiny/outputs*.json")) {
        const auto all = read_json(file.path);
        if (all.empty()) {
            skip(file.name, "no rows");
            continue;
        }
        const auto& first = all.front();
        if (other_net(file.name, first.at("supernet_output").at(0).size())) continue;
        const auto input = tiny_input(file.name, rows(first.at("supernet_output")), [&](const at::Tensor& images) {
            return forward(net.active(raw_arch<spaces::ofa_arch>(first.at("config"))), images, nn::evaluating{});
        });
        if (!input) continue;
        const auto& x = *input;
        summary s{file.name, 1e-4};
        for (const auto& row : all) {
            s.next_row();
            const auto arch = raw_arch<spaces::ofa_arch>(row.at("config"));
            std::vector<std::pair<std::string, at::Tensor>> layers;
            const auto shared = net.active(arch);
            const auto out =
                forward(shared, x, nn::evaluating{}, [&](const std::string& layer, const at::Tensor& y) { layers.emplace_back(layer, y); });
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
                const auto flat = y.flatten();
                const double size = t.at("abs_sum").get<double>() / static_cast<double>(y.numel());
                for (std::size_t k = 0; k < t.at("first").size(); ++k)
                    s.agree(layers[i].first + ", first", 1,
                            1 + 0.1 * (t.at("first").at(k).get<double>() - flat[static_cast<std::int64_t>(k)].item<double>()) / size);
            }
        }
    }
}

TEST_CASE("an extracted network has the original's tensors", "[golden][supernet]") {
    for (const auto& file : find_all("moofa/tiny/subnet*.safetensors")) {
        const auto config = find("moofa/tiny/subnet" + file.star + ".json");
        if (!config) continue;
        const auto expected = io::read_safetensors(file.path.string());
        if (other_net(file.name, expected)) continue;
        summary s{file.name, 1e-6};
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
}
