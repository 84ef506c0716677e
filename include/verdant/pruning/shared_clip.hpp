#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/layers/residual_block.hpp>
#include <verdant/nn/models/clip.hpp>
#include <verdant/pruning/clip_importance.hpp>
#include <verdant/pruning/layer_choice.hpp>
#include <verdant/pruning/layer_units.hpp>
#include <verdant/pruning/prune.hpp>
#include <verdant/space/point.hpp>
#include <verdant/spaces/carbon_nas/clip.hpp>
#include <verdant/workload/transformer/clip.hpp>

#include <c10/core/GradMode.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace verdant::supernet {

/// A trained CLIP all of whose pruned models share its weights. The heads and feed-forward blocks of every layer are sorted once, the most
/// important first, which changes nothing of what a layer computes; from then on every pruned model is a set of views of leading rows and
/// columns, made in a millisecond, with the outputs of `prune` up to rounding. Training such a model trains the shared weights.
class shared_clip {
public:
    /// Sorts a copy of the model.
    /// @throws input_error if the ranking is that of another model
    shared_clip(const nn::clip_model& m, const clip_importance& importance, layer_probe probe = {})
        : model_{nn::clone(m)}, source_{nn::config_of(m)}, probe_{std::move(probe)} {
        const c10::AutoGradMode off{false};
        sort_blocks(model_.text.blocks, importance.text, "text");
        sort_blocks(model_.vision.blocks, importance.vision, "vision");
    }

    /// The unpruned model with sorted units; its tensors are those that all others view.
    [[nodiscard]] const nn::clip_model& whole() const { return model_; }
    [[nodiscard]] nn::clip_model& whole() { return model_; }

    /// The pruned model of these dimensions; see `prune` for what `target` means and throws. Views carry gradients to the shared weights where
    /// those are trainable. The choice of vision layers is made once for each width, feed-forward width and number of heads, with the weights
    /// of that moment, and remembered; may be called from several threads.
    [[nodiscard]] nn::clip_model operator()(const workload::clip_config& target) const {
        verdant::supernet::detail::check_target(source_.text, target.text, "text");
        verdant::supernet::detail::check_target(source_.vision, target.vision, "vision");
        auto out = verdant::supernet::detail::narrowed_outside_blocks(model_, target.text.width, target.vision.width);
        out.text.blocks.clear();
        for (const auto i : outer_layers(source_.text.layers, target.text.layers))
            out.text.blocks.push_back(leading(model_.text.blocks[i], target.text));
        out.vision.blocks.clear();
        if (target.vision.layers == source_.vision.layers)
            for (const auto& b : model_.vision.blocks) out.vision.blocks.push_back(leading(b, target.vision));
        else
            for (const auto i : kept_layers(vision_order(target.vision), target.vision.layers))
                out.vision.blocks.push_back(leading(model_.vision.blocks[i], target.vision));
        return out;
    }

    /// The model that a point of a space such as spaces::clip stands for.
    template <search_space Space>
    [[nodiscard]] nn::clip_model operator()(const point<Space>& p) const {
        return (*this)(spaces::clip_of(p, source_));
    }

private:
    using vision_key = std::array<int, 3>;

    static void sort_blocks(std::vector<nn::residual_block>& blocks, const tower_importance& importance, const std::string& what) {
        if (importance.ffn.size() != blocks.size() || importance.heads.size() != blocks.size())
            throw input_error{"importance ranking", what, "a list for each of " + std::to_string(blocks.size()) + " layers",
                              std::to_string(importance.ffn.size()) + " and " + std::to_string(importance.heads.size())};
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            auto& b = blocks[i];
            const auto place = what + " layer " + std::to_string(i);
            (void)verdant::supernet::detail::kept_ffn_blocks(b.c_fc.weight.size(0), 0, place);
            b = keep_ffn_blocks(keep_heads(b, keeping_order(importance.heads[i], b.attn.heads, place + " heads")),
                                keeping_order(importance.ffn[i], ffn_blocks, place + " feed-forward blocks"));
            b.attn.in_proj_weight = verdant::supernet::detail::by_part(b.attn.in_proj_weight, 3);
            b.attn.in_proj_bias = verdant::supernet::detail::by_part(b.attn.in_proj_bias, 2);
        }
    }

    /// The leading heads, feed-forward blocks and channels of a sorted layer, as views.
    [[nodiscard]] static nn::residual_block leading(const nn::residual_block& whole, const workload::tower& target) {
        nn::residual_block b = whole;
        auto& a = b.attn;
        const auto attention = nn::attention_width(a) / a.heads * target.heads;
        const auto block = b.c_fc.weight.size(0) / ffn_blocks, ffn = target.ffn / block * block;
        if (ffn == 0)
            throw input_error{"pruning", "feed-forward width", "at least one block of " + std::to_string(block), std::to_string(target.ffn)};
        a.in_proj_weight = a.in_proj_weight.slice(1, 0, attention);
        a.in_proj_bias = a.in_proj_bias.slice(1, 0, attention);
        a.out_proj.weight = a.out_proj.weight.slice(1, 0, attention);
        a.heads = target.heads;
        b.c_fc = {b.c_fc.weight.slice(0, 0, ffn), b.c_fc.bias.slice(0, 0, ffn)};
        b.c_proj.weight = b.c_proj.weight.slice(1, 0, ffn);
        return keep_channels(std::move(b), target.width);
    }

    [[nodiscard]] std::vector<std::size_t> vision_order(const workload::tower& target) const {
        const vision_key key{target.width, target.ffn, target.heads};
        const std::scoped_lock lock{orders_->mutex};
        auto found = orders_->of.find(key);
        if (found == orders_->of.end()) {
            const c10::AutoGradMode off{false};
            std::vector<nn::residual_block> blocks;
            for (const auto& b : model_.vision.blocks) blocks.push_back(leading(b, target));
            found = orders_->of.emplace(key, pruning_order(block_similarities(blocks, target.width, model_.nonlinearity, probe_))).first;
        }
        return found->second;
    }

    struct remembered_orders {
        std::mutex mutex;
        std::map<vision_key, std::vector<std::size_t>> of;
    };

    nn::clip_model model_;
    workload::clip_config source_;
    layer_probe probe_;
    std::shared_ptr<remembered_orders> orders_ = std::make_shared<remembered_orders>();
};

} // namespace verdant::supernet
