#include "golden/golden.hpp"

#include <verdant/hardware/hierarchy/nest_cost.hpp>
#include <verdant/meta/component/yaml.hpp>

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Timeloop's own statistics: mapping, energies of an access and specifications as it prints them; our counts, cycles and energies against its. Where
// one operand has zeros, gated or skipped where it serves the multipliers, Sparseloop's counts are ours too; cycles of gated multiplications and
// energies of compressed weights are derived from them here by rules of Timeloop's that we do not have, which the summary line names. Other sparse
// ones are refused with the reason.
namespace {

namespace hw = verdant::hardware;

struct statistics_level {
    std::string name;
    std::map<std::string, std::string> values; // of the level
    std::vector<std::pair<std::string, std::map<std::string, std::string>>> tensors; // of each tensor
};

struct reference {
    hw::nest_problem problem;
    std::vector<std::string> tensor_names;
    std::vector<std::string> level_names;
    std::vector<hw::memory_level> levels;
    hw::nest_mapping mapping;
    double arithmetic = 0;
    std::vector<statistics_level> printed;
    double cycles = 0;
    bool sparse = false; ///< printed as such
    hw::zero_weights zeros = hw::zero_weights::computed;
    std::vector<hw::memory_level> metadata; ///< beside each level, which then has offsets of `datawidth` bits
    std::string refusal;
};

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \t\r"), last = text.find_last_not_of(" \t\r");
    return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream in{path};
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::filesystem::path file_of(const std::filesystem::path& folder, const std::string& end) {
    for (const auto& entry : std::filesystem::directory_iterator{folder})
        if (entry.path().filename().string().ends_with(end)) return entry.path();
    return {};
}

/// An entry of a table. @throws runtime_error that names it where there is none
template <class Map>
const auto& entry(const Map& table, const std::string& name) {
    const auto found = table.find(name);
    if (found == table.end()) throw std::runtime_error{"'" + name + "' is missing"};
    return found->second;
}
/// The number that a text begins with. @throws runtime_error that names what it is of where it begins with none
double number(const std::string& what, const std::string& text) {
    try {
        return std::stod(text);
    } catch (const std::logic_error&) { throw std::runtime_error{"'" + what + "' is no number: '" + text + "'"}; }
}
std::int64_t whole_number(const std::map<std::string, std::string>& values, const std::string& name) {
    return static_cast<std::int64_t>(number(name, entry(values, name)));
}
/// The place of a tensor. @throws runtime_error that names it where there is none
std::size_t tensor_of(const reference& r, const std::string& name) {
    const auto found = std::find(r.tensor_names.begin(), r.tensor_names.end(), name);
    if (found == r.tensor_names.end()) throw std::runtime_error{"no tensor has the name '" + name + "'"};
    return static_cast<std::size_t>(found - r.tensor_names.begin());
}

void read_problem(reference& out, const YAML::Node& problem) {
    const auto shape = problem["shape"], instance = problem["instance"];
    if (shape["dimensions"].size() > hw::most_nest_dims) throw std::runtime_error{"more dimensions than a nest has"};
    std::map<std::string, std::uint8_t> dims;
    for (const auto& d : shape["dimensions"]) {
        const auto index = dims.size();
        dims[d.as<std::string>()] = static_cast<std::uint8_t>(index);
        // Longer names get letters of their own.
        out.problem.add_dim(static_cast<char>('a' + index), instance[d.as<std::string>()] ? instance[d.as<std::string>()].as<std::int64_t>() : 1);
    }
    std::map<std::string, std::int32_t> coefficients;
    for (const auto& c : shape["coefficients"]) {
        const auto name = c["name"].as<std::string>();
        coefficients[name] = instance[name] ? instance[name].as<std::int32_t>() : c["default"].as<std::int32_t>();
    }
    for (const auto& space : shape["data_spaces"]) {
        hw::nest_tensor tensor;
        out.tensor_names.push_back(space["name"].as<std::string>());
        tensor.output = space["read_write"] && space["read_write"].as<bool>();
        for (const auto& axis : space["projection"]) {
            if (axis.size() > 2) throw std::runtime_error{"an axis of three loops"};
            hw::nest_axis a;
            for (std::size_t i = 0; i < axis.size(); ++i) {
                (i == 0 ? a.first : a.second) = entry(dims, axis[i][0].as<std::string>());
                if (axis[i].size() > 1) (i == 0 ? a.step : a.other_step) = entry(coefficients, axis[i][1].as<std::string>());
            }
            tensor.add_axis(a);
        }
        out.problem.tensors[out.problem.tensor_count++] = tensor;
    }
    for (const auto& [name, index] : dims) out.level_names.push_back(name + "=" + std::to_string(index)); // for the mapping, replaced below
}

/// The tensor with zeros, which becomes the first.
void read_densities(reference& out, const YAML::Node& instance) {
    for (const auto& density : instance["densities"]) {
        const auto value = density.second["density"].as<double>();
        if (!(value < 1)) continue;
        if (out.problem.weight_density < 1) out.refusal = "zeros in two tensors";
        if (density.second["distribution"].as<std::string>() != "fixed_structured") out.refusal = "zeros of another distribution";
        out.problem.weight_density = value;
        const auto at = tensor_of(out, density.first.as<std::string>());
        std::swap(out.tensor_names.front(), out.tensor_names[at]);
        std::swap(out.problem.tensors.front(), out.problem.tensors[at]);
        if (out.problem.tensors.front().output) out.refusal = "zeros in the output";
    }
}

void read_mapping(reference& out, const std::string& text) {
    std::map<std::string, std::uint8_t> dims;
    for (const auto& n : out.level_names) dims[n.substr(0, n.find('='))] = static_cast<std::uint8_t>(std::stoi(n.substr(n.find('=') + 1)));
    out.level_names.clear();
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) {
        const auto loop = line.find("for ");
        if (loop != std::string::npos) {
            auto& level = out.mapping.levels[out.mapping.level_count - 1U];
            const auto in = line.find(" in [0:"), close = line.find(')', in);
            const auto dim = entry(dims, line.substr(loop + 4, in - loop - 4));
            const auto bound = line.substr(in + 7, close - in - 7);
            if (bound.find(',') != std::string::npos) out.refusal = "imperfect factors";
            if (line.find("Spatial") == std::string::npos) level.add_temporal(dim, std::stoi(bound));
            else level.add_spatial(dim, std::stoi(bound));
            continue;
        }
        const auto bracket = line.find(" [ ");
        if (bracket == std::string::npos) continue;
        out.level_names.push_back(line.substr(0, bracket));
        auto& level = out.mapping.levels.at(out.mapping.level_count++);
        level.keeps = 0;
        std::istringstream words{line.substr(bracket + 3)};
        for (std::string word; words >> word;)
            for (std::size_t t = 0; t < out.tensor_names.size(); ++t)
                if (word.starts_with(out.tensor_names[t] + ":")) level.keeps |= 1U << t;
    }
}

void read_statistics(reference& out, const std::string& text) {
    std::istringstream lines{text};
    bool networks = false;
    for (std::string line; std::getline(lines, line);) {
        if (line == "Networks") networks = true;
        if (line.starts_with("Cycles:")) out.cycles = number("Cycles", line.substr(7));
        if (networks) continue;
        if (line.starts_with("=== ")) {
            out.printed.push_back({line.substr(4, line.size() - 8), {}, {}});
            continue;
        }
        const auto colon = line.find(':');
        if (colon == std::string::npos || out.printed.empty()) continue;
        auto& level = out.printed.back();
        const auto key = trimmed(line.substr(0, colon)), value = trimmed(line.substr(colon + 1));
        if (line.starts_with("    ") && line[4] != ' ' && value.empty() && key != "Loop nest") level.tensors.push_back({key, {}});
        else if (line.starts_with("        ") && !level.tensors.empty()) level.tensors.back().second[key] = value;
        else level.values[key] = value;
        if (key.starts_with("Actual scalar")) out.sparse = true;
    }
}

/// A bandwidth of a level; none where it is not there, or a dash.
double bandwidth(const std::map<std::string, std::string>& values, const std::string& name) {
    const auto found = values.find(name);
    return found == values.end() || found->second.empty() || found->second == "-" ? hw::memory_level::unbound : number(name, found->second);
}

void read_levels(reference& out, const YAML::Node& table) {
    std::map<std::string, std::map<std::string, double>> energies;
    for (const auto& t : table["tables"]) {
        auto name = t["name"].as<std::string>();
        name = name.substr(0, name.find('['));
        name = name.substr(name.rfind('.') + 1);
        for (const auto& a : t["actions"]) energies[name][a["name"].as<std::string>()] = a["energy"].as<double>();
    }
    for (const auto& name : out.level_names) {
        hw::memory_level level;
        for (auto& printed : out.printed) {
            if (printed.name != name) continue;
            const auto& v = printed.values;
            level.block = static_cast<std::int32_t>(whole_number(v, v.contains("Block size") ? "Block size" : "Data block size"));
            if (out.sparse) level.word_bits = static_cast<std::int32_t>(whole_number(v, "Data word bits")); // for offsets
            // An access of a cluster serves all of its instances.
            if (const auto cluster = whole_number(v, "Cluster size"); cluster > 1) level.rows = whole_number(v, "Instances") / cluster;
            level.read_bandwidth = bandwidth(v, "Read bandwidth");
            level.write_bandwidth = bandwidth(v, "Write bandwidth");
            level.shared_bandwidth = bandwidth(v, "Shared bandwidth");
        }
        auto& e = energies[name];
        level.read_energy = e["read"];
        level.write_energy = e["write"];
        level.update_energy = e.contains("update") ? e["update"] : e["write"];
        out.levels.push_back(level);
        out.metadata.push_back(
            {.name = level.name, .read_energy = e["metadata_read"], .write_energy = e["metadata_write"], .update_energy = e["metadata_update"]});
    }
    out.arithmetic = energies[out.printed.front().name]["compute"];
}

/// Attribute of a component, which has its instances behind its name; null where it has none.
YAML::Node attribute(const YAML::Node& node, const std::string& component, const char* key) {
    if (node.IsMap() && node["name"] && node["attributes"]) {
        const auto name = node["name"].as<std::string>();
        if (name.substr(0, name.find('[')) == component) return node["attributes"][key];
    }
    if (node.IsMap() || node.IsSequence())
        for (const auto& child : node)
            if (const auto found = attribute(node.IsMap() ? child.second : child, component, key); found && !found.IsNull()) return found;
    return {};
}

/// Formats and actions of a level. @returns why they are not modelled, nothing where they are
std::string read_sparse_level(reference& out, const YAML::Node& target, const YAML::Node& architecture, std::size_t l) {
    const auto formats = target["representation_format"];
    for (const auto& space : formats ? formats["data_spaces"] : formats) {
        if (space["name"].as<std::string>() != out.tensor_names.front()) return "a compressed tensor without zeros";
        if (space["ranks"].size() != 1) return "metadata of several ranks";
        const auto format = space["ranks"][0]["format"].as<std::string>();
        if (format != "CP" && format != "RLE") return "the format " + format;
        const auto bits = attribute(architecture, out.level_names[l], "metadata_datawidth"),
                   width = attribute(architecture, out.level_names[l], "metadata_storage_width");
        if (!bits || !width || bits.as<int>() != width.as<int>()) return "metadata of another width than their memory";
        out.levels[l].weights = hw::weight_storage::offsets;
        out.levels[l].offset_bits = bits.as<int>();
    }
    for (const auto& action : target["action_optimization"]) {
        const auto type = action["type"].as<std::string>();
        const auto zeros = type == "gating" ? hw::zero_weights::gated : hw::zero_weights::skipped;
        if (type != "gating" && type != "skipping") return "the action " + type;
        if (out.zeros != hw::zero_weights::computed && out.zeros != zeros) return "gating and skipping together";
        out.zeros = zeros;
        for (const auto& option : action["options"]) {
            const auto on = option["condition_on"];
            if (action["options"].size() != 1 || on.size() != 1 || on[0].as<std::string>() != out.tensor_names.front())
                return "an action on other zeros";
            const auto t = tensor_of(out, option["target"].as<std::string>());
            for (auto k = l; k < out.levels.size(); ++k)
                if (k == l ? (out.mapping.levels[k].keeps >> t & 1U) == 0 : (out.mapping.levels[k].keeps >> t & 1U) != 0)
                    return "an action at a level that does not serve the multipliers";
        }
    }
    return {};
}

void read_sparsity(reference& out, const YAML::Node& input) {
    std::size_t actions = 0;
    bool compressed = false;
    const auto optimisations = input["sparse_optimizations"];
    for (const auto& target : optimisations ? optimisations["targets"] : optimisations) {
        const auto l = static_cast<std::size_t>(std::find(out.level_names.begin(), out.level_names.end(), target["name"].as<std::string>()) -
                                                out.level_names.begin());
        if (l == out.level_names.size()) out.refusal = "actions at no level";
        else if (out.refusal.empty()) out.refusal = read_sparse_level(out, target, input["architecture"], l);
        if (const auto action = target["action_optimization"]) actions += action.size();
        compressed |= target["representation_format"].IsDefined();
    }
    if (!out.refusal.empty()) return;
    if ((actions > 0 || compressed) && actions + 1 != out.problem.tensor_count) out.refusal = "actions on some of the other tensors only";
    // Structured zeros leave no tile of two words empty, random ones do.
    const auto counts = hw::analyse(out.problem, out.levels, out.mapping);
    for (std::size_t l = 0; l < out.levels.size() && actions > 0; ++l)
        for (std::size_t t = 1; t < out.problem.tensor_count; ++t) {
            const auto& c = counts.at[l][t];
            bool serves = c.tile > 0;
            for (auto k = l + 1; k < out.levels.size(); ++k) serves &= counts.at[k][t].tile == 0;
            if (serves && std::max(c.reads, c.updates) * counts.instances[l] != out.problem.iterations())
                out.refusal = "accesses that serve several multiplications";
            if (out.levels[l].weights != hw::weight_storage::plain && out.levels[l].block > 1 && counts.at[l][0].tile >= out.levels[l].block)
                out.refusal = "compressed tiles of several blocks";
        }
}

/// @throws exceptions that say what is wrong with a file; where it is a sparse one, that is the reason of a refusal, as zeros may be described in
/// other ways
reference read(const std::filesystem::path& folder) {
    reference out;
    read_statistics(out, text_of(file_of(folder, ".stats.txt")));
    try {
        const auto input = YAML::LoadFile(file_of(folder, "input.yaml").string());
        read_problem(out, input["problem"]);
        if (out.sparse) read_densities(out, input["problem"]["instance"]);
        read_mapping(out, text_of(file_of(folder, ".map.txt")));
        if (!out.refusal.empty()) return out;
        read_levels(out, YAML::LoadFile(file_of(folder, ".ERT.yaml").string())["ERT"]);
        if (out.sparse) read_sparsity(out, input);
    } catch (const std::exception& e) {
        if (!out.sparse) throw;
        out.refusal = e.what();
    }
    return out;
}

/// Two decimals are printed, of numbers that were made from energies of six.
bool printed_as(double printed, double found) { return std::abs(printed - found) <= 0.00501 + 1e-12 * std::abs(found); }

/// Cycles as Timeloop has them: multiplications that are gated for want of an operand take none, the accesses of it do.
std::int64_t timeloop_cycles(const reference& r, const hw::nest_counts& counts, const hw::nest_cost& cost) {
    if (r.zeros != hw::zero_weights::gated) return cost.cycles;
    auto cycles = static_cast<std::int64_t>(std::ceil(static_cast<double>(counts.steps) * r.problem.weight_density));
    const auto timed = hw::sparse_counts(r.problem, r.levels, counts, hw::zero_weights::computed);
    for (std::size_t l = 0; l < r.levels.size(); ++l)
        cycles = std::max(cycles, hw::transfer_cycles(r.levels[l], {timed.at[l].data(), timed.tensor_count}, hw::drain_traffic::ignored));
    CHECK(cost.cycles >= cycles);
    return cycles;
}

/// What one instance spends on a tensor: its words, and an entry of metadata for each word of a compressed one. Of a compressed tile below one block
/// Timeloop has the blocks that it touches divided by those that it would fill.
double energy_of(const reference& r, std::size_t l, std::size_t t, const hw::tensor_counts& c, std::int64_t dense_tile) {
    const auto& level = r.levels[l];
    const double words = hw::tensor_energy(level, c);
    if (t > 0 || level.weights == hw::weight_storage::plain) return words;
    const double filled = static_cast<double>(dense_tile) * r.problem.weight_density / level.block;
    return words * (level.block > 1 ? 1 / filled : 1) + hw::tensor_energy(r.metadata[l], c);
}

/// What of a reference is not ours, but derived from our counts by rules of Timeloop's, for the summary line.
std::string rules_of_timeloop(const reference& r) {
    std::string out;
    if (r.zeros == hw::zero_weights::gated) out += ", its cycles without gated multiplications";
    const auto compressed = [](const hw::memory_level& l) { return l.weights != hw::weight_storage::plain; };
    if (std::any_of(r.levels.begin(), r.levels.end(), compressed)) out += ", its energies with an access for each entry of metadata";
    if (std::any_of(r.levels.begin(), r.levels.end(), [&](const hw::memory_level& l) { return compressed(l) && l.block > 1; }))
        out += " and parts of blocks of compressed tiles";
    return out.empty() ? out : " (after Timeloop's rules" + out + ")";
}

void check(const std::string& name, const reference& r) {
    golden::summary s{name + rules_of_timeloop(r), 0.0};
    const auto counts = hw::analyse(r.problem, r.levels, r.mapping);
    const auto cost = hw::cost_of(r.problem, r.levels, {r.arithmetic, r.zeros}, counts, {.drains = hw::drain_traffic::ignored});
    s.equal("cycles", static_cast<std::int64_t>(r.cycles), timeloop_cycles(r, counts, cost));
    auto words_only = r.levels;
    for (auto& l : words_only) l.offset_bits = 0;
    const auto actual = hw::sparse_counts(r.problem, words_only, counts, r.zeros);
    for (const auto& printed : r.printed) {
        std::size_t l = 0;
        while (l < r.level_names.size() && r.level_names[l] != printed.name) ++l;
        if (l == r.level_names.size()) {
            s.next_row();
            const auto computes = [&](const char* key, std::int64_t found) {
                s.equal(printed.name + ", computes", whole_number(printed.values, key), found);
            };
            computes(r.sparse ? "Algorithmic Computes (total)" : "Computes (total)", r.problem.iterations());
            if (r.sparse) computes("Actual Computes (total)", hw::effectual_operations(r.problem, r.zeros));
            const auto energy = number("Energy (total)", entry(printed.values, "Energy (total)"));
            INFO(printed.name << " " << energy << " " << cost.arithmetic_energy);
            s.equal(printed.name + ", energy", true, printed_as(energy, cost.arithmetic_energy));
            continue;
        }
        for (const auto& [tensor, values] : printed.tensors) {
            s.next_row();
            const auto t = tensor_of(r, tensor);
            const auto& c = counts.at[l][t];
            const auto& left = actual.at[l][t];
            const auto same = [&](const std::string& key, std::int64_t found) {
                s.equal(printed.name + ", " + tensor + ", " + key, whole_number(values, key), found);
            };
            // Of a window it is neither a box nor the words in it; no count or energy follows from it.
            bool window = false;
            for (std::size_t a = 0; a < r.problem.tensors[t].axis_count; ++a) window |= r.problem.tensors[t].axes[a].second != hw::nest_axis::none;
            if (!window) same("Partition size", c.partition);
            same(r.sparse ? "Max utilized data storage capacity" : "Utilized capacity", left.tile);
            same("Utilized instances (max)", counts.instances[l]);
            same(r.sparse ? "Algorithmic scalar reads (per-instance)" : "Scalar reads (per-instance)", c.reads);
            same(r.sparse ? "Algorithmic scalar fills (per-instance)" : "Scalar fills (per-instance)", c.fills);
            same(r.sparse ? "Algorithmic scalar updates (per-instance)" : "Scalar updates (per-instance)", c.updates);
            if (r.sparse) {
                same("Actual scalar reads (per-instance)", left.reads);
                same("Actual scalar fills (per-instance)", left.fills);
                same("Actual scalar updates (per-instance)", left.updates);
            }
            const auto all = energy_of(r, l, t, left, c.tile) * static_cast<double>(hw::paying_instances(r.levels[l], counts.instances[l]));
            INFO(printed.name << ", " << tensor << ": " << entry(values, "Energy (total)") << " pJ printed, found " << all);
            s.equal(
                printed.name + ", " + tensor + ", energy of an instance", true,
                printed_as(number("Energy (per-instance)", entry(values, "Energy (per-instance)")), all / static_cast<double>(counts.instances[l])));
            s.equal(printed.name + ", " + tensor + ", energy", true, printed_as(number("Energy (total)", entry(values, "Energy (total)")), all));
        }
    }
}

} // namespace

TEST_CASE("Timeloop's statistics: counts and cycles exact, energies to the printed digits") {
    const auto folder = golden::find("real/hardware/timeloop");
    if (!folder) return;
    for (const auto& entry : std::filesystem::directory_iterator{*folder}) {
        if (!entry.is_directory() || file_of(entry.path(), ".stats.txt").empty()) continue;
        const auto name = "real/hardware/timeloop/" + entry.path().filename().string();
        INFO(name);
        try {
            const auto r = read(entry.path());
            if (r.refusal.empty()) check(name, r);
            else golden::skip(name, (r.sparse ? "refused: sparse tensors, " : "refused: ") + r.refusal);
        } catch (const std::exception& e) {
            FAIL_CHECK(e.what()); // the others are compared all the same
        }
    }
}
