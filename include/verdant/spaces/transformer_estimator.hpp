#pragma once

#include <verdant/carbon/footprint.hpp>
#include <verdant/hardware/fidelity.hpp>
#include <verdant/hardware/lowered_model.hpp>
#include <verdant/hardware/mapping_cache.hpp>
#include <verdant/hardware/mapping_result.hpp>
#include <verdant/spaces/accelerator.hpp>
#include <verdant/spaces/accelerator_estimator.hpp>
#include <verdant/spaces/transformer.hpp>
#include <verdant/workload/bert.hpp>
#include <verdant/workload/llama.hpp>
#include <verdant/workload/vit.hpp>

#include <utility>

namespace verdant {

/// The evaluator of truncated transformers together with accelerators: latency, energy, area, throughput and carbon of the model below
/// `model` on the accelerator below `hw` of a point. Thread-safe; copies share what the mapping search remembers.
/// A point whose model cannot be mapped throws infeasible_error, as with `accelerator_estimator`.
///
///     transformer_estimator cost{workload::bert_base_uncased};
///
/// @tparam Config `workload::bert_config`, `vit_config` or `llama_config`
/// @tparam Mapper how loop nests are mapped, see `hardware::mapper`
/// @tparam Fidelity `hardware::faithful` or `hardware::corrected`
template <class Config, hardware::mapper Mapper = hardware::mapping_cache<>, hardware::fidelity_policy Fidelity = hardware::faithful>
class transformer_estimator {
public:
    using record = typename accelerator_estimator<Mapper>::record;

    /// @param base   the model that points truncate
    /// @param tokens length of the text, the original's by default; images have their own number
    /// @param life   carbon intensities, memory, number of inferences
    explicit transformer_estimator(const Config& base, int tokens = 512, const carbon::life& life = {}, Mapper mapper = Mapper{})
        : base_{base}, tokens_{tokens}, life_{life}, mapper_{std::move(mapper)} {}

    template <class Space>
        requires spaces::transformer_space<typename detail::find_nested<"model", 0, typename Space::elements>::space_type> &&
                 spaces::accelerator_space<typename detail::find_nested<"hw", 0, typename Space::elements>::space_type>
    [[nodiscard]] record operator()(const point<Space>& p) const {
        return estimate(spaces::transformer_of(p.template nested<"model">(), base_), spaces::accelerator_of(p.template nested<"hw">()));
    }

    /// The same for a model and an accelerator that are no point.
    [[nodiscard]] record estimate(const Config& model, const hardware::accelerator& a) const {
        return accelerator_estimator<Mapper>{lowered(model), life_, mapper_}.estimate(a);
    }

    [[nodiscard]] const Config& base() const noexcept { return base_; }

private:
    [[nodiscard]] hardware::lowered_model lowered(const Config& model) const {
        if constexpr (requires { workload::operators(model, tokens_); }) return hardware::lower<Fidelity>(workload::operators(model, tokens_));
        else return hardware::lower<Fidelity>(workload::operators(model));
    }

    Config base_;
    int tokens_;
    carbon::life life_;
    Mapper mapper_;
};

} // namespace verdant
