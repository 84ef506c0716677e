// moofa_data without PART FROM TO: the checkpoint FROM without the tensors whose names hold PART.
// moofa_data FOLDER: a data set in CIFAR-10's binary layout with 24 pictures in each training file and 40 to test with, whose classes differ by
// colour.

#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/torch/torch_checkpoint.hpp>
#include <verdant/io/torch/torch_writer.hpp>
#include <verdant/random/stream.hpp>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

namespace {

std::string records(int count, std::uint64_t seed) {
    verdant::random_stream draws{seed};
    std::string out;
    for (int i = 0; i < count; ++i) {
        const auto label = static_cast<int>(draws.below(10));
        out += static_cast<char>(label);
        for (int channel = 0; channel < 3; ++channel)
            for (int p = 0; p < 1024; ++p)
                out += static_cast<char>(20 + 20 * ((label * (channel + 1)) % 10) + (p / 32 + p % 32 + static_cast<int>(draws.below(12))) % 24);
    }
    return out;
}

} // namespace

int main(int argc, char** argv) {
    try {
        if (argc == 5 && std::string_view{argv[1]} == "without") {
            verdant::io::named_tensors kept;
            for (const auto& [name, value] : verdant::io::read_torch(argv[3]))
                if (name.find(argv[2]) == name.npos) kept.add(name, value);
            verdant::io::write_torch(argv[4], kept, "state_dict");
            return 0;
        }
        if (argc != 2) throw verdant::error{"moofa_data FOLDER"};
        const std::string folder{argv[1]};
        for (int i = 1; i <= 5; ++i)
            verdant::io::write_file(folder + "/data_batch_" + std::to_string(i) + ".bin", records(24, static_cast<std::uint64_t>(i)));
        verdant::io::write_file(folder + "/test_batch.bin", records(40, 6));
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
