#pragma once

#include <verdant/meta/callable_address.hpp>
#include <verdant/meta/component/torch.hpp>
#include <verdant/nn/core/prelude.hpp>

#include <concepts>
#include <string>
#include <type_traits>

/// Visitors of the tensors of a model, as the functions take them that know the names.
namespace verdant::nn::detail {

/// A visitor of any type: `visit(name, tensor, trained)`, or `visit(name, tensor)`. It refers to the visitor, which outlives it.
class tensor_visitor {
public:
    /// @tparam Model const where the visitor is to see const tensors
    template <class Model, class Visitor>
    [[nodiscard]] static tensor_visitor of(Visitor& visit) {
        using tensor = std::conditional_t<std::is_const_v<Model>, const at::Tensor, at::Tensor>;
        tensor_visitor out;
        out.visitor_ = verdant::detail::callable_address(visit);
        out.call_ = [](void* visitor, const std::string& name, at::Tensor& t, bool trained) {
            auto& to = verdant::detail::callable_at<Visitor>(visitor);
            if constexpr (std::invocable<Visitor&, const std::string&, tensor&, bool>) to(name, static_cast<tensor&>(t), trained);
            else to(name, static_cast<tensor&>(t));
        };
        return out;
    }

    void operator()(const std::string& name, at::Tensor& t, bool trained = true) const { call_(visitor_, name, t, trained); }

private:
    tensor_visitor() = default;

    void* visitor_ = nullptr;
    void (*call_)(void* visitor, const std::string& name, at::Tensor& t, bool trained) = nullptr;
};

} // namespace verdant::nn::detail
