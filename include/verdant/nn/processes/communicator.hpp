#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>

#include <ATen/ops/cat.h>
#include <c10/core/GradMode.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace verdant::nn {

/// Processes that train together. Every process calls the same members in the same order; each call waits for the others. Gradients do not
/// pass through: `accumulate_gradients` carries them.
///   rank(), size()       this process, from 0, and how many there are
///   all_reduce(t)        replaces a contiguous tensor by its sum over all processes, the same bits everywhere
///   all_gather(t)        [n, ...] of each, all of one shape -> [size n, ...] in the order of ranks
///   broadcast(t, root)   replaces a contiguous tensor by that of `root`
///   barrier()            waits until all are there
template <class C>
concept communicator = requires(const C& c, at::Tensor& t, int root) {
    { c.rank() } -> std::convertible_to<int>;
    { c.size() } -> std::convertible_to<int>;
    c.all_reduce(t);
    { c.all_gather(t) } -> std::same_as<at::Tensor>;
    c.broadcast(t, root);
    c.barrier();
};

/// One process, alone.
struct single_process {
    [[nodiscard]] static constexpr int rank() { return 0; }
    [[nodiscard]] static constexpr int size() { return 1; }
    static void all_reduce(at::Tensor&) {}
    [[nodiscard]] static at::Tensor all_gather(const at::Tensor& t) { return t; }
    static void broadcast(at::Tensor&, int) {}
    static void barrier() {}
};

namespace detail {

/// Calls `exchange(flat)` on as few flat tensors as hold all the given ones, each of at most `bucket_bytes` unless one tensor alone is larger,
/// and copies the outcome back. Tensors of different types or devices do not share one.
template <class Exchange>
void in_buckets(std::span<const at::Tensor> tensors, std::int64_t bucket_bytes, const Exchange& exchange) {
    const c10::AutoGradMode off{false};
    for (std::size_t first = 0; first < tensors.size();) {
        std::vector<at::Tensor> parts;
        std::int64_t bytes = 0;
        std::size_t last = first;
        for (; last < tensors.size(); ++last) {
            const auto& t = tensors[last];
            const auto more = t.numel() * static_cast<std::int64_t>(t.element_size());
            const bool alike = t.scalar_type() == tensors[first].scalar_type() && t.device() == tensors[first].device();
            if (last != first && (!alike || bytes + more > bucket_bytes)) break;
            parts.push_back(t.detach().reshape({-1}));
            bytes += more;
        }
        auto flat = at::cat(parts);
        exchange(flat);
        for (std::int64_t from = 0; first < last; ++first) {
            const auto& t = tensors[first];
            t.detach().copy_(flat.slice(0, from, from + t.numel()).reshape(t.sizes()));
            from += t.numel();
        }
    }
}

/// 25 MiB, what PyTorch's distributed data parallel takes.
inline constexpr std::int64_t default_bucket_bytes = std::int64_t{25} << 20;

} // namespace detail

/// Replaces each tensor by its sum over all processes, few large messages instead of one a tensor.
template <communicator C>
void all_reduce_sum(const C& processes, std::span<const at::Tensor> tensors, std::int64_t bucket_bytes = detail::default_bucket_bytes) {
    if (processes.size() == 1) return;
    detail::in_buckets(tensors, bucket_bytes, [&](at::Tensor& flat) { processes.all_reduce(flat); });
}

/// Replaces each tensor by that of process `root`.
template <communicator C>
void broadcast(const C& processes, std::span<const at::Tensor> tensors, int root = 0, std::int64_t bucket_bytes = detail::default_bucket_bytes) {
    if (processes.size() == 1) return;
    detail::in_buckets(tensors, bucket_bytes, [&](at::Tensor& flat) { processes.broadcast(flat, root); });
}

} // namespace verdant::nn
