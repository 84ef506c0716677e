#pragma once

#include <verdant/error.hpp>
#include <verdant/io/document/json.hpp>
#include <verdant/meta/component/json.hpp>
#include <verdant/predictor/accuracy_table.hpp>
#include <verdant/spaces/once_for_all/elastic_arch.hpp>
#include <verdant/spaces/once_for_all/once_for_all.hpp>
#include <verdant/workload/convnet/mobile_costs.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

/// Accuracies of sub-networks in the originals' JSON.
namespace verdant::spaces {

namespace detail {

/// The list of one kind of choice in the text of a sub-network.
/// @param most what no network has more of: such numbers would overflow the sizes of its maps
template <class T, std::size_t N>
void read_choices(const nlohmann::ordered_json& from, const char* name, T most, std::array<T, N>& to, const std::string& path,
                  const std::string& key) {
    const auto fail = [&] {
        throw input_error{path, "sub-network " + key, "a list " + std::string{name} + " of " + std::to_string(N) + " numbers",
                          from.contains(name) ? from[name].dump() : "none"};
    };
    if (!from.contains(name) || !from[name].is_array() || from[name].size() != N) fail();
    for (std::size_t i = 0; i < N; ++i) {
        const auto& value = from[name][i];
        if (std::is_integral_v<T> ? !value.is_number_integer() : !value.is_number()) fail();
        if (!(value >= 0 && value <= most))
            throw input_error{path, "sub-network " + key, std::string{name} + " from 0 to " + nlohmann::json(most).dump(), value.dump()};
        to[i] = value.template get<T>();
    }
}

} // namespace detail

/// Reads accuracies in the form of Once-for-All (ofa/nas/accuracy_predictor/acc_dataset.py: `acc.dict` and `src/<size>.dict`): an object whose keys
/// are sub-networks as JSON texts with `ks`, `e`, `d` and `image_size`, and whose values are shares of right answers in per cent. In the file's
/// order. Throws file_error, or input_error that names file and sub-network.
template <elastic_space S>
[[nodiscard]] std::vector<accuracy_record<S>> read_accuracy_json(const std::string& path) {
    const auto all = io::read_json<nlohmann::ordered_json>(path);
    if (!all.is_object()) throw input_error{path, "", "an object of sub-networks and their accuracies", all.type_name()};
    std::vector<accuracy_record<S>> records;
    for (const auto& [key, value] : all.items()) {
        const auto from = io::parse_json<nlohmann::ordered_json>(key, path + ", sub-network " + key);
        accuracy_record<S> r;
        if (!from.is_object() || !from.contains("image_size") || !from["image_size"].is_number_integer())
            throw input_error{path, "sub-network " + key, "an object with an image_size", "another"};
        if (!(from["image_size"] >= 1 && from["image_size"] <= 8192))
            throw input_error{path, "sub-network " + key, "an image_size from 1 to 8192", from["image_size"].dump()};
        r.arch.image_size = from["image_size"].template get<int>();
        verdant::spaces::detail::read_choices(from, "ks", 99, r.arch.ks, path, key);
        verdant::spaces::detail::read_choices(from, "e", 99.0, r.arch.e, path, key);
        verdant::spaces::detail::read_choices(from, "d", 99, r.arch.d, path, key);
        for (std::size_t i = 0; i < r.arch.d.size(); ++i)
            if (const auto most = S::family.stages[i].blocks; r.arch.d[i] < 1 || r.arch.d[i] > most)
                throw input_error{path, "sub-network " + key + ", d[" + std::to_string(i) + ']', "a depth from 1 to " + std::to_string(most),
                                  std::to_string(r.arch.d[i])};
        if (!value.is_number() || !(value >= 0 && value <= 100))
            throw input_error{path, "sub-network " + key, "an accuracy from 0 to 100 per cent", value.dump()};
        r.accuracy = value.template get<double>() / 100;
        r.peak_memory = workload::peak_memory(net_of(S::family, r.arch));
        records.push_back(r);
    }
    return records;
}

/// Writes them in that form, whole or not at all. Throws file_error, or input_error for an accuracy that is not a share.
template <elastic_space S>
void write_accuracy_json(const std::string& path, std::span<const accuracy_record<S>> records) {
    nlohmann::ordered_json all = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto& r = records[i];
        if (!(r.accuracy >= 0 && r.accuracy <= 1))
            throw input_error{path, "accuracy of sample " + std::to_string(i + 1), "a share from 0 to 1", std::to_string(r.accuracy)};
        // Whole ratios are integers there.
        nlohmann::ordered_json ratios = nlohmann::ordered_json::array();
        for (const double e : r.arch.e) {
            if (const int whole = static_cast<int>(e); whole == e) ratios.push_back(whole);
            else ratios.push_back(e);
        }
        const nlohmann::ordered_json arch{{"ks", r.arch.ks}, {"e", ratios}, {"d", r.arch.d}, {"image_size", r.arch.image_size}};
        all[arch.dump()] = 100 * r.accuracy;
    }
    io::write_json(path, all, 4);
}

} // namespace verdant::spaces
