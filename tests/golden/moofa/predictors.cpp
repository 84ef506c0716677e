#include "golden/golden.hpp"
#include "golden/moofa/digit_archs.hpp"
#include "golden/moofa/families.hpp"

#include <verdant/io/torch/tensor_file.hpp>
#include <verdant/predictor/accuracy_predictor.hpp>
#include <verdant/predictor/resnet_encoding.hpp>
#include <verdant/spaces/once_for_all/comp_ofa.hpp>
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/spaces/once_for_all/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/resnet/ofa_resnet.hpp>

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

/// The predictions of one table from one form of a checkpoint.
template <class S, class Encoding = moofa_encoding<S>>
void check_predictions(const golden::file& table, const golden::file& checkpoint) {
    golden::summary sum{table.name + " from " + checkpoint.path.filename().string(), tolerance};
    const auto predictor = load<Encoding>(checkpoint.path);
    std::vector<typename S::arch_type> archs;
    std::vector<double> expected, single;
    for (const auto& r : golden::read_csv(table.path)) {
        archs.push_back(golden::digit_arch<S>(r));
        expected.push_back(std::stod(r.at("predicted_f64")));
        single.push_back(std::stod(r.at("predicted_f32")));
    }
    std::vector<float> found(archs.size());
    typename accuracy_predictor<Encoding>::workspace w;
    predictor.predict(archs, found, w);
    for (std::size_t i = 0; i < found.size(); ++i) {
        sum.next_row();
        sum.compare("prediction", expected[i], static_cast<double>(found[i]));
        sum.agree("prediction in single precision", single[i], static_cast<double>(found[i]));
    }
    CHECK(sum.rows() > 0);
}

using tutorial = ofa_mobilenet_v3<1.2>;
const std::string tutorial_name = "ofa_tutorial";

/// The checkpoints of a table in all their forms: those of its own name, else those of the set that its name begins with.
std::vector<golden::file> checkpoints_of(const std::string& table, const std::string& set) {
    std::vector<golden::file> own, first, rest;
    for (const auto& file : golden::find_all("moofa/predictors/" + set + "*")) {
        const auto ending = file.path.extension(), stem = file.path.stem();
        if (ending != ".safetensors" && ending != ".npz" && ending != ".pt") continue;
        (stem == table ? own : stem == set ? first : rest).push_back(file);
    }
    const auto& found = !own.empty() ? own : !first.empty() ? first : rest;
    if (found.empty()) golden::skip("moofa/predictors/" + set + "*", "no checkpoint");
    return found;
}

} // namespace

TEST_CASE("Encodings of sub-networks equal the originals'", "[golden]") {
    for (const auto& f : golden::find_all("moofa/predictors/encoder_mbv3*.json")) {
        golden::summary sum{f.name, 0};
        const auto file = golden::read_json(f.path);
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
        sum.equal("kernels", v3::expand_offset - v3::kernel_offset, 3 * layout.at("k_L").size());
        sum.equal("expansions", v3::width - v3::expand_offset, 3 * layout.at("e_L").size());
        for (const auto& [size, place] : layout.at("r").items()) {
            std::vector<float> features(v3::width);
            auto arch = golden::listed_arch<moofa_v3>(file.at("mbv3_v3").at(0).at("arch"));
            arch.image_size = std::stoi(size);
            v3::encode(arch, features);
            sum.equal("place of size " + size, 1.0F, features.at(place.get<std::size_t>()));
        }
        for (std::size_t i = 0; i < layout.at("k_L").size(); ++i) {
            sum.equal("kernels", layout.at("k_L").at(i).get<std::size_t>(), v3::kernel_offset + 3 * i);
            sum.equal("expansions", layout.at("e_L").at(i).get<std::size_t>(), v3::expand_offset + 3 * i);
        }
        using ofa = ofa_mobilenet_v3<1.2>;
        sum.next_row();
        check_encoding<tutorial_encoding<ofa>>(sum, golden::listed_arch<ofa>(file.at("tutorial_128").at("arch")),
                                               file.at("tutorial_128").at("nonzero"));
    }
}

TEST_CASE("Published predictors give the published predictions", "[golden]") {
    for (const auto& table : golden::find_all("moofa/predictors/*_predictions.csv")) {
        if (table.star.starts_with(tutorial_name)) {
            for (const auto& checkpoint : checkpoints_of(table.star, tutorial_name))
                check_predictions<tutorial, tutorial_encoding<tutorial>>(table, checkpoint);
            continue;
        }
        const auto family = golden::family_of_set(table.star);
        if (family.empty()) {
            golden::skip(table.name, "a predictor of no known family");
            continue;
        }
        for (const auto& checkpoint : checkpoints_of(table.star, golden::set_of_file(table.star)))
            golden::with_space(family, [&]<class S>() { check_predictions<S>(table, checkpoint); });
    }
}

TEST_CASE("The published predictor of ResNets gives the published predictions", "[golden]") {
    const auto checkpoint = golden::find("moofa/predictors/ofa_resnet50.safetensors");
    if (!checkpoint) return;
    using encoding = resnet_encoding<ofa_resnet<>>;
    const auto predictor = load<encoding>(*checkpoint);
    for (const auto& f : golden::find_all("moofa/predictors/resnet50_predictions*.json")) {
        golden::summary sum{f.name, tolerance};
        const auto file = golden::read_json(f.path);
        sum.equal("width", file.at("n_dim").get<std::size_t>(), encoding::width);
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
}
