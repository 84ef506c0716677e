#pragma once

#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/processes/communicator.hpp>

#include <concepts>
#include <utility>
#include <variant>

namespace verdant::nn {

/// Processes of one kind or another, decided when the program runs: alone, by MPI, by c10d. What trains with them is compiled once instead of once
/// for each kind. Calls go to the kind at hand.
/// @tparam Kinds the first is taken where nothing is given; `one_of<single_process, mpi_communicator>{}` is one process alone
template <communicator... Kinds>
class one_of {
public:
    one_of() = default;
    template <class Kind>
        requires(std::same_as<Kind, Kinds> || ...)
    explicit one_of(Kind kind) : kind_{std::move(kind)} {}

    [[nodiscard]] int rank() const {
        return std::visit([](const auto& p) -> int { return p.rank(); }, kind_);
    }
    [[nodiscard]] int size() const {
        return std::visit([](const auto& p) -> int { return p.size(); }, kind_);
    }
    void all_reduce(at::Tensor& t) const {
        std::visit([&](const auto& p) { p.all_reduce(t); }, kind_);
    }
    [[nodiscard]] at::Tensor all_gather(const at::Tensor& t) const {
        return std::visit([&](const auto& p) -> at::Tensor { return p.all_gather(t); }, kind_);
    }
    void broadcast(at::Tensor& t, int root) const {
        std::visit([&](const auto& p) { p.broadcast(t, root); }, kind_);
    }
    void barrier() const {
        std::visit([](const auto& p) { p.barrier(); }, kind_);
    }

private:
    std::variant<Kinds...> kind_;
};

} // namespace verdant::nn
