#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/units.hpp>
#include <verdant/workload/convnet/channels.hpp>
#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>

#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

/// Latency by lookup: one measured mean for each layer of each shape, summed (once-for-all, latency_lookup_table.py).
namespace verdant::workload {

/// A measured layer.
struct latency_entry {
    double mean = 0;         ///< milliseconds
    double spread = 0;       ///< standard deviation, milliseconds; readers take the root of a variance
    std::int64_t count = 0;  ///< measurements
};

/// More measurements of a layer than anybody makes.
inline constexpr std::int64_t most_measurements = 1'000'000'000'000'000;

/// Measured layers by key, such as `Conv-input:224x224x3-output:112x112x24`.
class latency_table {
public:
    /// @param name what errors call the table: its file
    explicit latency_table(std::string name = "latency table") : name_{std::move(name)} {}

    /// @throws input_error if the key is there already, or mean, spread or count are no numbers that are not negative
    void add(std::string key, const latency_entry& entry) {
        if (!(entry.mean >= 0) || !std::isfinite(entry.mean)) throw input_error{name_, key, "a mean of milliseconds", std::to_string(entry.mean)};
        if (!(entry.spread >= 0) || !std::isfinite(entry.spread))
            throw input_error{name_, key, "a spread that is not negative", std::to_string(entry.spread)};
        if (entry.count < 0) throw input_error{name_, key, "a number of measurements", std::to_string(entry.count)};
        const auto [place, added] = entries_.emplace(std::move(key), entry);
        if (!added) throw input_error{name_, place->first, "each key once", "it twice"};
    }
    [[nodiscard]] bool has(std::string_view key) const { return entries_.find(key) != entries_.end(); }
    /// Mean in milliseconds. @throws input_error that names table and key, if there is no such entry
    [[nodiscard]] double mean(std::string_view key) const {
        const auto found = entries_.find(key);
        if (found == entries_.end()) throw input_error{name_, key, "a measured latency", "no such key"};
        return found->second.mean;
    }

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    /// Entries by key, in alphabetical order.
    [[nodiscard]] const std::map<std::string, latency_entry, std::less<>>& entries() const noexcept { return entries_; }

private:
    std::string name_;
    std::map<std::string, latency_entry, std::less<>> entries_;
};

/// Tables by side of the input.
using latency_tables = std::map<int, latency_table>;

/// The table of a resolution. @throws input_error that names the resolution, if there is none
[[nodiscard]] inline const latency_table& table_of(const latency_tables& tables, int image_size) {
    const auto found = tables.find(image_size);
    if (found == tables.end())
        throw input_error{"latency tables", "resolution " + std::to_string(image_size), "a table of it",
                          tables.empty() ? "no table at all"
                                         : "tables from " + std::to_string(tables.begin()->first) + " to " + std::to_string(tables.rbegin()->first)};
    return found->second;
}

/// `28x28x40`.
[[nodiscard]] inline std::string map_text(int side, int channels) {
    const auto s = std::to_string(side);
    return s + 'x' + s + 'x' + std::to_string(channels);
}

/// The key of a layer by the shapes of its maps: `Conv-input:224x224x3-output:112x112x24`.
[[nodiscard]] inline std::string latency_key(std::string_view type, int side, int in, int out_side, int out) {
    return std::string{type} + "-input:" + map_text(side, in) + "-output:" + map_text(out_side, out);
}

/// How keys of blocks are spelled: by inner channels with squeeze-and-excitation and h-swish (MobileNetV3), or by expansion ratio (ProxylessNAS).
enum class latency_keys : std::uint8_t { mobilenet_v3, proxyless };

/// How the keys of a network's table are spelled: a net without final expansion is a ProxylessNAS.
[[nodiscard]] constexpr latency_keys keys_of(const mobile_net& n) {
    return n.has_final_expand() ? latency_keys::mobilenet_v3 : latency_keys::proxyless;
}

/// The key of a block.
template <class = instantiated_when_used>
[[nodiscard]] std::string latency_key(const mobile_block& b, int side, latency_keys style) {
    const bool by_channels = style == latency_keys::mobilenet_v3;
    std::string ratio = std::to_string(static_cast<long long>(b.expand));
    if (const auto tenths = static_cast<long long>(b.expand * 10); tenths % 10 != 0) ratio += '.' + std::to_string(tenths % 10);
    auto key = latency_key("expanded_conv", side, b.in, strided(side, b.stride), b.out) + "-expand:" + (by_channels ? std::to_string(b.mid) : ratio) +
               "-kernel:" + std::to_string(b.kernel) + "-stride:" + std::to_string(b.stride) + "-idskip:" + (b.shortcut ? '1' : '0');
    if (by_channels) key += std::string{"-se:"} + (b.se ? '1' : '0') + "-hs:" + (b.act == nonlinearity::h_swish ? '1' : '0');
    return key;
}
VERDANT_DEFINED_ONCE(std::string latency_key<>(const mobile_block&, int, latency_keys));

/// Latency of what every network of a size and a family has, without the blocks: first convolution, then the last layers on a map of `side`.
/// @throws input_error that names table and key, if an entry is missing; so does `latency_of`
template <class = instantiated_when_used>
[[nodiscard]] double stem_milliseconds(const mobile_net& n, const latency_table& table) {
    return table.mean(latency_key("Conv", n.image_size, n.first_conv.in, first_map_side(n), n.first_conv.out));
}
VERDANT_DEFINED_ONCE(double stem_milliseconds<>(const mobile_net&, const latency_table&));
template <class = instantiated_when_used>
[[nodiscard]] double head_milliseconds(const mobile_net& n, int side, const latency_table& table) {
    const auto& mix = n.feature_mix;
    const auto logits = "-output:" + std::to_string(n.classes);
    if (!n.has_final_expand())
        return table.mean(latency_key("Conv_1", side, mix.in, side, mix.out)) + table.mean("Logits-input:" + map_text(side, mix.out) + logits);
    const auto& last = n.final_expand;
    return table.mean(latency_key("Conv_1", side, last.in, side, last.out)) + table.mean(latency_key("AvgPool2D", side, last.out, 1, last.out)) +
           table.mean(latency_key("Conv_2", 1, mix.in, 1, mix.out)) + table.mean("Logits-input:" + map_text(1, mix.out) + logits);
}
VERDANT_DEFINED_ONCE(double head_milliseconds<>(const mobile_net&, int, const latency_table&));

/// The sum over the layers of a network.
template <class = instantiated_when_used>
[[nodiscard]] si::time latency_of(const mobile_net& n, const latency_table& table) {
    double sum = stem_milliseconds(n, table);
    int side = first_map_side(n);
    for (const auto& b : n.blocks) {
        sum += table.mean(latency_key(b, side, keys_of(n)));
        side = strided(side, b.stride);
    }
    return (sum + head_milliseconds(n, side, table)) * milliseconds{};
}
VERDANT_DEFINED_ONCE(si::time latency_of<>(const mobile_net&, const latency_table&));

} // namespace verdant::workload
