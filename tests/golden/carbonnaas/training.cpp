#include <verdant/io/tensor/npz.hpp>
#include <verdant/nn/optim/adamw.hpp>
#include <verdant/nn/optim/learning_rate_schedule.hpp>
#include <verdant/nn/train/clip_optimizer.hpp>
#include <verdant/nn/train/distributed_gradients.hpp>
#include <verdant/nn/train/training_step.hpp>
#include <verdant/workload/transformer/flop_proxy.hpp>

#include "clip_tiny.hpp"

#include <ATen/ops/tensor.h>

#include <span>
#include <string>
#include <utility>
#include <vector>

using namespace golden;

TEST_CASE("steps of training follow the original's", "[golden][nn]") {
    auto model = tiny_clip("clip_init.safetensors");
    const auto log_file = find("carbonnaas/clip_tiny/train_trajectory.json"), data_file = find("carbonnaas/clip_tiny/train_data.npz");
    if (!model || !log_file || !data_file) return;
    const auto log = read_json(*log_file);
    const auto data = io::read_npz(data_file->string());
    const auto end_files = find_all("carbonnaas/clip_tiny/weights_after_*_steps.npz");
    const auto compare_weights = [&](std::size_t steps) {
        for (const auto& file : end_files) {
            if (std::stoul(file.star) != steps) continue;
            const auto end = io::read_npz(file.path.string());
            summary s{file.name, 1e-3};
            nn::for_each_parameter(*model, [&](const std::string& name, const at::Tensor& t) {
                if (end.find(name) != nullptr) compare(s, name, array(end, name), t);
            });
            s.equal("known names", end.size(), s.rows());
        }
    };
    const auto images = array(data, "images"), texts = array(data, "texts");
    const nn::cosine_schedule schedule{log.at("lr"), log.at("warmup"), log.at("total_steps")};
    auto optimizer = nn::adamw_of(
        *model, {.weight_decay = log.at("weight_decay"), .beta1 = log.at("betas")[0], .beta2 = log.at("betas")[1], .epsilon = log.at("eps")});
    nn::contrastive_objective objective;
    {
        summary s{"carbonnaas/clip_tiny/train_trajectory.json", 1e-3};
        summary first{"carbonnaas/clip_tiny/train_trajectory.json (gradient norms)", 1e-4};
        for (const auto& row : log.at("log")) {
            const std::int64_t step = row.at("step");
            const auto rows = at::tensor(log.at("batch_indices")[static_cast<std::size_t>(step)].get<std::vector<std::int64_t>>());
            const std::vector<nn::image_text_batch> batch{{images.index_select(0, rows), texts.index_select(0, rows)}};
            const double rate = schedule(step);
            optimizer.clear_gradients();
            const double loss = nn::accumulate_gradients(nn::single_process{}, *model, std::span{std::as_const(batch)}, objective);
            if (row.contains("grad_norms"))
                nn::for_each_parameter(*model, [&](const std::string& name, const at::Tensor& t) {
                    first.next_row();
                    first.compare(name, row.at("grad_norms").at(name).get<double>(), t.grad().norm().item<double>());
                });
            optimizer.step(rate);
            nn::clamp_logit_scale(*model);
            s.next_row();
            s.compare("lr", row.at("lr").get<double>(), rate);
            s.compare("loss", row.at("loss").get<double>(), loss);
            s.compare("logit scale", row.at("logit_scale_after").get<double>(), model->logit_scale.item<double>());
            compare_weights(s.rows());
        }
        CHECK(s.rows() > 0);
        for (const auto& file : end_files)
            if (std::stoul(file.star) > s.rows()) skip(file.name, "the log ends earlier");
    }
}

TEST_CASE("learning rates are the original's", "[golden][nn]") {
    for (const auto& f : find_all("carbonnaas/schedule/lr*.json")) {
        summary s{f.name, 1e-8};
        for (const auto& schedule : read_json(f.path)) {
            const auto& a = schedule.at("args");
            const std::string name = schedule.at("name");
            for (std::int64_t step = 0; const double expected : schedule.at("lr")) {
                s.next_row();
                const double found = name == "cosine_lr" ? nn::cosine_schedule{a.at("base_lr"), a.at("warmup_length"), a.at("steps")}(step)
                                     : name == "const_lr"
                                         ? nn::constant_schedule{a.at("base_lr"), a.at("warmup_length")}(step)
                                         : nn::cooldown_schedule{a.at("base_lr"),        a.at("warmup_length"),  a.at("steps"),
                                                                 a.at("cooldown_steps"), a.at("cooldown_power"), a.at("cooldown_end_lr")}(step);
                s.compare(name, expected, found);
                ++step;
            }
        }
    }
}

TEST_CASE("the work proxy and the scaled fine-tuning are the original's", "[golden][workload]") {
    for (const auto& f : find_all("carbonnaas/schedule/flops_epochs*.json")) {
        namespace workload = verdant::workload;
        const auto all = read_json(f.path);
        summary s{f.name, 1e-15};
        const workload::clip_config original{.text = {12, 512, 2048, 8}, .vision = {12, 768, 3072, 12}};
        s.equal("original", all.at("original_flop").get<std::int64_t>(), workload::flop_proxy(original));
        for (const auto& row : all.at("rows")) {
            s.next_row();
            const workload::clip_config pruned{.text = {row.at("tl"), row.at("te"), row.at("tf"), row.at("th")},
                                               .vision = {row.at("vl"), row.at("ve"), row.at("vf"), row.at("vh")}};
            s.equal("flop", row.at("flop").get<std::int64_t>(), workload::flop_proxy(pruned));
            s.compare("ratio", row.at("ratio").get<double>(),
                      static_cast<double>(workload::flop_proxy(original)) / static_cast<double>(workload::flop_proxy(pruned)));
            const auto length = workload::scaled_fine_tuning(original, pruned, row.at("num_batches"));
            s.equal("total_steps", row.at("total_steps").get<std::int64_t>(), length.steps);
            s.equal("train_epochs", row.at("train_epochs").get<std::int64_t>(), length.epochs);
            s.equal("eval_epoch", row.at("eval_epoch").get<std::int64_t>(), length.evaluated_epoch);
        }
    }
}
