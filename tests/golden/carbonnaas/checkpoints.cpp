#include "golden/golden.hpp"

#include <verdant/io/tensor/npz.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/io/torch/tensor_file.hpp>
#include <verdant/io/torch/torch_checkpoint.hpp>
#include <verdant/io/torch/torch_writer.hpp>

#include <algorithm>
#include <array>

namespace io = verdant::io;

namespace {

std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder, const std::vector<std::string>& endings) {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder})
        if (std::find(endings.begin(), endings.end(), entry.path().extension().string()) != endings.end()) out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
}

/// Every tensor of `expected` is in `found`, bit for bit, and nothing else.
void compare(golden::summary& summary, const io::named_tensors& expected, const io::named_tensors& found) {
    CHECK(expected.size() == found.size());
    for (const auto& [name, value] : expected) {
        summary.next_row();
        const auto* other = found.find(name);
        INFO(name);
        REQUIRE(other != nullptr);
        summary.equal(name, value.shape(), other->shape());
        summary.equal(name, value == *other, true);
    }
}

} // namespace

TEST_CASE("the three checkpoints of the small CLIP hold equal tensors", "[golden][io]") {
    const auto safe = golden::find("carbonnaas/clip_tiny/clip.safetensors"), plain = golden::find("carbonnaas/clip_tiny/clip.pt"),
               wrapped = golden::find("carbonnaas/clip_tiny/checkpoint_style.pt");
    if (!safe || !plain || !wrapped) return;
    const auto expected = io::read_safetensors(safe->string());
    CHECK(!expected.empty());
    {
        golden::summary summary{"carbonnaas/clip_tiny/clip.pt", 0};
        compare(summary, expected, io::read_torch(plain->string()));
    }
    golden::summary summary{"carbonnaas/clip_tiny/checkpoint_style.pt", 0};
    const auto checkpoint = io::torch_checkpoint::open(wrapped->string());
    REQUIRE(checkpoint.root().find("epoch") != nullptr);
    CHECK(checkpoint.root().find("epoch")->kind() == io::pickle_kind::integer);
    const auto weights = checkpoint.state_dict();
    for (const auto& [name, value] : weights) CHECK(name.starts_with("module."));
    compare(summary, expected, weights.without_prefix("module."));
}

TEST_CASE("the keys and shapes of the small CLIP are those of its architecture", "[golden][io]") {
    const auto path = golden::find("carbonnaas/clip_tiny/clip.pt"), shapes = golden::find("carbonnaas/architectures/vit_architectures.json");
    if (!path || !shapes) return;
    const auto weights = io::read_torch(path->string());
    golden::summary summary{"carbonnaas/architectures/vit_architectures.json", 0};
    const auto all = golden::read_json(*shapes);
    // The keys of the small model are those of a large one with the first layers of each tower only.
    const auto layer_in = [](const std::string& key) {
        const auto block = key.find("resblocks.");
        return block == std::string::npos ? -1 : std::stoi(key.substr(block + 10));
    };
    std::array<int, 2> depth{};
    for (const auto& [key, value] : weights) {
        int& layers = depth.at(key.starts_with("visual.") ? 1 : 0);
        layers = std::max(layers, layer_in(key) + 1);
    }
    for (const auto& [name, facts] : all.items()) {
        if (!facts.contains("tensors")) continue;
        std::size_t shared = 0;
        std::uint64_t parameters = 0;
        for (const auto& [key, listed] : facts["tensors"].items()) {
            const auto shape = listed.get<io::tensor_shape>();
            parameters += io::element_count(shape).value();
            summary.next_row();
            const bool deep = layer_in(key) >= depth.at(key.starts_with("visual.") ? 1 : 0);
            const auto* tensor = weights.find(key);
            summary.equal(key, !deep, tensor != nullptr);
            if (tensor == nullptr) continue;
            ++shared;
            summary.equal(key + " axes", shape.size(), tensor->shape().size());
        }
        CHECK(shared == weights.size());
        CHECK(parameters == facts["num_params"].get<std::uint64_t>());
    }
}

TEST_CASE("every tensor file of the goldens is read, and written and read again unchanged", "[golden][io]") {
    std::size_t files = 0, folders = 0;
    for (const auto* folder : {"carbonnaas", "moofa", "autobuild", "anb"}) {
        if (!golden::find(folder)) continue;
        ++folders;
        for (const auto& path : files_below(golden::folder() / folder, {".npz", ".npy", ".pt", ".safetensors"})) {
            ++files;
            golden::summary summary{std::filesystem::relative(path, golden::folder()).string(), 0};
            const auto tensors = io::read_tensors(path.string());
            CHECK(!tensors.empty());
            compare(summary, tensors, io::parse_safetensors({"memory", io::to_safetensors({tensors, {}})}).tensors);
            CHECK(io::parse_npz({"memory", io::to_npz(tensors, io::zip_writer::packing::deflated)}) == tensors);
            CHECK(io::torch_checkpoint{{"memory", io::to_torch(tensors)}}.state_dict() == tensors);
            // The same weights as safetensors lie beside most checkpoints.
            const auto sibling = std::filesystem::path{path}.replace_extension(".safetensors");
            if (path.extension() == ".pt" && std::filesystem::exists(sibling)) {
                const auto same = io::read_safetensors(sibling.string());
                for (const auto& [name, value] : same) summary.equal(name, tensors.at(name) == value, true);
                CHECK(same.size() == tensors.size());
            }
        }
    }
    CHECK((files > 0 || folders == 0));
}
