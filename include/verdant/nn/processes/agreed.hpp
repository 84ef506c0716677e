#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/processes/communicator.hpp>
#include <verdant/nn/processes/failed.hpp>

#include <ATen/ops/full.h>

#include <concepts>
#include <exception>
#include <optional>
#include <string>
#include <utility>

/// Agreement of processes on whether work succeeded in all of them.
namespace verdant::nn {

/// Runs `work()` in every process, for what may fail in some of them alone, such as reading a file. Where it fails anywhere, all processes throw
/// `failed`; the first one where it did has something to say. Without this the others would wait for it for ever.
/// @param describe `describe(std::exception_ptr)` gives the `failure`: its exit status, not 0, and its text
/// @return what the work gave in this process
/// @throws failed in all processes together; a `failed` of the work itself, which all processes throw, passes through
template <communicator Processes, std::invocable Work, std::invocable<const std::exception_ptr&> Describe>
auto agreed(const Processes& processes, const Work& work, const Describe& describe) {
    std::optional<decltype(work())> out;
    failure wrong{0, ""};
    try {
        out.emplace(work());
    } catch (const failed&) { throw; } catch (...) {
        wrong = describe(std::current_exception());
    }
    const auto statuses = processes.all_gather(at::full({1}, static_cast<double>(wrong.status), at::kDouble));
    for (int rank = 0; rank < processes.size(); ++rank)
        if (const auto status = static_cast<int>(statuses[rank].template item<double>()); status != 0)
            throw failed{{status, rank == processes.rank() ? wrong.text : std::string{}}, rank};
    return std::move(*out);
}

} // namespace verdant::nn
