// Writes a small checkpoint as PyTorch would, reads it back without PyTorch, and lists what is in it.

#include <verdant/error.hpp>
#include <verdant/io/archive/zip_writer.hpp>
#include <verdant/io/torch/tensor_file.hpp>
#include <verdant/io/torch/torch_checkpoint.hpp>
#include <verdant/io/torch/torch_writer.hpp>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace io = verdant::io;

int main() {
    // [write]
    io::named_tensors weights;
    weights.add("module.logit_scale", io::tensor_data::of<float>({}, std::vector<float>{2.6593F}));
    weights.add("module.visual.proj", io::tensor_data::of<float>({2, 3}, std::vector<float>{0, 1, 2, 3, 4, 5}));
    weights.add("module.visual.class_embedding", io::tensor_data{io::dtype::bf16, {2}, {0x80, 0x3f, 0x00, 0xc0}});
    io::write_torch("checkpoint_keys.pt", weights);
    // [/write]

    // [read]
    const io::named_tensors read = io::read_tensors("checkpoint_keys.pt").without_prefix("module.");
    for (const auto& [name, value] : read) {
        double sum = 0;
        for (const double x : value.to<double>()) sum += x;
        const std::string type{io::name_of(value.type())}, shape = io::shape_text(value.shape());
        std::printf("%-24s %-5s %-7s sum %.4f\n", name.c_str(), type.c_str(), shape.c_str(), sum);
    }
    // [/read]
    std::remove("checkpoint_keys.pt");

    // [refuse]
    // A pickle that would run a command when Python loads it.
    const std::string hostile = std::string{"\x80\x02"} + "cos\nsystem\nX" + std::string{"\x0a\0\0\0", 4} + "echo owned\x85R.";
    io::zip_writer archive;
    archive.add("evil/data.pkl", io::to_bytes(hostile), io::zip_writer::packing::stored);
    try {
        const io::torch_checkpoint checkpoint{{"evil.pt", std::move(archive).finish()}};
        static_cast<void>(checkpoint.state_dict());
    } catch (const verdant::input_error& e) { std::printf("%s\n", e.what()); }
    // [/refuse]
}
