#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/batches/image_text_batch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/core/thread_team.hpp>
#include <verdant/nn/models/clip.hpp>

#include <c10/core/GradMode.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// Batches in parts that threads share out, and the gradients of parts in one sum.
namespace verdant::nn {

namespace detail {

/// Rows `from` to before `to` of a batch.
struct batch_shard {
    std::size_t batch;
    std::int64_t from, to;
};

/// All shards of batches, in their order; a graphics card takes whole batches.
[[nodiscard]] inline std::vector<batch_shard> shards_of(std::span<const nn::image_text_batch> batches) {
    std::vector<batch_shard> out;
    for (std::size_t b = 0; b < batches.size(); ++b) {
        const auto n = batches[b].images.size(0), parts = batches[b].images.device().is_cpu() ? nn::shards_of(n) : 1;
        for (std::int64_t i = 0; i < parts; ++i) out.push_back({b, n * i / parts, n * (i + 1) / parts});
    }
    return out;
}

[[nodiscard]] inline nn::image_text_batch rows_of(std::span<const nn::image_text_batch> batches, const batch_shard& s) {
    const auto& b = batches[s.batch];
    return {b.images.slice(0, s.from, s.to), b.ids.slice(0, s.from, s.to), b.patches.defined() ? b.patches.slice(0, s.from, s.to) : b.patches};
}

/// A model of the same numbers whose gradients are its own.
template <class = instantiated_when_used>
[[nodiscard]] nn::clip_model with_own_gradients(const nn::clip_model& m) {
    auto other = m;
    nn::for_each_parameter(other, [](const std::string&, at::Tensor& t) {
        const bool trained = t.requires_grad();
        t = t.detach();
        t.set_requires_grad(trained);
    });
    return other;
}
VERDANT_DEFINED_ONCE(nn::clip_model with_own_gradients<>(const nn::clip_model&));

/// Adds gradients to those of a model in the order of the parts that they are of, whichever part is done first.
class gradients_in_order {
public:
    gradients_in_order(const nn::clip_model& m, std::size_t parts) : waiting_(parts) {
        nn::for_each_parameter(m, [this](const std::string&, const at::Tensor& t) { sums_.push_back(t); });
    }

    /// The gradients of a part, in a model `with_own_gradients`; called once a part, by any thread.
    void add(std::size_t part, const nn::clip_model& m) {
        std::vector<at::Tensor> found;
        nn::for_each_parameter(m, [&found](const std::string&, const at::Tensor& t) { found.push_back(t.grad()); });
        std::unique_lock hold{mutex_};
        waiting_[part] = std::move(found);
        // One thread adds at a time; the others leave it what they have and go on.
        while (!adding_ && next_ < waiting_.size() && waiting_[next_]) {
            adding_ = true;
            auto now = std::move(*waiting_[next_]);
            waiting_[next_++].reset();
            hold.unlock();
            add_now(now);
            hold.lock();
            adding_ = false;
        }
    }

private:
    void add_now(std::vector<at::Tensor>& gradients) {
        const c10::AutoGradMode off{false};
        for (std::size_t i = 0; i < sums_.size(); ++i) {
            auto& sum = sums_[i].mutable_grad();
            if (!gradients[i].defined()) continue;
            if (sum.defined()) sum.add_(gradients[i]);
            else sum = std::move(gradients[i]);
        }
    }

    std::vector<at::Tensor> sums_;
    std::vector<std::optional<std::vector<at::Tensor>>> waiting_;
    std::size_t next_ = 0;
    bool adding_ = false;
    std::mutex mutex_;
};

} // namespace detail

} // namespace verdant::nn
