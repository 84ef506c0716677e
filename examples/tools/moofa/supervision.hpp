// Which sub-networks a step of `moofa train` takes and what they learn from, as the configuration chooses.
#pragma once

#include <verdant/nn/batches/labelled_images.hpp>
#include <verdant/nn/models/mobile_net.hpp>
#include <verdant/nn/train/distillation.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/supernet/subnet_sampling.hpp>
#include <verdant/supernet/supervision.hpp>

#include <cstdint>
#include <type_traits>
#include <variant>
#include <vector>

namespace moofa {

namespace nn = verdant::nn;
namespace spaces = verdant::spaces;
namespace supernet = verdant::supernet;

/// The sub-networks of a step: those that the originals draw, or, for the teacher, the largest one alone.
struct chosen_subnets {
    bool largest;
    supernet::published_subnets drawn;

    template <class Space>
    std::vector<typename Space::arch_type> operator()(std::type_identity<Space> space, std::int64_t step,
                                                      const supernet::shrinking_candidates& c) const {
        if (largest) return {spaces::largest_arch<Space>()};
        return drawn(space, step, c);
    }
};

/// The labels, and a teacher where the configuration asks for one.
struct chosen_supervision {
    std::variant<supernet::learn_labels, supernet::distil_teacher<nn::mobile_net, nn::distil_distribution>,
                 supernet::distil_teacher<nn::mobile_net, nn::distil_logits>>
        kind;
    void begin(const nn::labelled_images& batch) {
        std::visit([&](auto& s) { s.begin(batch); }, kind);
    }
    at::Tensor operator()(const at::Tensor& logits, const at::Tensor& labels, std::int64_t k) {
        return std::visit([&](auto& s) { return s(logits, labels, k); }, kind);
    }
};

} // namespace moofa
