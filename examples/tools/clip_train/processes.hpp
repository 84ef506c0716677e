// The processes that clip_train runs in: one, those of MPI, or those of PyTorch's c10d with Gloo.
#pragma once

#include "options.hpp"

#include <verdant/error.hpp>
#include <verdant/nn/processes/mpi_communicator.hpp>
#include <verdant/nn/processes/one_of.hpp>
#include <verdant/parallel/launcher.hpp>

// c10d, where LibTorch has it with Gloo and Gloo's headers are there (Debian: libgloo-dev).
#if defined(USE_C10D_GLOO) && __has_include(<gloo/config.h>)
#define CLIP_TRAIN_GLOO 1
#include <verdant/nn/processes/c10d_communicator.hpp>

#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#endif

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace clip_train {

namespace nn = verdant::nn;
namespace vd = verdant;

#if defined(CLIP_TRAIN_GLOO)
using any_processes = nn::one_of<nn::single_process, nn::mpi_communicator, nn::c10d_communicator<c10d::ProcessGroupGloo>>;
#else
using any_processes = nn::one_of<nn::single_process, nn::mpi_communicator>;
#endif

/// What c10d needs to know, as torchrun and SLURM tell it.
struct meeting_point {
    int rank, size, port;
    std::string host;
};

/// @throws input_error for what the environment does not tell, or tells wrongly
inline meeting_point meeting_point_told() {
    const auto nothing = [](const char* what) { return vd::input_error{"--dist c10d", "", std::string{what} + " in the environment", "nothing"}; };
    const auto place = vd::parallel::launched_place_of(std::array{vd::parallel::launcher::torchrun, vd::parallel::launcher::slurm});
    if (!place) throw nothing("the number of processes and the rank, WORLD_SIZE and RANK,");
    const auto host = vd::parallel::environment("MASTER_ADDR");
    if (!host) throw nothing("the host of the first process, MASTER_ADDR,");
    const auto port = vd::parallel::number_in_environment("MASTER_PORT", 65535);
    if (!port) throw nothing("its port, MASTER_PORT,");
    return {place->rank, place->size, *port, *host};
}

/// LibTorch 2.4 and newer take a store over libuv unless told otherwise, which builds such as Debian's do not have; the other they all have.
template <class Options>
void without_libuv(Options& options) {
    if constexpr (requires { options.useLibUV; }) options.useLibUV = false;
}

/// @throws input_error where the program was built without Gloo
inline any_processes c10d_processes() {
    const auto at = meeting_point_told();
#if defined(CLIP_TRAIN_GLOO)
    c10d::TCPStoreOptions store;
    store.port = static_cast<std::uint16_t>(at.port);
    store.isServer = at.rank == 0;
    store.numWorkers = static_cast<std::size_t>(at.size);
    without_libuv(store);
    const auto options = c10d::ProcessGroupGloo::Options::create();
    options->devices.push_back(c10d::ProcessGroupGloo::createDefaultDevice());
    return any_processes{nn::c10d_communicator{
        c10::make_intrusive<c10d::ProcessGroupGloo>(c10::make_intrusive<c10d::TCPStore>(at.host, store), at.rank, at.size, options)}};
#else
    throw vd::input_error{"--dist c10d", "", "a program built where Gloo's headers are (Debian: libgloo-dev)", "one without"};
#endif
}

} // namespace clip_train
