#pragma once

#include "golden/golden.hpp"

#include <verdant/spaces/once_for_all/once_for_all.hpp>

#include <cstddef>
#include <string>

namespace golden {

inline int digit(char c) { return c - '0'; }

/// A row whose sub-network is written as digits: kernels, depths, and expansions either as indices into the family's list or as they are.
template <verdant::spaces::elastic_space S>
typename S::arch_type digit_arch(const row& r) {
    typename S::arch_type a{};
    a.image_size = std::stoi(r.at("r"));
    const bool indices = r.contains("e_idx");
    for (std::size_t i = 0; i < a.ks.size(); ++i) {
        a.ks[i] = digit(r.at("ks").at(i));
        a.e[i] = indices ? static_cast<double>(S::expands::value(static_cast<std::size_t>(digit(r.at("e_idx").at(i))))) : digit(r.at("e").at(i));
    }
    for (std::size_t i = 0; i < a.d.size(); ++i) a.d[i] = digit(r.at("d").at(i));
    return a;
}

/// A sub-network as an object of lists.
template <verdant::spaces::elastic_space S>
typename S::arch_type listed_arch(const json& j) {
    typename S::arch_type a{};
    for (std::size_t i = 0; i < a.ks.size(); ++i) {
        a.ks[i] = j.at("ks").at(i).get<int>();
        a.e[i] = j.at("e").at(i).get<double>();
    }
    for (std::size_t i = 0; i < a.d.size(); ++i) a.d[i] = j.at("d").at(i).get<int>();
    if (j.contains("image_size")) a.image_size = j.at("image_size").get<int>();
    if (j.contains("r")) a.image_size = j.at("r").at(0).get<int>();
    return a;
}

} // namespace golden
