// How much memory it takes to load a checkpoint of a CLIP ViT-B/32 (605 MB of 32-bit weights): peak resident memory beyond what the process held
// before, over the size of the file. Each case runs in a process of its own, so that the peaks are its own and what an earlier case left does
// not help a later one. The checkpoints are written once into a folder of their own under $TMPDIR.

#include <verdant/io/file/byte_source.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/io/torch/tensor_file.hpp>
#include <verdant/io/torch/torch_writer.hpp>
#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/workload/transformer/clip_configs.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include <sys/wait.h>
#include <unistd.h>

namespace io = verdant::io;
namespace nn = verdant::nn;
namespace workload = verdant::workload;

namespace {

/// A line of /proc/self/status in bytes.
double status_bytes(const std::string& key) {
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(key + ":")) return 1024 * std::stod(line.substr(key.size() + 1));
    throw std::runtime_error{"no " + key + " in /proc/self/status"};
}

/// Runs `work` in a child process and gives by how many bytes its peak resident memory exceeds what it held before; throws where it fails.
template <class Work>
double peak_of(const Work& work) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error{"no pipe"};
    const auto child = ::fork();
    if (child == 0) {
        int code = 1;
        try {
            const double before = status_bytes("VmRSS");
            work();
            const double grown = status_bytes("VmHWM") - before;
            code = ::write(ends[1], &grown, sizeof grown) == sizeof grown ? 0 : 1;
        } catch (const std::exception& e) { std::fprintf(stderr, "%s\n", e.what()); }
        ::_exit(code);
    }
    ::close(ends[1]);
    double grown = 0;
    const bool complete = ::read(ends[0], &grown, sizeof grown) == sizeof grown;
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!complete || status != 0) throw std::runtime_error{"a case failed"};
    return grown;
}

/// The checkpoints, made by a child, whose memory is gone when the cases run.
class checkpoints {
public:
    checkpoints() {
        auto name = (std::filesystem::temp_directory_path() / "verdant-checkpoint-memory-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"no folder for checkpoints"};
        folder_ = name;
        static_cast<void>(peak_of([this] {
            const auto state = nn::state_of(nn::random_clip(workload::clip_named("ViT-B-32"), 1));
            io::write_safetensors(path("safetensors"), state);
            io::write_torch(path("pt"), state);
        }));
    }
    ~checkpoints() {
        std::error_code none;
        std::filesystem::remove_all(folder_, none);
    }
    checkpoints(const checkpoints&) = delete;
    checkpoints& operator=(const checkpoints&) = delete;

    [[nodiscard]] std::string path(const std::string& ending) const { return (folder_ / ("clip." + ending)).string(); }

private:
    std::filesystem::path folder_;
};

const checkpoints& files() {
    static const checkpoints made;
    return made;
}

template <class Load>
void peak_over_file(benchmark::State& state, const Load& load) {
    const auto path = files().path(state.range(0) == 0 ? "safetensors" : "pt");
    const auto size = static_cast<double>(std::filesystem::file_size(path));
    double most = 0;
    for (auto _ : state) most = std::max(most, peak_of([&] { load(path); }));
    state.counters["file_MB"] = size / 1e6;
    state.counters["peak_over_file"] = most / size;
    state.SetLabel(state.range(0) == 0 ? "safetensors" : "torch zip");
}

void read_tensors(benchmark::State& state) {
    peak_over_file(state, [](const std::string& path) { benchmark::DoNotOptimize(io::read_tensors(path)); });
}

/// And two copies, as of a program that keeps what it read and takes prefixes off.
void read_and_copy(benchmark::State& state) {
    peak_over_file(state, [](const std::string& path) {
        const auto read = io::read_tensors(path);
        const auto copy = read, bare = read.without_prefix("module.");
        benchmark::DoNotOptimize(copy.size() + bare.size());
    });
}

void load_clip(benchmark::State& state) {
    peak_over_file(state, [](const std::string& path) { benchmark::DoNotOptimize(nn::load_clip(io::read_tensors(path), nn::checkpoint_facts{})); });
}

/// The same of a mapped file.
void map_tensors(benchmark::State& state) {
    peak_over_file(state, [](const std::string& path) { benchmark::DoNotOptimize(io::parse_tensors(io::byte_source::map(path))); });
}

/// The dimensions alone.
void config_of(benchmark::State& state) {
    peak_over_file(state, [](const std::string& path) { benchmark::DoNotOptimize(nn::config_of(io::read_shapes(path))); });
}

} // namespace

// Argument: 0 safetensors, 1 the zip format of PyTorch.
#define VERDANT_CASES(name) BENCHMARK(name)->Arg(0)->Arg(1)->Iterations(1)->Unit(benchmark::kMillisecond)
VERDANT_CASES(read_tensors);
VERDANT_CASES(read_and_copy);
VERDANT_CASES(load_clip);
VERDANT_CASES(map_tensors);
VERDANT_CASES(config_of);
#undef VERDANT_CASES
