#pragma once

#include <verdant/error.hpp>
#include <verdant/space/domain.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace verdant::spaces {

/// How sub-networks become the inputs of an accuracy predictor: `width` numbers each, without allocation, and back.
template <class E>
concept accuracy_encoding = requires(const typename E::arch_type& a, std::span<float> out, std::span<const float> in) {
    { E::width } -> std::convertible_to<std::size_t>;
    { E::encode(a, out) } -> std::same_as<void>;
    { E::decode(in) } -> std::same_as<typename E::arch_type>;
};

/// Encodes many sub-networks as the rows of one row-major matrix. @pre out has archs.size() * E::width numbers
template <accuracy_encoding E>
void encode(std::span<const typename E::arch_type> archs, std::span<float> out) {
    for (std::size_t i = 0; i < archs.size(); ++i) E::encode(archs[i], out.subspan(i * E::width, E::width));
}

namespace detail {

/// Sets one number of a block of a domain's size. Throws input_error for a value that the domain lacks.
template <class Domain, class T>
constexpr void set_one_hot(std::span<float> block, const T& value, std::string_view what) {
    const auto i = index_in_domain<Domain>(value);
    if (i == Domain::size) throw input_error{"sub-network", what, "a value of its list", std::to_string(value)};
    block[i] = 1;
}

/// The value whose number is set, or nothing (0) where none is.
template <class T, class Domain>
[[nodiscard]] constexpr T one_hot_value(std::span<const float> block) {
    for (std::size_t i = 0; i < Domain::size; ++i)
        if (block[i] > 0.5F) return static_cast<T>(Domain::value(i));
    return T{};
}

/// Where the numbers of the image size stand.
enum class image_block { first, last };

/// Blocks of one-hot numbers for sizes, kernels and expansions. Blocks beyond the depth are zero, and so the depth is not encoded by itself.
template <spaces::elastic_space S, domain Images, image_block Place>
struct block_one_hot {
    using arch_type = typename S::arch_type;
    static constexpr std::size_t images = Images::size, kernels = S::kernels::size, expands = S::expands::size;
    static constexpr std::size_t width = images + S::blocks * (kernels + expands);
    static constexpr std::size_t kernel_offset = Place == image_block::first ? images : 0;
    static constexpr std::size_t expand_offset = kernel_offset + S::blocks * kernels;
    static constexpr std::size_t image_offset = Place == image_block::first ? 0 : expand_offset + S::blocks * expands;

    static constexpr void encode(const arch_type& a, std::span<float> out) {
        std::fill(out.begin(), out.end(), 0.0F);
        set_one_hot<Images>(out.subspan(image_offset, images), a.image_size, "image_size");
        for (std::size_t s = 0; s < S::stages; ++s) {
            const auto offset = static_cast<std::size_t>(S::family.block_offset(static_cast<int>(s)));
            const auto depth = static_cast<std::size_t>(std::clamp(a.d[s], 0, S::family.stages[s].blocks));
            for (std::size_t i = offset; i < offset + depth; ++i) {
                set_one_hot<typename S::kernels>(out.subspan(kernel_offset + i * kernels, kernels), a.ks[i], "ks");
                set_one_hot<typename S::expands>(out.subspan(expand_offset + i * expands, expands), a.e[i], "e");
            }
        }
    }

    static constexpr arch_type decode(std::span<const float> in) {
        arch_type a{};
        a.image_size = one_hot_value<int, Images>(in.subspan(image_offset, images));
        for (std::size_t s = 0; s < S::stages; ++s) {
            const auto offset = static_cast<std::size_t>(S::family.block_offset(static_cast<int>(s)));
            for (std::size_t i = offset; i < offset + static_cast<std::size_t>(S::family.stages[s].blocks); ++i) {
                a.ks[i] = one_hot_value<int, typename S::kernels>(in.subspan(kernel_offset + i * kernels, kernels));
                a.e[i] = one_hot_value<double, typename S::expands>(in.subspan(expand_offset + i * expands, expands));
                a.d[s] += a.ks[i] != 0 ? 1 : 0;
            }
        }
        return a;
    }
};

} // namespace detail

/// The inputs of MOOFA's predictors (ofa/nas/accuracy_predictor/arch_encoder.py): one-hot image size, then kernels of all blocks, then expansions;
/// 124 numbers for its spaces. What `decode` gives has zeros where blocks are inactive. Throws input_error for a value outside its domain.
/// @tparam Images the sizes that the predictor knows, in order
template <elastic_space S, domain Images = typename S::images>
struct moofa_encoding : verdant::spaces::detail::block_one_hot<S, Images, verdant::spaces::detail::image_block::first> {};

/// The sizes that the predictor of Once-for-All's tutorial knows.
using tutorial_images = range<112, 224, 16>;

/// The inputs of the predictor in Once-for-All's tutorial (ofa/tutorial/accuracy_predictor.py): kernels, expansions, image size; 128 numbers.
template <elastic_space S, domain Images = tutorial_images>
struct tutorial_encoding : verdant::spaces::detail::block_one_hot<S, Images, verdant::spaces::detail::image_block::last> {};

} // namespace verdant::spaces
