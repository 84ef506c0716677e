#pragma once

#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/predictor/graph/conv_layers.hpp>
#include <verdant/predictor/graph/edge_functions.hpp>
#include <verdant/surrogate/graph/graph_feature.hpp>

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

/// The embedding of hop 0 in LibTorch (AutoBuild: ge_utils/custom_embeds.py): one score a feature.
namespace verdant::predictor {

namespace detail {

/// Absolute scores of all features. Categories are looked up in one table of the scores of all of them; those of numbers come in tensors of their
/// own.
struct score_function : torch::autograd::Function<score_function> {
    using context = torch::autograd::AutogradContext;
    using tensors = torch::autograd::variable_list;

    /// @param places int32 [nodes, features]: where in the table the category is, -1 for numbers
    /// @param inputs the table [categories], then for each feature of numbers [nodes, 1]
    static at::Tensor forward(context* kept, const no_input& places, at::TensorList inputs) {
        const auto nodes = places.value.size(0), features = places.value.size(1);
        auto scores = at::empty({nodes, features}, inputs[0].options());
        by_type(inputs[0], [&](auto number) {
            using T = decltype(number);
            const auto* const place = memory<std::int32_t>(places.value);
            T* const out = writable<T>(scores);
            std::size_t list = 0;
            for (std::int64_t f = 0; f < features; ++f) {
                const bool numbers = nodes > 0 && place[f] < 0;
                const T* const from = memory<T>(inputs[numbers ? ++list : 0]);
                for (std::int64_t n = 0; n < nodes; ++n) out[n * features + f] = std::abs(from[numbers ? n : place[n * features + f]]);
            }
        });
        tensors saved{places.value};
        for (const auto& t : inputs) saved.push_back(t);
        kept->save_for_backward(saved);
        return scores;
    }

    static tensors backward(context* kept, const tensors& gradients) {
        const auto saved = kept->get_saved_variables();
        const auto incoming = gradients.at(0).contiguous();
        const auto nodes = saved[0].size(0), features = saved[0].size(1);
        tensors out{{}};
        for (std::size_t i = 1; i < saved.size(); ++i) out.push_back(at::zeros_like(saved[i]));
        by_type(incoming, [&](auto number) {
            using T = decltype(number);
            const auto* const place = memory<std::int32_t>(saved[0]);
            const T* const of_score = memory<T>(incoming);
            std::vector<double> sums(static_cast<std::size_t>(saved[1].size(0)), 0);
            std::size_t list = 1;
            const auto through = [](T value, T g) { return value > 0 ? g : value < 0 ? -g : T{0}; };
            for (std::int64_t f = 0; f < features; ++f) {
                if (nodes > 0 && place[f] < 0) {
                    ++list;
                    for (std::int64_t n = 0; n < nodes; ++n) writable<T>(out[list])[n] = through(memory<T>(saved[list])[n], of_score[n * features + f]);
                } else
                    for (std::int64_t n = 0; n < nodes; ++n)
                        sums[static_cast<std::size_t>(place[n * features + f])] += static_cast<double>(of_score[n * features + f]);
            }
            for (std::size_t c = 0; c < sums.size(); ++c) writable<T>(out[1])[c] = through(memory<T>(saved[1])[c], static_cast<T>(sums[c]));
        });
        return out;
    }
};

} // namespace detail

/// The tensors of one feature: a table of categories, or a linear layer over numbers; and its projection to one number.
struct feature_layers {
    at::Tensor table;         ///< [categories, width]; undefined for numbers
    linear_layer numbers;     ///< undefined for categories
    linear_layer projection;  ///< to one number
};

/// What scores are computed from: each node's place in a table of all categories, and columns that are numbers.
struct feature_columns {
    at::Tensor places;  ///< int32 [nodes, features]; -1 for numbers
    at::Tensor numbers; ///< [nodes, columns of numbers]; undefined where there are none
};

/// The scores [nodes, features], the embedding of hop 0.
template <class = instantiated_when_used>
[[nodiscard]] at::Tensor scores_of(const std::vector<feature_layers>& features, const feature_columns& columns) {
    std::vector<at::Tensor> tables, inputs{{}};
    std::int64_t first = 0;
    for (const auto& f : features)
        if (f.table.defined()) tables.push_back(f.projection(f.table));
        else {
            const auto width = f.numbers.weight.size(1);
            inputs.push_back(f.projection(f.numbers(columns.numbers.slice(1, first, first + width))));
            first += width;
        }
    inputs.front() = tables.empty() ? at::empty({0}, inputs.back().options()) : at::cat(tables).view({-1});
    return detail::score_function::apply(detail::no_input{columns.places}, at::TensorList{inputs});
}
VERDANT_DEFINED_ONCE(at::Tensor scores_of<>(const std::vector<feature_layers>&, const feature_columns&));

} // namespace verdant::predictor
