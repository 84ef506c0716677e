#include "golden/golden.hpp"

#include <verdant/hardware/hierarchy/nest_cost.hpp>
#include <verdant/meta/component/yaml.hpp>

#include <yaml-cpp/yaml.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

// Timeloop's own statistics: mapping, energies of an access and specifications as it prints them; our counts, cycles and energies against its.
namespace {

namespace hw = verdant::hardware;

struct statistics_level {
    std::string name;
    std::map<std::string, std::string> values;                                 // of the level
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
                (i == 0 ? a.first : a.second) = dims.at(axis[i][0].as<std::string>());
                if (axis[i].size() > 1) (i == 0 ? a.step : a.other_step) = coefficients.at(axis[i][1].as<std::string>());
            }
            tensor.add_axis(a);
        }
        out.problem.tensors[out.problem.tensor_count++] = tensor;
    }
    for (const auto& [name, index] : dims) out.level_names.push_back(name + "=" + std::to_string(index)); // for the mapping, replaced below
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
            const auto dim = dims.at(line.substr(loop + 4, in - loop - 4));
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
        if (line.starts_with("Cycles:")) out.cycles = std::stod(line.substr(7));
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
        if (key.starts_with("Actual scalar")) out.refusal = "sparse tensors";
    }
}

double bandwidth(const std::string& text) { return text.empty() || text == "-" ? hw::memory_level::unbound : std::stod(text); }

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
            auto& v = printed.values;
            level.block = std::stoi(v.at("Block size"));
            // An access of a cluster serves all of its instances.
            if (const auto cluster = std::stoll(v.at("Cluster size")); cluster > 1) level.rows = std::stoll(v.at("Instances")) / cluster;
            level.read_bandwidth = bandwidth(v["Read bandwidth"]);
            level.write_bandwidth = bandwidth(v["Write bandwidth"]);
            level.shared_bandwidth = bandwidth(v["Shared bandwidth"]);
        }
        auto& e = energies[name];
        level.read_energy = e["read"];
        level.write_energy = e["write"];
        level.update_energy = e.contains("update") ? e["update"] : e["write"];
        out.levels.push_back(level);
    }
    out.arithmetic = energies[out.printed.front().name]["compute"];
}

reference read(const std::filesystem::path& folder) {
    reference out;
    read_problem(out, YAML::LoadFile(file_of(folder, "input.yaml").string())["problem"]);
    read_statistics(out, text_of(file_of(folder, ".stats.txt")));
    read_mapping(out, text_of(file_of(folder, ".map.txt")));
    if (out.refusal.empty()) read_levels(out, YAML::LoadFile(file_of(folder, ".ERT.yaml").string())["ERT"]);
    return out;
}

/// Two decimals are printed, of numbers that were made from energies of six.
bool printed_as(double printed, double found) { return std::abs(printed - found) <= 0.00501 + 1e-12 * std::abs(found); }

void check(const std::string& name, const reference& r) {
    golden::summary s{name, 0.0};
    const auto counts = hw::analyse(r.problem, r.levels, r.mapping);
    const auto cost = hw::cost_of(r.problem, r.levels, {r.arithmetic}, counts, {.drains = hw::drain_traffic::ignored});
    s.equal("cycles", static_cast<std::int64_t>(r.cycles), cost.cycles);
    for (const auto& printed : r.printed) {
        std::size_t l = 0;
        while (l < r.level_names.size() && r.level_names[l] != printed.name) ++l;
        if (l == r.level_names.size()) {
            s.next_row();
            s.equal(printed.name + ", computes", std::stoll(printed.values.at("Computes (total)")), static_cast<long long>(r.problem.iterations()));
            const auto energy = std::stod(printed.values.at("Energy (total)"));
            INFO(printed.name << " " << energy << " " << cost.arithmetic_energy);
            s.equal(printed.name + ", energy", true, printed_as(energy, cost.arithmetic_energy));
            continue;
        }
        for (const auto& [tensor, values] : printed.tensors) {
            s.next_row();
            std::size_t t = 0;
            while (r.tensor_names.at(t) != tensor) ++t;
            const auto& c = counts.at[l][t];
            const auto same = [&](const std::string& key, std::int64_t found) {
                s.equal(printed.name + ", " + tensor + ", " + key, static_cast<std::int64_t>(std::stoll(values.at(key))), found);
            };
            // Of a window it is neither a box nor the words in it; no count or energy follows from it.
            bool window = false;
            for (std::size_t a = 0; a < r.problem.tensors[t].axis_count; ++a) window |= r.problem.tensors[t].axes[a].second != hw::nest_axis::none;
            if (!window) same("Partition size", c.partition);
            same("Utilized capacity", c.tile);
            same("Utilized instances (max)", counts.instances[l]);
            same("Scalar reads (per-instance)", c.reads);
            same("Scalar fills (per-instance)", c.fills);
            same("Scalar updates (per-instance)", c.updates);
            const auto energy = hw::tensor_energy(r.levels[l], c),
                       all = energy * static_cast<double>(hw::paying_instances(r.levels[l], counts.instances[l]));
            INFO(printed.name << ", " << tensor << ": " << values.at("Energy (total)") << " pJ printed, found " << all);
            s.equal(printed.name + ", " + tensor + ", energy of an instance", true,
                    printed_as(std::stod(values.at("Energy (per-instance)")), all / static_cast<double>(counts.instances[l])));
            s.equal(printed.name + ", " + tensor + ", energy", true, printed_as(std::stod(values.at("Energy (total)")), all));
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
        const auto r = read(entry.path());
        if (r.refusal.empty()) check(name, r);
        else golden::skip(name, "refused: " + r.refusal);
    }
}
