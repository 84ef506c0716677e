#pragma once

// What several tests of Accel-NASBench's networks read: their lists of choices, and columns of records.

#include "golden/golden.hpp"

#include <verdant/spaces/mnasnet/mnasnet.hpp>
#include <verdant/spaces/mnasnet/mnasnet_1d.hpp>
#include <verdant/spaces/mnasnet/mnasnet_forms.hpp>

#include <cstddef>
#include <string>

namespace golden {

/// `{"e": [...], "k": [...], "l": [...], "se": [...]}`, truth as numbers.
inline verdant::point<verdant::spaces::mnasnet> mnasnet_of(const json& lists) {
    verdant::spaces::mnasnet_design d;
    for (std::size_t b = 0; b < d.e.size(); ++b) {
        d.e[b] = lists.at("e").at(b);
        d.k[b] = lists.at("k").at(b);
        d.l[b] = lists.at("l").at(b);
        d.se[b] = lists.at("se").at(b) == 1;
    }
    return verdant::spaces::point_of(d);
}

/// The same of five blocks; there is no squeeze-and-excitation.
inline verdant::point<verdant::spaces::mnasnet_1d> mnasnet_1d_of(const json& lists) {
    verdant::spaces::mnasnet_1d_design d;
    for (std::size_t b = 0; b < d.e.size(); ++b) {
        d.e[b] = lists.at("e").at(b);
        d.k[b] = lists.at("k").at(b);
        d.l[b] = lists.at("l").at(b);
        if (lists.at("se").at(b) != 0) throw std::runtime_error{"golden: a network for signals has no squeeze-and-excitation"};
    }
    return verdant::spaces::point_of(d);
}

/// The network of a record: the columns that are parameters.
inline verdant::point<verdant::spaces::mnasnet> mnasnet_of(const row& record) {
    verdant::spaces::mnasnet_dictionary values;
    for (const auto& [name, value] : record)
        if (name.starts_with("block")) values.emplace_back(name, value);
    return verdant::spaces::point_of(values, "golden record");
}

} // namespace golden
