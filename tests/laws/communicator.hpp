#pragma once

// What every model of the concept `communicator` keeps.

#include <verdant/nn/processes/communicator.hpp>

#include <ATen/Functions.h>

#include <cstdint>
#include <string>

namespace laws {

/// The first law that a communicator breaks, nothing where it keeps them all. Every process calls this at the same time; it tests nothing itself
/// since processes may be threads, or programs without Catch2.
template <verdant::nn::communicator C>
std::string broken_communicator_law(const C& processes) {
    const int rank = processes.rank(), size = processes.size();
    if (size < 1 || rank < 0 || rank >= size) return "ranks count from 0 to the number of processes";
    const auto all = static_cast<double>(size) * (size + 1) / 2; // 1 + 2 + ... + size

    for (const auto type : {at::kFloat, at::kDouble, at::kLong, at::kInt})
        for (const std::int64_t length : {1, 7, 70'000}) {
            auto t = at::full({length}, rank + 1, type);
            const void* const where = t.data_ptr();
            processes.all_reduce(t);
            if (t.data_ptr() != where || t.scalar_type() != type || t.numel() != length) return "a sum takes the place of the tensor";
            if (!at::equal(t, at::full({length}, all, type))) return "all_reduce adds the tensors of all processes";
        }

    // Numbers whose sum depends on the order of the additions.
    auto rounded = at::arange(1, 1001, at::kFloat).reciprocal() * (0.1 + rank);
    processes.all_reduce(rounded);
    const auto sums = processes.all_gather(rounded.reshape({1, 1000}));
    for (int r = 0; r < size; ++r)
        if (!at::equal(sums[r], sums[0])) return "sums are the same bits everywhere";

    for (const auto type : {at::kFloat, at::kDouble, at::kLong}) {
        const auto mine = at::arange(6, type).reshape({2, 3}) + 10 * rank;
        const auto before = mine.clone();
        const auto gathered = processes.all_gather(mine);
        if (gathered.scalar_type() != type || gathered.sizes() != at::IntArrayRef{2 * size, 3}) return "all_gather puts all rows below each other";
        for (int r = 0; r < size; ++r)
            if (!at::equal(gathered.slice(0, 2 * r, 2 * r + 2), at::arange(6, type).reshape({2, 3}) + 10 * r)) return "rows stand in the order of ranks";
        if (!at::equal(mine, before)) return "all_gather leaves its tensor as it is";
    }

    for (int root = 0; root < size; ++root) {
        auto told = at::full({5}, 100 + rank, at::kDouble);
        const void* const where = told.data_ptr();
        processes.broadcast(told, root);
        if (told.data_ptr() != where || !at::equal(told, at::full({5}, 100 + root, at::kDouble))) return "broadcast replaces a tensor by that of the root";
    }

    // Copies are the same processes.
    const C copy = processes;
    auto ones = at::ones({3});
    copy.all_reduce(ones);
    if (copy.rank() != rank || !at::equal(ones, at::full({3}, static_cast<double>(size)))) return "a copy is the same processes";
    processes.barrier();
    return {};
}

} // namespace laws
