// What a run of moofa is about: its options, its configuration, the processes that it runs in.
#pragma once

#include "../terminal/program.hpp"
#include "config.hpp"
#include "options.hpp"

#include <verdant/error.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/processes/agreed.hpp>
#include <verdant/nn/processes/mpi_communicator.hpp>
#include <verdant/nn/processes/one_of.hpp>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <string>
#include <thread>

namespace moofa {

namespace fs = std::filesystem;
namespace nn = verdant::nn;
namespace supernet = verdant::supernet;
namespace vd = verdant;

/// One process, or those that mpirun or srun started.
using processes = nn::one_of<nn::single_process, nn::mpi_communicator>;

[[nodiscard]] inline nn::failure failure_of(const std::exception_ptr& e) { return terminal::failure_of(e, "moofa"); }

/// See `nn::agreed`.
template <class Work>
auto agreed(const processes& all, const Work& work) {
    return nn::agreed(all, work, failure_of);
}

/// What all commands need.
struct job {
    options o;
    configuration c;

    [[nodiscard]] std::uint64_t seed() const { return o.seed >= 0 ? static_cast<std::uint64_t>(o.seed) : c.args.seed; }
    [[nodiscard]] unsigned threads() const {
        return o.threads != 0 ? o.threads : std::min(c.args.workers, std::max(1U, std::thread::hardware_concurrency()));
    }
    /// A path of the configuration that a command cannot do without.
    [[nodiscard]] const std::string& needed(const std::string& value, const char* key) const {
        if (value.empty()) throw vd::input_error{c.source, key, "a path", "nothing"};
        return value;
    }
};

} // namespace moofa
