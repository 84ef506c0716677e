#include "golden/golden.hpp"

#include <verdant/hardware/hierarchy/product_chain.hpp>
#include <verdant/io/file/read_file.hpp>

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// AccelForge's optima of chains of matrix products, which may be fused, on its architectures: both are read from its own YAML. Prices of an access
// that the YAML leaves to models of components are those that the optimum has on average, and so is leakage, which follows from time. Its language
// models are reported: what of a layer is a matrix product is mapped by us.
namespace {

namespace hw = verdant::hardware;
using variables = std::map<std::string, std::string>;

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
    return first == std::string::npos ? std::string{} : text.substr(first, last - first + 1);
}
std::vector<std::string> split_at(const std::string& text, const std::string& separator) {
    std::vector<std::string> out;
    std::size_t from = 0;
    for (auto at = text.find(separator); at != std::string::npos; from = at + separator.size(), at = text.find(separator, from))
        out.push_back(trimmed(text.substr(from, at - from)));
    out.push_back(trimmed(text.substr(from)));
    return out;
}

/// What a Jinja expression gives: names, numbers, texts, sums, `| default(x)`, `"x" not in name`.
std::string evaluated(const std::string& text, const variables& with) {
    if (const auto bar = text.find('|'); bar != std::string::npos) {
        const auto name = trimmed(text.substr(0, bar));
        if (const auto found = with.find(name); found != with.end()) return found->second;
        const auto open = text.find('('), close = text.rfind(')');
        return evaluated(trimmed(text.substr(open + 1, close - open - 1)), with);
    }
    if (text.find('+') != std::string::npos) {
        long long sum = 0;
        for (const auto& part : split_at(text, "+")) sum += std::stoll(evaluated(part, with));
        return std::to_string(sum);
    }
    if (text.size() > 1 && text.front() == '"') return text.substr(1, text.size() - 2);
    const auto found = with.find(text);
    return found == with.end() ? text : found->second;
}

/// The small part of Jinja that these files have: set, for over a range, if of a name in an empty table, expressions.
std::string expanded(const std::vector<std::string>& lines, std::size_t first, std::size_t last, variables& with) {
    std::string out;
    const auto statement = [&](std::size_t i) -> std::string {
        const auto& l = lines[i];
        const auto open = l.find("{%"), close = l.find("%}");
        return open == std::string::npos || close == std::string::npos ? "" : trimmed(l.substr(open + 2, close - open - 2));
    };
    for (std::size_t i = first; i < last; ++i) {
        const auto s = statement(i);
        if (s.starts_with("set ")) {
            const auto sides = split_at(s.substr(4), "=");
            with[sides.at(0)] = evaluated(sides.at(1), with);
            continue;
        }
        if (s.starts_with("for ") || s.starts_with("if ")) {
            std::size_t depth = 1, end = i + 1;
            for (; end < last; ++end) {
                const auto inner = statement(end);
                if (inner.starts_with("for ") || inner.starts_with("if ")) ++depth;
                if (inner.starts_with("end") && --depth == 0) break;
            }
            if (s.starts_with("if ")) {
                // Tables are empty, so that nothing is in them.
                if (s.find(" not in ") != std::string::npos) out += expanded(lines, i + 1, end, with);
            } else if (s.find("range(") != std::string::npos) {
                const auto open = s.find("range(") + 6, close = s.rfind(')');
                const auto count = std::stoll(evaluated(s.substr(open, close - open), with));
                const auto name = trimmed(s.substr(4, s.find(" in ") - 4));
                for (long long k = 0; k < count; ++k) {
                    with[name] = std::to_string(k);
                    out += expanded(lines, i + 1, end, with);
                }
            }
            i = end;
            continue;
        }
        auto line = lines[i];
        for (auto open = line.find("{{"); open != std::string::npos; open = line.find("{{")) {
            const auto close = line.find("}}", open);
            line.replace(open, close + 2 - open, evaluated(trimmed(line.substr(open + 2, close - open - 2)), with));
        }
        out += line + '\n';
    }
    return out;
}

/// The file without its Jinja. @param with gets what the file sets
std::string expanded_file(const std::filesystem::path& path, variables& with) {
    std::vector<std::string> lines;
    std::istringstream in{verdant::io::read_file(path.string())};
    for (std::string l; std::getline(in, l);) lines.push_back(l);
    return expanded(lines, 0, lines.size(), with);
}
YAML::Node read_template(const std::filesystem::path& path, variables with) { return YAML::Load(expanded_file(path, with)); }

/// A product of numbers, and of bits of a word.
double number(const std::string& text, double word_bits) {
    const auto plain = split_at(text, " if ").front();
    double out = 1;
    for (const auto& part : split_at(plain, "*"))
        out *= part == "inf"                                      ? std::numeric_limits<double>::infinity()
               : part.find("bits_per_value") != std::string::npos ? word_bits
                                                                  : std::stod(part);
    return out;
}

struct chain {
    std::vector<std::string> names;
    std::vector<hw::product_extent> sizes;
    std::vector<std::array<std::string, 3>> tensors;
};

/// The chain of products of a workload; none where it is another.
std::optional<chain> read_chain(const YAML::Node& file) {
    const auto work = file["workload"];
    std::map<std::string, std::int64_t> size;
    for (const auto& item : work["iteration_space_shape"]) {
        const auto text = item.second.as<std::string>();
        size[item.first.as<std::string>()] = std::stoll(text.substr(text.rfind('<') + 1));
    }
    if (work["bits_per_value"]["All"].as<int>(0) != 8) return std::nullopt;
    chain out;
    for (const auto& einsum : work["einsums"]) {
        if (!einsum.IsMap() || !einsum["tensor_accesses"] || einsum["tensor_accesses"].size() != 3) return std::nullopt;
        std::array<std::vector<std::string>, 3> ranks; // weights, inputs, outputs
        std::array<std::string, 3> tensors;
        std::size_t seen = 0;
        for (const auto& access : einsum["tensor_accesses"]) {
            const std::size_t role = access["output"].as<bool>(false) ? 2 : seen++ == 0 ? 1 : 0;
            if (!access["projection"].IsSequence() || access["projection"].size() != 2) return std::nullopt;
            ranks[role] = access["projection"].as<std::vector<std::string>>();
            tensors[role] = access["name"].as<std::string>();
        }
        if (ranks[1][0] != ranks[2][0] || ranks[1][1] != ranks[0][0] || ranks[0][1] != ranks[2][1]) return std::nullopt;
        if (!out.tensors.empty() && out.tensors.back()[2] != tensors[1]) return std::nullopt;
        out.names.push_back(einsum["name"].as<std::string>());
        out.sizes.push_back({size.at(ranks[1][0]), size.at(ranks[0][0]), size.at(ranks[0][1])});
        out.tensors.push_back(tensors);
    }
    if (out.sizes.empty()) return std::nullopt;
    return out;
}

/// Bits of operands that a set names. @param rest what ~ of another memory leaves
std::uint32_t operands_of(const std::string& text, std::uint32_t rest) {
    std::uint32_t out = 0;
    for (const auto& part : split_at(text, "|")) {
        if (part == "All") out |= 7U;
        else if (part == "weight") out |= 1U;
        else if (part == "input") out |= 2U;
        else if (part == "output") out |= 4U;
        else if (part.starts_with('~')) out |= rest;
        else if (part != "Nothing") throw std::runtime_error{"the set '" + text + "' is not known"};
    }
    return out;
}

/// What a statistic has of one action of a component: calls of all products, and what one costs.
struct action {
    double calls = 0, energy = 0;
};
using actions = std::map<std::pair<std::string, std::string>, action>;
std::vector<std::string> key_parts(std::string key) {
    std::erase_if(key, [](char c) { return c == '(' || c == ')' || c == '\'' || c == ' '; });
    return split_at(key, ",");
}

/// Bits a unit of time of the only instance of a memory, and whether it reads and writes at once.
struct memory_rates {
    double read = 0, write = 0;
    bool at_once = false;
};

struct machine {
    std::vector<hw::product_level> levels;
    double multiply = 0; ///< energy
    std::vector<memory_rates> rates; ///< of each level, and steps of a multiplier; 0 where the file leaves them to a model
    double steps = 0;
};

/// Energies and steps of an optimum.
struct optimum_costs {
    actions measured;
    std::map<std::string, double> leaks; ///< of components
    std::map<std::string, double> energies, multiplications, latencies; ///< of einsums; energies are without leakage
    std::map<std::string, std::set<std::string>> tensors; ///< of einsums
};

optimum_costs read_costs(const nlohmann::json& optimum) {
    optimum_costs out;
    for (const auto& [name, calls] : optimum.at("actions").items()) {
        const auto at = key_parts(name);
        out.measured[{at.at(1), at.at(3)}].calls += calls.template get<double>();
        if (at[3] == "compute") out.multiplications[at.at(0)] += calls.template get<double>();
        else out.tensors[at[0]].insert(at.at(2));
    }
    for (const auto& [name, energy] : optimum.at("energy_per_component").items()) {
        const auto at = key_parts(name);
        if (at.at(2) == "leak") {
            out.leaks[at.at(0)] += energy.template get<double>();
            continue;
        }
        out.measured[{at.at(1), at.at(2)}].energy += energy.template get<double>();
        out.energies[at.at(0)] += energy.template get<double>();
    }
    if (optimum.contains("latency_per_component"))
        for (const auto& [name, latency] : optimum.at("latency_per_component").items()) {
            auto& slowest = out.latencies[key_parts(name).at(0)];
            slowest = std::max(slowest, latency.template get<double>());
        }
    return out;
}

machine read_machine(const YAML::Node& file, const actions& measured, double word_bits) {
    machine out;
    std::vector<hw::product_fan_out> waiting;
    const auto price = [&](const YAML::Node& node, const std::string& name, const char* what) {
        double bits = 1;
        for (const auto& a : node["actions"])
            if (a["name"].as<std::string>() == what) {
                bits = number(a["bits_per_action"].as<std::string>("1"), word_bits);
                if (a["energy"]) return number(a["energy"].as<std::string>(), word_bits) / bits;
            }
        if (node["component_class"].as<std::string>("") == "Dummy") return 0.0;
        const auto found = measured.find({name, what});
        // What the optimum never does has no price here; it then is no way for us.
        return found == measured.end() || found->second.calls == 0 ? 1.0 : found->second.energy / found->second.calls / bits;
    };
    const auto rate = [&](const YAML::Node& node, const char* what) {
        for (const auto& a : node["actions"])
            if (a["name"].as<std::string>() == what && a["throughput"]) return number(a["throughput"].as<std::string>(), word_bits);
        return 0.0;
    };
    for (const auto& node : file["arch"]["nodes"]) {
        for (const auto& side : node["spatial"]) {
            hw::product_fan_out fan;
            fan.instances = side["fanout"].as<std::int64_t>();
            // A side that has to reuse an operand spreads what the operand does not have.
            if (side["reuse"]) {
                const auto reused = operands_of(side["reuse"].as<std::string>(), 0);
                for (std::size_t t = 0; t < 3; ++t)
                    if ((reused >> t & 1U) != 0) fan.dims &= ~hw::product_dims_of[t];
            }
            if (side["may_reuse"].as<std::string>("") == "Nothing") fan.sharing = hw::spatial_sharing::apart;
            if (!side["min_usage"]) fan.use = hw::spatial_use::any;
            waiting.push_back(fan);
        }
        const auto name = node["name"].as<std::string>();
        if (node.Tag() == "!Compute") {
            if (node["enabled"].as<std::string>("len(All) == 3") != "len(All) == 3") continue;
            out.multiply = price(node, name, "compute");
            out.steps = rate(node, "compute");
            out.levels.back().fans_out.insert(out.levels.back().fans_out.end(), waiting.begin(), waiting.end());
            waiting.clear();
        }
        if (node.Tag() != "!Memory") continue;
        if (!waiting.empty()) out.levels.back().fans_out = std::exchange(waiting, {});
        hw::product_level level;
        level.name = name;
        level.capacity = number(node["size"].as<std::string>(), word_bits);
        level.word_bits = {word_bits, word_bits, word_bits};
        const auto sets = node["tensors"];
        level.keeps = out.levels.empty() ? 0 : operands_of(sets["keep"].as<std::string>("Nothing"), 0);
        level.may_keep = sets["may_keep"] ? operands_of(sets["may_keep"].as<std::string>(), 0) : sets["keep"] ? level.keeps : 7U;
        for (const auto& item : node["bits_per_value"])
            for (std::size_t t = 0; t < 3; ++t)
                if ((operands_of(item.first.as<std::string>(), 0) >> t & 1U) != 0)
                    level.word_bits[t] = number(item.second.as<std::string>(), word_bits);
        level.read_energy = price(node, name, "read");
        level.write_energy = price(node, name, "write");
        out.levels.push_back(level);
        const bool at_once = node["total_latency"].as<std::string>("").starts_with("max(");
        out.rates.push_back({rate(node, "read"), rate(node, "write"), at_once});
    }
    return out;
}

/// Matrix products of a layer one after another, which hand their results on where there is more than one, and how many there are of them.
struct layer_products {
    std::vector<std::string> names;
    std::vector<hw::product_extent> sizes;
    double times = 1;
};

/// A decoder layer of GPT-2 with the sizes that its file sets: each head has an attention of its own, whose rows may stay inside while their softmax
/// is taken. Whether the optimum has these products is checked by their multiplications.
/// @throws runtime_error that says what cannot be expressed
std::vector<layer_products> read_decoder(const variables& with, const optimum_costs& costs) {
    const auto size = [&](const char* name) -> std::int64_t {
        const auto found = with.find(name);
        if (found == with.end()) throw std::runtime_error{std::string{"its file has no "} + name};
        return std::stoll(found->second);
    };
    const auto heads = size("N_HEADS"), of_head = size("N_EMB_PER_HEAD"), hidden = size("N_HIDDEN_DIMS"), inner = size("N_FF_DIMS"),
               batch = size("BATCH_SIZE"), tokens = size("N_NEW_TOKENS");
    const auto decode = with.find("DECODE");
    if (decode == with.end()) throw std::runtime_error{"its file has no DECODE"};
    const auto seen = decode->second == "True" ? size("N_CACHED_TOKENS") : tokens;
    const hw::product_extent of_heads{batch * tokens, hidden, heads * of_head};
    const auto attentions = static_cast<double>(batch * heads);
    const std::vector<layer_products> out{
        {{"V"}, {of_heads}},
        {{"K"}, {of_heads}},
        {{"Q"}, {of_heads}},
        {{"QK", "AV"}, {{tokens, of_head, seen}, {tokens, seen, of_head}}, attentions},
        {{"Z", "FFA", "FFB"}, {{batch * tokens, heads * of_head, hidden}, {batch * tokens, hidden, inner}, {batch * tokens, inner, hidden}}}};
    std::set<std::string> products;
    for (const auto& group : out)
        for (std::size_t i = 0; i < group.names.size(); ++i) {
            const auto& z = group.sizes[i];
            products.insert(group.names[i]);
            const auto found = costs.multiplications.find(group.names[i]);
            if (found == costs.multiplications.end() || found->second != group.times * static_cast<double>(z[0] * z[1] * z[2]))
                throw std::runtime_error{"its product " + group.names[i] + " has other sizes than that of a decoder layer"};
        }
    for (const auto& [name, tensors] : costs.tensors)
        if (tensors.size() > 2 && !products.contains(name)) throw std::runtime_error{"its product " + name + " is in no decoder layer"};
    return out;
}

/// Time of a product as AccelForge has it: the slowest of multipliers and memories; nothing where a model of a component has the rates.
std::optional<double> time_of(const machine& hardware, const hw::product_counts& counts) {
    if (hardware.steps == 0) return std::nullopt;
    double slowest = counts.steps / hardware.steps;
    bool above = true; // of all that is spread
    for (std::size_t l = 0; l < hardware.levels.size(); ++l) {
        const auto& r = hardware.rates[l];
        const auto& bits = counts.levels[l];
        if (r.read == 0 || r.write == 0) return std::nullopt;
        const double read = (bits.read[0] + bits.read[1] + bits.read[2]) / r.read,
                     written = (bits.written[0] + bits.written[1] + bits.written[2]) / r.write,
                     time = r.at_once ? std::max(read, written) : read + written;
        if (!above && time > 0) return std::nullopt;
        slowest = std::max(slowest, time);
        above = above && hardware.levels[l].fans_out.empty();
    }
    return slowest;
}

/// What the products of a layer take, and those of the optimum.
struct layer_costs {
    double energy = 0, least = 0, time = 0; ///< least: multiplications, and each right-hand side once from main memory
    double their_energy = 0, their_time = 0;
    bool timed = true;
};

layer_costs map_layer(const machine& hardware, const std::vector<layer_products>& layer, const optimum_costs& costs, hw::chain_fusion fusion) {
    layer_costs out;
    std::map<std::vector<hw::product_extent>, hw::mapped_chain> known; // queries, keys and values are alike
    for (const auto& group : layer) {
        if (!known.contains(group.sizes))
            known[group.sizes] = hw::map_chain(hardware.levels, group.sizes, {.fusion = fusion, .first_look = 1'000, .second_look = 20'000});
        const auto& found = known[group.sizes];
        out.energy += group.times * found.energy;
        for (const auto& z : group.sizes) {
            const double multiplications = static_cast<double>(z[0] * z[1] * z[2]) * hardware.multiply;
            out.energy += group.times * multiplications;
            out.least +=
                group.times * (multiplications + static_cast<double>(z[1] * z[2]) * hardware.levels[0].word_bits[0] * hardware.levels[0].read_energy);
        }
        for (const auto& product : found.products) {
            const auto time = time_of(hardware, product.counts);
            out.timed &= time.has_value();
            out.time += group.times * time.value_or(0);
        }
        for (const auto& name : group.names) {
            out.their_energy += costs.energies.at(name);
            if (const auto latency = costs.latencies.find(name); latency != costs.latencies.end()) out.their_time += latency->second;
        }
    }
    return out;
}

} // namespace

TEST_CASE("AccelForge's optima of chains of products, fused where that is better") {
    for (const auto& f : golden::find_all("real/hardware/accelforge_optima*.json")) {
        golden::summary s{f.name, 0.02};
        std::vector<double> gaps;
        const auto optima = golden::read_json(f.path);
        for (const auto& [key, optimum] : optima.items()) {
            const auto parts = split_at(key, "|");
            const auto folder = f.path.parent_path() / "accelforge";
            const auto workload = folder / "workloads" / (parts.at(1) + ".yaml"), architecture = folder / "arches" / (parts.at(0) + ".yaml");
            if (parts[1].find("matmul") == std::string::npos) continue;
            variables with;
            for (const auto& p : split_at(parts.at(2), ","))
                if (const auto sign = p.find('='); sign != std::string::npos) with[p.substr(0, sign)] = p.substr(sign + 1);
            std::optional<chain> work;
            std::string why = "no chain of products of 8-bit words";
            machine hardware;
            optimum_costs costs;
            try {
                costs = read_costs(optimum);
                work = read_chain(read_template(workload, with));
                hardware = read_machine(read_template(architecture, with), costs.measured, 8);
            } catch (const std::exception& e) {
                work.reset();
                why = e.what();
            }
            if (!work) {
                std::printf("golden %s: refused %s: %s\n", f.name.c_str(), key.c_str(), why.c_str());
                continue;
            }
            const auto found = hw::map_chain(hardware.levels, work->sizes,
                                             {.fusion = parts.at(3) == "fused" ? hw::chain_fusion::intermediates : hw::chain_fusion::none});
            double energy = found.energy;
            for (const auto& z : work->sizes) energy += static_cast<double>(z[0] * z[1] * z[2]) * hardware.multiply;
            for (const auto& l : costs.leaks) energy += l.second;
            const auto expected = optimum.at("energy").get<double>();
            const double gap = energy / expected - 1;
            gaps.push_back(gap);
            std::printf("golden %s: %s: gap %.4f %%\n", f.name.c_str(), key.c_str(), 100 * gap);
            s.next_row();
            INFO(key);
            s.compare("energy", expected, energy);
            CHECK(gap >= -1e-4); // better than the optimum would be a wrong model
        }
        std::sort(gaps.begin(), gaps.end());
        if (gaps.empty()) s.leave_out("no optimum of what is modelled here");
        else CHECK(gaps[gaps.size() / 2] <= 0.02);
    }
}

TEST_CASE("AccelForge's language models: what of a layer is a matrix product, reported and not bound") {
    for (const auto& f : golden::find_all("real/hardware/accelforge_optima*.json")) {
        const auto optima = golden::read_json(f.path);
        bool described = false;
        int compared = 0, near = 0;
        for (const auto& [key, optimum] : optima.items()) {
            const auto parts = split_at(key, "|");
            const auto& workload = parts.at(1);
            if (workload.find("matmul") != std::string::npos || workload == "matvecs" || workload == "mobilenet_28") continue;
            const auto folder = f.path.parent_path() / "accelforge";
            variables with;
            for (const auto& p : split_at(parts.at(2), ","))
                if (const auto sign = p.find('='); sign != std::string::npos) with[p.substr(0, sign)] = p.substr(sign + 1);
            optimum_costs costs;
            std::vector<layer_products> layer;
            machine hardware;
            const auto file = folder / "workloads" / (workload + ".yaml");
            described |= workload.starts_with("gpt") && std::filesystem::exists(file);
            // Only what is read may be refused; what fails behind that is a defect of ours.
            try {
                costs = read_costs(optimum);
                if (!std::filesystem::exists(file)) throw std::runtime_error{"no file describes its products"};
                auto sizes = with;
                static_cast<void>(expanded_file(file, sizes));
                layer = read_decoder(sizes, costs);
                hardware = read_machine(read_template(folder / "arches" / (parts.at(0) + ".yaml"), with), costs.measured, 16);
            } catch (const std::exception& e) {
                std::printf("golden %s: refused %s: %s\n", f.name.c_str(), key.c_str(), e.what());
                continue;
            }
            const auto found = map_layer(hardware, layer, costs, parts.at(3) == "fused" ? hw::chain_fusion::intermediates : hw::chain_fusion::none);
            ++compared;
            const double all = optimum.at("energy").get<double>();
            double parts_of_all = 0;
            for (const auto* of : {&costs.energies, &costs.leaks})
                for (const auto& part : *of) parts_of_all += part.second;
            INFO(key);
            CHECK(std::abs(parts_of_all / all - 1) < 1e-5); // nothing of the optimum is overlooked
            CHECK(found.energy >= found.least);
            // Copies, softmax and leakage are the optimum's.
            const double ours = found.energy + all - found.their_energy;
            near += std::abs(ours / all - 1) <= 2e-4;
            std::printf("golden %s: %s: energy %.6g, gap %.3f %%, of its products %.3f %%", f.name.c_str(), key.c_str(), ours, 100 * (ours / all - 1),
                        100 * (found.energy / found.their_energy - 1));
            if (found.timed && found.their_time > 0)
                std::printf("; latency of its products %.6g, gap %.3f %%\n", found.time, 100 * (found.time / found.their_time - 1));
            else std::printf("%s\n", found.their_time > 0 ? "; latency depends on models of components" : "");
        }
        std::printf("golden %s: %d layers of language models compared, %d of them within 0.02 %%\n", f.name.c_str(), compared, near);
        if (described) CHECK(compared > 0);
    }
}
