#include "golden/golden.hpp"
#include "golden/moofa/digit_archs.hpp"

#include <verdant/io/tensor_file.hpp>
#include <verdant/spaces/accuracy_predictor.hpp>
#include <verdant/spaces/comp_ofa.hpp>
#include <verdant/spaces/moofa.hpp>
#include <verdant/spaces/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/ofa_resnet.hpp>
#include <verdant/spaces/resnet_encoding.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

using namespace verdant;
using namespace verdant::spaces;
using golden::json;

namespace {

constexpr double tolerance = 2e-6; // accuracies are below 1, so this is stricter than absolute

template <class Encoding>
accuracy_predictor<Encoding> load(const std::filesystem::path& path) {
    return accuracy_predictor<Encoding>{surrogate::mlp::from(io::read_tensors(path.string()))};
}

template <class Encoding>
void check_encoding(golden::summary& sum, const typename Encoding::arch_type& arch, const json& nonzero) {
    std::vector<float> expected(Encoding::width), found(Encoding::width, 7.0F);
    for (const auto& i : nonzero) expected.at(i.get<std::size_t>()) = 1;
    Encoding::encode(arch, found);
    sum.equal("features", expected, found);
}

template <class S, class Encoding = moofa_encoding<S>>
void check_predictions(const std::string& name, const std::string& table, std::initializer_list<const char*> endings) {
    for (const std::string ending : endings) {
        const auto checkpoint = golden::find("moofa/predictors/" + name + ending), rows = golden::find("moofa/predictors/" + table);
        if (!checkpoint || !rows) continue;
        golden::summary sum{table + " from " + name + ending, tolerance};
        const auto predictor = load<Encoding>(*checkpoint);
        std::vector<typename S::arch_type> archs;
        std::vector<double> expected;
        for (const auto& r : golden::read_csv(*rows)) {
            archs.push_back(golden::digit_arch<S>(r));
            expected.push_back(std::stod(r.at("predicted_f64")));
        }
        std::vector<float> found(archs.size());
        typename accuracy_predictor<Encoding>::workspace w;
        predictor.predict(archs, found, w);
        for (std::size_t i = 0; i < found.size(); ++i) {
            sum.next_row();
            sum.compare("prediction", expected[i], static_cast<double>(found[i]));
        }
    }
}

} // namespace

TEST_CASE("Encodings of sub-networks equal the originals'", "[golden]") {
    const auto path = golden::find("moofa/predictors/encoder_mbv3.json");
    if (!path) return;
    golden::summary sum{"encoder_mbv3.json", 0};
    const auto file = golden::read_json(*path);
    using v3 = moofa_encoding<moofa_v3>;
    for (const auto& entry : file.at("mbv3_v3")) {
        sum.next_row();
        sum.equal("width", entry.at("n_dim").get<std::size_t>(), v3::width);
        const auto arch = golden::listed_arch<moofa_v3>(entry.at("arch"));
        check_encoding<v3>(sum, arch, entry.at("nonzero"));
        std::vector<float> features(v3::width);
        v3::encode(arch, features);
        sum.equal("decoded", golden::listed_arch<moofa_v3>(entry.at("feature2arch")), v3::decode(features));
    }
    const auto& layout = file.at("layout");
    sum.next_row();
    for (std::size_t i = 0; i < 20; ++i) {
        sum.equal("kernels", layout.at("k_L").at(i).get<std::size_t>(), v3::kernel_offset + 3 * i);
        sum.equal("expansions", layout.at("e_L").at(i).get<std::size_t>(), v3::expand_offset + 3 * i);
    }
    using ofa = ofa_mobilenet_v3<1.2>;
    sum.next_row();
    check_encoding<tutorial_encoding<ofa>>(sum, golden::listed_arch<ofa>(file.at("tutorial_128").at("arch")), file.at("tutorial_128").at("nonzero"));
}

TEST_CASE("Published predictors give the published predictions", "[golden]") {
    check_predictions<ofa_mobilenet_v3<>>("MIT_OFA", "MIT_OFA_predictions.csv", {".safetensors"});
    check_predictions<comp_ofa>("CompOFA", "CompOFA_predictions.csv", {".safetensors"});
    check_predictions<moofa_v3>("MC_OFA", "MC_OFA_predictions.csv", {".safetensors", ".npz", ".pt"});
    check_predictions<moofa_v1>("ablation_config1", "ablation_config1_predictions.csv", {".safetensors"});
    check_predictions<moofa_v2>("ablation_config2", "ablation_config2_predictions.csv", {".safetensors"});
    check_predictions<moofa_v3>("ablation_config3", "ablation_config3_predictions.csv", {".safetensors"});
    using tutorial = ofa_mobilenet_v3<1.2>;
    check_predictions<tutorial, tutorial_encoding<tutorial>>("ofa_tutorial_note10_w1.2", "ofa_tutorial_predictions.csv", {".safetensors"});
}

TEST_CASE("The published predictor of ResNets gives the published predictions", "[golden]") {
    const auto path = golden::find("moofa/predictors/resnet50_predictions.json"), checkpoint = golden::find("moofa/predictors/ofa_resnet50.safetensors");
    if (!path || !checkpoint) return;
    golden::summary sum{"resnet50_predictions.json", tolerance};
    using encoding = resnet_encoding<ofa_resnet<>>;
    const auto predictor = load<encoding>(*checkpoint);
    const auto file = golden::read_json(*path);
    bool first = true;
    for (const auto& entry : file.at("rows")) {
        sum.next_row();
        resnet_arch a;
        const auto& j = entry.at("arch");
        for (std::size_t i = 0; i < a.d.size(); ++i) a.d[i] = j.at("d").at(i).get<int>();
        for (std::size_t i = 0; i < a.e.size(); ++i) a.e[i] = j.at("e").at(i).get<double>();
        for (std::size_t i = 0; i < a.w.size(); ++i) a.w[i] = j.at("w").at(i).get<int>();
        a.image_size = j.at("image_size").get<int>();
        if (first) check_encoding<encoding>(sum, a, file.at("feature0_nonzero"));
        first = false;
        sum.compare("prediction", entry.at("predicted").get<double>(), static_cast<double>(predictor(a)));
    }
}
