#pragma once

#include <verdant/error.hpp>
#include <verdant/random/numpy.hpp>
#include <verdant/random/python.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// The random choices of the programs of Once-for-All, CompOFA and MOOFA, draw for draw.
namespace verdant::spaces::reference {

using verdant::reference::numpy_random;
using verdant::reference::python_random;

/// The values of a domain, in order.
template <class T, domain D>
inline constexpr auto values_of = [] {
    std::array<T, D::size> all{};
    for (std::size_t i = 0; i < D::size; ++i) all[i] = static_cast<T>(D::value(i));
    return all;
}();

/// The seed of sub-network `k` of a training step: `step`, `k` and 0 written one after the other, the last two with three digits
/// (progressive_shrinking.py). @pre k < 1000
[[nodiscard]] constexpr std::uint64_t subnet_seed(std::uint64_t step, std::uint64_t k) { return (step * 1000 + k) * 1000; }

/// The seed of the image size of a batch, as above.
[[nodiscard]] constexpr std::uint64_t image_size_seed(std::uint64_t batch, std::uint64_t epoch) {
    std::uint64_t scale = 1000;
    while (scale <= epoch) scale *= 10;
    return batch * scale + epoch;
}

/// The sizes that training at any resolution chooses from: the multiples of 4 between the least and the largest size.
[[nodiscard]] inline std::vector<int> continuous_sizes(std::span<const int> sizes) {
    std::vector<int> all;
    if (sizes.empty()) return all;
    const auto [low, high] = std::minmax_element(sizes.begin(), sizes.end());
    for (int size = *low; size <= *high; ++size)
        if (size % 4 == 0) all.push_back(size);
    return all;
}

/// The image size of a batch of training. Throws input_error where there is no size to choose from.
[[nodiscard]] inline int image_size(std::span<const int> candidates, std::uint64_t batch, std::uint64_t epoch) {
    if (candidates.empty()) throw input_error{"elastic resolution", "image sizes", "at least one", "none"};
    return python_random{image_size_seed(batch, epoch)}.choices(candidates);
}

/// A sub-network as supernets draw it in training: kernels of all blocks, then expansions, then depths, each from its list. The image size stays.
template <class Arch>
void draw_subnet(python_random& random, std::span<const int> kernels, std::span<const double> expands, std::span<const int> depths, Arch& a) {
    if (kernels.empty() || expands.empty() || depths.empty()) throw input_error{"sub-network", "lists to draw from", "at least one value", "none"};
    for (auto& k : a.ks) k = random.choice(kernels);
    for (auto& e : a.e) e = random.choice(expands);
    for (auto& d : a.d) d = random.choice(depths);
}
/// The same from all values of the space.
template <elastic_space S>
[[nodiscard]] typename S::arch_type draw_subnet(python_random& random) {
    typename S::arch_type a{};
    draw_subnet(random, values_of<int, typename S::kernels>, values_of<double, typename S::expands>, values_of<int, typename S::depths>, a);
    for (std::size_t s = 0; s < S::stages; ++s) a.d[s] = std::min(a.d[s], S::family.stages[s].blocks);
    return a;
}

/// A sub-network as CompOFA draws it: per stage a depth from NumPy's stream, then from Python's the expansion of each block, out of the one that
/// belongs to the depth (which costs numbers of the stream all the same), then all kernels. The image size stays 0.
template <elastic_space S>
[[nodiscard]] typename S::arch_type draw_compound_subnet(python_random& random, numpy_random& depths) {
    constexpr auto expands = values_of<double, typename S::expands>;
    constexpr auto depth_list = values_of<int, typename S::depths>;
    static_assert(expands.size() == depth_list.size(),
                  "verdant: a coupled space needs as many expansions as depths; give both lists the same length");
    std::array<double, depth_list.size()> share{};
    share.fill(1.0 / static_cast<double>(share.size()));
    typename S::arch_type a{};
    for (std::size_t s = 0; s < S::stages; ++s) {
        const auto i = depths.choice(share);
        a.d[s] = depth_list[i];
        const auto first = static_cast<std::size_t>(S::family.block_offset(static_cast<int>(s)));
        for (std::size_t j = 0; j < static_cast<std::size_t>(S::family.stages[s].blocks); ++j) a.e[first + j] = expands[i];
    }
    for (std::size_t i = 0; i < S::blocks; ++i) static_cast<void>(random.below(1));
    for (auto& k : a.ks) k = random.choice(values_of<int, typename S::kernels>);
    return a;
}

/// A sub-network as the searches draw it (`random_sample_arch` of the encoders).
template <elastic_space S>
[[nodiscard]] typename S::arch_type draw_arch(python_random& random) {
    typename S::arch_type a{};
    for (auto& k : a.ks) k = random.choices(values_of<int, typename S::kernels>);
    for (auto& e : a.e) e = random.choices(values_of<double, typename S::expands>);
    for (auto& d : a.d) d = random.choices(values_of<int, typename S::depths>);
    a.image_size = random.choice(values_of<int, typename S::images>);
    return a;
}

/// Another image size with this probability.
template <elastic_space S>
void mutate_resolution(typename S::arch_type& a, double probability, python_random& random) {
    if (random.uniform() < probability) a.image_size = random.choice(values_of<int, typename S::images>);
}

/// For each block, another kernel and expansion with this probability, then the same for the depth of each stage.
template <elastic_space S>
void mutate_arch(typename S::arch_type& a, double probability, python_random& random) {
    for (std::size_t i = 0; i < a.ks.size(); ++i)
        if (random.uniform() < probability) {
            a.ks[i] = random.choice(values_of<int, typename S::kernels>);
            a.e[i] = random.choice(values_of<double, typename S::expands>);
        }
    for (auto& d : a.d)
        if (random.uniform() < probability) d = random.choice(values_of<int, typename S::depths>);
}

/// Every entry from one of the two, at random.
template <class Arch>
[[nodiscard]] Arch crossover(const Arch& a, const Arch& b, python_random& random) {
    Arch child = a;
    const auto pick = [&random](auto& out, const auto& x, const auto& y) { out = random.below(2) == 0 ? x : y; };
    for (std::size_t i = 0; i < a.ks.size(); ++i) pick(child.ks[i], a.ks[i], b.ks[i]);
    for (std::size_t i = 0; i < a.e.size(); ++i) pick(child.e[i], a.e[i], b.e[i]);
    for (std::size_t i = 0; i < a.d.size(); ++i) pick(child.d[i], a.d[i], b.d[i]);
    pick(child.image_size, a.image_size, b.image_size);
    return child;
}

} // namespace verdant::spaces::reference
