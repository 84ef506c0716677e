// Two processes of c10d with Gloo, and one alone, obey the laws of communicators; two train together and end with the weights of one process with
// the double batch.

#include "laws/communicator.hpp"

#include <verdant/nn/models/clip_init.hpp>
#include <verdant/nn/models/clip_state.hpp>
#include <verdant/nn/processes/c10d_communicator.hpp>
#include <verdant/nn/train/clip_optimizer.hpp>
#include <verdant/nn/train/train.hpp>

#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>

#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

verdant::nn::c10d_communicator<c10d::ProcessGroupGloo> gloo_group(const std::string& file, int rank, int size) {
    const auto options = c10d::ProcessGroupGloo::Options::create();
    options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1"));
    return verdant::nn::c10d_communicator{
        c10::make_intrusive<c10d::ProcessGroupGloo>(c10::make_intrusive<c10d::FileStore>(file, size), rank, size, options)};
}

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

namespace nn = verdant::nn;

int main(int argc, char** argv) {
    const std::string file = argc > 1 ? argv[1] : "c10d.store";
    std::remove(file.c_str());
    const auto child = fork();
    const int rank = child == 0 ? 1 : 0;
    const verdant::workload::clip_config small{.text = {2, 16, 32, 2, 8},
                                               .vision = {2, 24, 48, 3, 8},
                                               .patch = 4,
                                               .joint = 12,
                                               .image = 8,
                                               .context = 6,
                                               .vocabulary = 20,
                                               .nonlinearity = verdant::workload::activation::gelu};
    auto stream = nn::generator(11);
    const auto images = at::randn({24, 3, 8, 8}, stream), ids = at::randint(1, 20, {24, 6}, stream, at::kLong);
    const auto quiet = [](const nn::training_progress&) {};
    const nn::training_options options{.steps = 9, .accumulated_batches = 2};
    const auto start = [&] { return nn::to(nn::random_clip(small, 1), at::kCPU, at::kDouble); };

    auto m = start();
    auto optimizer = nn::adamw_of(m);
    const auto processes = gloo_group(file, rank, 2);
    const auto broken = laws::broken_communicator_law(processes);
    if (!broken.empty()) std::printf("process %d breaks: %s\n", rank, broken.c_str());
    nn::train<nn::pure<at::kDouble>>(m, optimizer, nn::memory_batches{images, ids, 3, 5, {rank, 2}}, nn::contrastive_objective{},
                                     nn::cosine_schedule{1e-3, 2, 9}, options, quiet, processes);
    processes.barrier();
    if (child == 0) _exit(broken.empty() ? 0 : 1);
    int status = 1;
    waitpid(child, &status, 0);

    std::remove((file + ".alone").c_str());
    const auto broken_alone = laws::broken_communicator_law(gloo_group(file + ".alone", 0, 1));
    if (!broken_alone.empty()) std::printf("one process breaks: %s\n", broken_alone.c_str());

    auto alone = start();
    auto other = nn::adamw_of(alone);
    nn::train<nn::pure<at::kDouble>>(alone, other, nn::memory_batches{images, ids, 6, 5}, nn::contrastive_objective{},
                                     nn::cosine_schedule{1e-3, 2, 9}, options, quiet);
    const auto left = nn::state_of(m), right = nn::state_of(alone);
    double gap = 0;
    for (const auto& [name, value] : left) {
        const auto x = value.to<double>(), y = right.at(name).to<double>();
        for (std::size_t i = 0; i < x.size(); ++i) gap = std::max(gap, std::abs(x[i] - y[i]));
    }
    std::printf("largest difference of a weight: %.3e\n", gap);
    return gap < 1e-10 && status == 0 && broken.empty() && broken_alone.empty() ? 0 : 1;
}
