#pragma once

#include <verdant/surrogate/feature_rows.hpp>
#include <verdant/surrogate/regressor.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>

namespace verdant::surrogate {

/// Any regressor, whose type is known only when the program runs, as that of a model in a file. Copies share the model.
class any_regressor {
public:
    // In this order: whether this type itself is a regressor depends on what its constructors take.
    template <class M>
        requires(!std::same_as<M, any_regressor>) && regressor<M>
    any_regressor(M model) : held_{std::make_shared<held<M>>(std::move(model))} {} // NOLINT(google-explicit-constructor): it is what the model is

    [[nodiscard]] std::size_t features() const { return held_->features(); }
    [[nodiscard]] double predict(std::span<const float> row) const { return held_->predict(row); }
    void predict(const feature_rows& rows, std::span<double> out) const { held_->predict(rows, out); }

    /// Whether the model says how sure it is. The standard deviation of one that does not is 0.
    [[nodiscard]] bool is_uncertain() const { return held_->is_uncertain(); }
    [[nodiscard]] uncertain_value predict_uncertain(std::span<const float> row) const { return held_->predict_uncertain(row); }
    void predict_uncertain(const feature_rows& rows, std::span<double> mean, std::span<double> std) const {
        held_->predict_uncertain(rows, mean, std);
    }

    /// The model, where it is of that type; else nullptr.
    template <regressor M>
    [[nodiscard]] const M* get_if() const {
        const auto* const found = dynamic_cast<const held<M>*>(held_.get());
        return found == nullptr ? nullptr : &found->model;
    }

private:
    struct interface {
        virtual ~interface() = default;
        [[nodiscard]] virtual std::size_t features() const = 0;
        [[nodiscard]] virtual double predict(std::span<const float>) const = 0;
        virtual void predict(const feature_rows&, std::span<double>) const = 0;
        [[nodiscard]] virtual bool is_uncertain() const = 0;
        [[nodiscard]] virtual uncertain_value predict_uncertain(std::span<const float>) const = 0;
        virtual void predict_uncertain(const feature_rows&, std::span<double>, std::span<double>) const = 0;
    };
    template <class M>
    struct held final : interface {
        explicit held(M m) : model{std::move(m)} {}
        [[nodiscard]] std::size_t features() const override { return model.features(); }
        [[nodiscard]] double predict(std::span<const float> row) const override { return model.predict(row); }
        void predict(const feature_rows& rows, std::span<double> out) const override { model.predict(rows, out); }
        [[nodiscard]] bool is_uncertain() const override { return uncertain_regressor<M>; }
        [[nodiscard]] uncertain_value predict_uncertain(std::span<const float> row) const override {
            if constexpr (uncertain_regressor<M>) return model.predict_uncertain(row);
            else return {model.predict(row), 0};
        }
        void predict_uncertain(const feature_rows& rows, std::span<double> mean, std::span<double> std) const override {
            if constexpr (uncertain_regressor<M>) model.predict_uncertain(rows, mean, std);
            else {
                require_rows("model", model.features(), rows, std.size());
                model.predict(rows, mean);
                std::fill(std.begin(), std.end(), 0.0);
            }
        }
        M model;
    };

    std::shared_ptr<const interface> held_;
};

} // namespace verdant::surrogate
