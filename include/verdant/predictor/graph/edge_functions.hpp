#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/predictor/graph/detail/edge_kernels.hpp>
#include <verdant/predictor/graph/edge_rows.hpp>
#include <verdant/surrogate/graph/graph_predictor_options.hpp>
#include <verdant/predictor/graph/detail/sum_kernels.hpp>

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

// As in the prelude: without this macro the header includes all 2000 functions.
#if defined(AT_PER_OPERATOR_HEADERS)
#include <torch/csrc/autograd/custom_function.h>
#else
#define AT_PER_OPERATOR_HEADERS
#include <torch/csrc/autograd/custom_function.h>
#undef AT_PER_OPERATOR_HEADERS
#endif

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

/// Attention and sums along edges as functions with gradients.
namespace verdant::predictor {

namespace detail {

/// A tensor that a function is given beside its inputs; it may be undefined.
struct no_input {
    at::Tensor value;
};

/// An input that is not there: LibTorch 1.13 takes no undefined ones.
[[nodiscard]] inline at::Tensor input_or_none(const at::Tensor& t, const at::Tensor& like) {
    return t.defined() ? t.contiguous() : at::empty({0, 0}, like.options());
}
[[nodiscard]] inline at::Tensor none_to_undefined(const at::Tensor& t) { return t.size(1) == 0 ? at::Tensor{} : t; }

template <class T>
[[nodiscard]] const T* memory(const at::Tensor& t) {
    return t.defined() ? static_cast<const T*>(t.data_ptr()) : nullptr;
}
template <class T>
[[nodiscard]] T* writable(const at::Tensor& t) {
    return t.defined() ? static_cast<T*>(t.data_ptr()) : nullptr;
}

[[nodiscard]] inline row_view view_of(const at::Tensor& starts, const at::Tensor& sources, const at::Tensor& numbers) {
    return {static_cast<std::size_t>(starts.size(0) - 1), memory<std::int32_t>(starts), memory<std::int32_t>(sources), memory<std::int32_t>(numbers)};
}

/// Calls `f` with a number of the tensor's type. @throws input_error unless it is single or double precision of a processor
template <class F>
decltype(auto) by_type(const at::Tensor& x, const F& f) {
    if (!x.device().is_cpu() || (x.scalar_type() != at::kFloat && x.scalar_type() != at::kDouble))
        throw input_error{"graph convolution", "features", "numbers of single or double precision on the processor",
                          std::string{c10::toString(x.scalar_type())} + " on " + x.device().str()};
    return x.scalar_type() == at::kFloat ? f(float{}) : f(double{});
}

struct attention_function : torch::autograd::Function<attention_function> {
    using context = torch::autograd::AutogradContext;
    using tensors = torch::autograd::variable_list;

    /// @param values_or_none none where they are the left keys
    static tensors forward(context* kept, const no_input& starts, const no_input& sources, const no_input& numbers, double slope,
                           const at::Tensor& attention, const at::Tensor& left, const at::Tensor& right, const at::Tensor& edge_or_none,
                           const at::Tensor& values_or_none) {
        const auto edge = none_to_undefined(edge_or_none), values = none_to_undefined(values_or_none);
        const auto& of = values.defined() ? values : left;
        const auto heads = attention.size(-2);
        auto alpha = at::empty({sources.value.size(0), heads}, left.options());
        auto out = at::zeros({right.size(0), of.size(1)}, left.options());
        by_type(left, [&](auto number) {
            using T = decltype(number);
            attend(inputs<T>({starts.value, sources.value, numbers.value, attention, left, right, edge, values}, slope), writable<T>(alpha), writable<T>(out));
        });
        kept->save_for_backward({starts.value, sources.value, numbers.value, attention, left, right, edge, values, alpha});
        kept->saved_data["slope"] = slope;
        kept->mark_non_differentiable({alpha});
        return {out, alpha};
    }

    static tensors backward(context* kept, const tensors& gradients) {
        const auto saved = kept->get_saved_variables();
        const auto incoming = gradients.at(0).contiguous();
        const auto like = [](const at::Tensor& t) { return t.defined() ? at::zeros_like(t) : t; };
        tensors to;
        for (std::size_t i = 3; i < 8; ++i) to.push_back(like(saved[i]));
        by_type(saved[4], [&](auto number) {
            using T = decltype(number);
            attend_backwards(inputs<T>(saved, kept->saved_data["slope"].toDouble()), memory<T>(saved[8]), memory<T>(incoming),
                             {writable<T>(to[0]), writable<T>(to[1]), writable<T>(to[2]), writable<T>(to[3]), writable<T>(to[4].defined() ? to[4] : to[1])});
        });
        return {{}, {}, {}, {}, to[0], to[1], to[2], to[3], to[4]};
    }

private:
    template <class T>
    static attention_inputs<T> inputs(const tensors& t, double slope) {
        const auto heads = static_cast<std::size_t>(t[3].size(-2));
        const auto& values = t[7].defined() ? t[7] : t[4];
        return {.rows = view_of(t[0], t[1], t[2]),
                .heads = heads,
                .keys = static_cast<std::size_t>(t[4].size(1)) / heads,
                .channels = static_cast<std::size_t>(values.size(1)) / heads,
                .slope = static_cast<T>(slope),
                .attention = memory<T>(t[3]),
                .left = memory<T>(t[4]),
                .right = memory<T>(t[5]),
                .edge = memory<T>(t[6]),
                .values = memory<T>(values)};
    }
};

struct aggregate_function : torch::autograd::Function<aggregate_function> {
    using context = torch::autograd::AutogradContext;
    using tensors = torch::autograd::variable_list;

    static at::Tensor forward(context* kept, const no_input& starts, const no_input& sources, const no_input& numbers, const no_input& weights,
                              std::int64_t how, const at::Tensor& x) {
        const tensors rows{starts.value, sources.value, numbers.value, weights.value};
        const auto n = starts.value.size(0) - 1;
        const auto kind = static_cast<surrogate::graph_readout>(how);
        auto out = at::zeros({n, x.size(1)}, x.options());
        at::Tensor from;
        if (kind == surrogate::graph_readout::max) from = at::empty({n, x.size(1)}, starts.value.options());
        by_type(x, [&](auto number) {
            using T = decltype(number);
            const auto in = inputs<T>(rows, x.size(1));
            if (kind == surrogate::graph_readout::max) take_greatest(in, memory<T>(x), writable<T>(out), writable<std::int32_t>(from));
            else add_up(in, kind == surrogate::graph_readout::mean, memory<T>(x), writable<T>(out));
        });
        kept->save_for_backward({rows[0], rows[1], rows[2], rows[3], from});
        kept->saved_data["how"] = how;
        kept->saved_data["sources"] = x.size(0);
        return out;
    }

    static tensors backward(context* kept, const tensors& gradients) {
        const auto saved = kept->get_saved_variables();
        const auto incoming = gradients.at(0).contiguous();
        const auto kind = static_cast<surrogate::graph_readout>(kept->saved_data["how"].toInt());
        auto to = at::zeros({kept->saved_data["sources"].toInt(), incoming.size(1)}, incoming.options());
        by_type(incoming, [&](auto number) {
            using T = decltype(number);
            const auto in = inputs<T>(saved, incoming.size(1));
            if (kind == surrogate::graph_readout::max) take_greatest_backwards(in, memory<T>(incoming), memory<std::int32_t>(saved[4]), writable<T>(to));
            else add_up_backwards(in, kind == surrogate::graph_readout::mean, memory<T>(incoming), writable<T>(to));
        });
        return {{}, {}, {}, {}, {}, to};
    }

private:
    template <class T>
    static sum_inputs<T> inputs(const tensors& t, std::int64_t width) {
        return {view_of(t[0], t[1], t[2]), static_cast<std::size_t>(width), memory<T>(t[3])};
    }
};

} // namespace detail

/// Values of the sources of each target, weighed by attention.
struct attended {
    at::Tensor values; ///< [nodes, heads * channels]
    at::Tensor shares; ///< [edges, heads], in the order of the rows; without gradients
};

/// Attention along edges: the share of an edge is the softmax, over the edges of its target, of the sum over keys of
/// `attention` [heads, keys] times LeakyReLU(left of the source + right of the target + edge).
/// @param left, right [nodes, heads * keys] @param edge [numbers, heads * keys], or undefined @param values [nodes, heads * channels] of the sources,
/// or undefined for `left`
template <class = instantiated_when_used>
[[nodiscard]] attended attend_along(const edge_rows& rows, const at::Tensor& attention, double slope, const at::Tensor& left, const at::Tensor& right,
                                    const at::Tensor& edge = {}, const at::Tensor& values = {}) {
    auto out = detail::attention_function::apply(detail::no_input{rows.starts}, detail::no_input{rows.sources}, detail::no_input{rows.numbers}, slope,
                                                 attention.contiguous(), left.contiguous(), right.contiguous(), detail::input_or_none(edge, left),
                                                 detail::input_or_none(values, left));
    return {out[0], out[1]};
}
VERDANT_DEFINED_ONCE(attended attend_along<>(const edge_rows&, const at::Tensor&, double, const at::Tensor&, const at::Tensor&, const at::Tensor&,
                                             const at::Tensor&));

/// Sum, mean or maximum of the rows of x over the edges of each target; 0 where there are none. With weights, of weight times row. Weights get no
/// gradient.
template <class = instantiated_when_used>
[[nodiscard]] at::Tensor aggregate(const edge_rows& rows, const at::Tensor& x, surrogate::graph_readout how) {
    return detail::aggregate_function::apply(detail::no_input{rows.starts}, detail::no_input{rows.sources}, detail::no_input{rows.numbers},
                                             detail::no_input{rows.weights}, static_cast<std::int64_t>(how), x.contiguous());
}
VERDANT_DEFINED_ONCE(at::Tensor aggregate<>(const edge_rows&, const at::Tensor&, surrogate::graph_readout));

/// Sum, mean or maximum over the nodes of each graph. @param first_nodes int32 [graphs + 1]
[[nodiscard]] inline at::Tensor readout(const at::Tensor& x, const at::Tensor& first_nodes, surrogate::graph_readout how) {
    return aggregate({first_nodes, {}, {}, {}}, x, how);
}

} // namespace verdant::predictor
