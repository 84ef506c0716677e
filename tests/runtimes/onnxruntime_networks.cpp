// Networks that LibTorch computes here, exported to ONNX and run by ONNX Runtime: what they give is the same.
//
// Debian builds ONNX Runtime with its own libonnx, which has registered the schemas that ONNX Runtime registers again: hence the lines `Schema error`
// that it writes first.

#include <verdant/io/onnx/onnx_file.hpp>
#include <verdant/nn/core/prelude.hpp>

#include "catch.hpp"
#include "runtimes/exported_networks.hpp"

#include <ATen/ops/from_blob.h>
#include <onnxruntime_cxx_api.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace {

Ort::Value shared(const at::Tensor& t) {
    static const auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
    const auto sizes = t.sizes();
    const auto count = static_cast<std::size_t>(t.numel());
    if (t.scalar_type() == at::kLong)
        return Ort::Value::CreateTensor<std::int64_t>(memory, t.data_ptr<std::int64_t>(), count, sizes.data(), sizes.size());
    return Ort::Value::CreateTensor<float>(memory, t.data_ptr<float>(), count, sizes.data(), sizes.size());
}

/// The only output, from a file.
at::Tensor run(const exported::network& n) {
    static const Ort::Env environment{ORT_LOGGING_LEVEL_WARNING, "verdant"};
    const auto path = (std::filesystem::temp_directory_path() / "verdant_onnxruntime.onnx").string();
    verdant::io::write_onnx(path, n.model);
    Ort::Session session{environment, path.c_str(), Ort::SessionOptions{}};
    std::filesystem::remove(path);
    std::vector<const char*> names;
    std::vector<Ort::Value> values;
    for (const auto& [name, value] : n.inputs) {
        names.push_back(name.c_str());
        values.push_back(shared(value.contiguous()));
    }
    const auto& output = n.model.graph().output(0).name();
    const char* const asked[]{output.c_str()};
    const auto found = session.Run(Ort::RunOptions{}, names.data(), values.data(), values.size(), asked, 1);
    const auto shape = found[0].GetTensorTypeAndShapeInfo().GetShape();
    return at::from_blob(const_cast<float*>(found[0].GetTensorData<float>()), shape).clone();
}

} // namespace

TEST_CASE("ONNX Runtime computes exported networks as LibTorch does") {
    const auto batch =
        GENERATE(exported::batch{.rows = 1, .written = 1}, exported::batch{.rows = 2, .written = 2}, exported::batch{.rows = 3, .written = 0});
    std::printf("files with a batch of %d (0: any), %d rows\n", batch.written, static_cast<int>(batch.rows));
    for (const auto& n : exported::networks(batch)) {
        CAPTURE(n.name, batch.rows, batch.written);
        const auto found = run(n);
        REQUIRE(found.sizes() == n.expected.sizes());
        const double error = exported::difference(found, n.expected);
        std::printf("%-36s %.1e\n", n.name.c_str(), error);
        CHECK(error < 3e-6);
    }
}
