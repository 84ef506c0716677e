#pragma once

#include <verdant/error.hpp>
#include <verdant/image/image.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace verdant::nn {

/// Pictures with classes, in a fixed order.
///   s.size()     pictures
///   s.classes()  of the classifier that learns them; labels are below
///   s.label(i)   the class of picture i, known without decoding it
///   s.image(i)   picture i, decoded when it is asked for; several threads may ask at once
/// Folders of pictures, CIFAR-10 and Fashion-MNIST are such sets: io::image_folder, io::cifar10, io::mnist_images.
template <class S>
concept image_set = requires(const S& s, std::size_t i) {
    { s.size() } -> std::convertible_to<std::size_t>;
    { s.classes() } -> std::convertible_to<std::size_t>;
    { s.label(i) } -> std::convertible_to<std::int64_t>;
    { s.image(i) } -> std::convertible_to<io::rgb_image>;
};

/// Some pictures of a set, in an order of their own; `row(i)` tells which. Copies share what the set holds.
template <image_set Set>
class image_subset {
public:
    /// @throws input_error for a row that the set does not have
    image_subset(std::shared_ptr<const Set> set, std::vector<std::int64_t> rows) : set_{std::move(set)}, rows_{std::move(rows)} {
        for (const auto row : rows_)
            if (row < 0 || static_cast<std::size_t>(row) >= static_cast<std::size_t>(set_->size()))
                throw input_error{"images", "row", "less than " + std::to_string(set_->size()), std::to_string(row)};
    }
    image_subset(Set set, std::vector<std::int64_t> rows) : image_subset{std::make_shared<const Set>(std::move(set)), std::move(rows)} {}

    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    [[nodiscard]] std::size_t classes() const { return static_cast<std::size_t>(set_->classes()); }
    [[nodiscard]] std::int64_t label(std::size_t i) const { return static_cast<std::int64_t>(set_->label(row(i))); }
    [[nodiscard]] io::rgb_image image(std::size_t i) const { return set_->image(row(i)); }
    [[nodiscard]] std::size_t row(std::size_t i) const { return static_cast<std::size_t>(rows_[i]); }

private:
    std::shared_ptr<const Set> set_;
    std::vector<std::int64_t> rows_;
};

/// Any set of pictures, for programs that learn only when they run which one it is. Copies share the set.
class any_image_set {
public:
    template <image_set Set>
        requires(!std::same_as<Set, any_image_set>)
    any_image_set(Set set) // NOLINT(google-explicit-constructor): where any set is taken, each one is
        : size_{static_cast<std::size_t>(set.size())}, classes_{static_cast<std::size_t>(set.classes())}, label_{&any_image_set::label_of<Set>},
          image_{&any_image_set::image_of<Set>}, set_{std::make_shared<const Set>(std::move(set))} {}

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t classes() const { return classes_; }
    [[nodiscard]] std::int64_t label(std::size_t i) const { return label_(set_.get(), i); }
    [[nodiscard]] io::rgb_image image(std::size_t i) const { return image_(set_.get(), i); }

private:
    template <class Set>
    [[nodiscard]] static std::int64_t label_of(const void* set, std::size_t i) {
        return static_cast<std::int64_t>(static_cast<const Set*>(set)->label(i));
    }
    template <class Set>
    [[nodiscard]] static io::rgb_image image_of(const void* set, std::size_t i) {
        return static_cast<const Set*>(set)->image(i);
    }

    std::size_t size_, classes_;
    std::int64_t (*label_)(const void*, std::size_t);
    io::rgb_image (*image_)(const void*, std::size_t);
    std::shared_ptr<const void> set_;
};

} // namespace verdant::nn
