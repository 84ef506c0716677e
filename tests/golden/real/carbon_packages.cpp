// Dies in packages against what ECO-CHIP and 3D-Carbon print: all their digits.

#include "golden/golden.hpp"

#include <verdant/carbon/eco_chip.hpp>
#include <verdant/carbon/gate_area.hpp>
#include <verdant/carbon/intensity.hpp>
#include <verdant/carbon/package.hpp>
#include <verdant/units.hpp>

#include <array>
#include <cstdio>
#include <exception>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace carbon = verdant::carbon;
namespace eco = verdant::carbon::eco_chip;
using carbon::layered_node;
using verdant::square_millimetres;
using verdant::hardware::node;

// A number with as many decimals as the printed one has, and in its notation.
std::string like(const std::string& printed, double value) {
    const auto exponent = printed.find('e'), point = printed.find('.');
    const auto end = exponent == std::string::npos ? printed.size() : exponent;
    const int decimals = point == std::string::npos ? 0 : static_cast<int>(end - point - 1);
    char text[64];
    std::snprintf(text, sizeof text, exponent == std::string::npos ? "%.*f" : "%.*e", decimals, value);
    return text;
}

void same_digits(golden::summary& s, const std::string& what, const std::string& printed, double value) {
    const auto ours = like(printed, value);
    s.equal(what, printed, ours);
    s.compare(what, std::stod(printed), std::stod(ours));
}

struct section {
    std::string name;
    std::vector<std::string> lines;
};

std::vector<section> sections(const std::filesystem::path& path) {
    std::ifstream in{path};
    std::vector<section> all;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("## ")) all.push_back({line.substr(3), {}});
        else if (!all.empty() && !line.empty()) all.back().lines.push_back(line);
    }
    return all;
}

std::vector<std::string> words(const std::string& line) {
    std::istringstream in{line};
    std::vector<std::string> all;
    for (std::string w; in >> w;) all.push_back(w);
    return all;
}

// ECO-CHIP

template <std::size_t N>
std::array<double, N> column(const golden::json& table, const char* name) {
    std::array<double, N> values{};
    const auto& column = table.at(name);
    for (std::size_t i = 0; i < N; ++i) values[i] = column.at(i).template get<double>();
    return values;
}

eco::tables read_tables(const std::filesystem::path& folder) {
    const auto read = [&](const char* name) { return golden::read_json(folder / name); };
    eco::tables t;
    const char* blocks[] = {"logic_scaling.json", "sram_scaling.json", "analog_scaling.json"};
    for (std::size_t b = 0; b < 3; ++b) {
        const auto table = read(blocks[b]);
        t.blocks[b] = {column<5>(table, "area"), column<5>(table, "delay"), column<5>(table, "energy"), column<5>(table, "power")};
    }
    t.grams_per_square_millimetre = column<6>(read("cpa_scaling.json"), "cpa");
    t.defects_per_square_centimetre = column<6>(read("defect_density.json"), "defect_density");
    t.wiring_share = column<6>(read("beol_feol_scaling.json"), "beolVfeol");
    t.dynamic_share = column<6>(read("dyn_pwr_scaling.json"), "dyn_pwr_ratio");
    t.transistors_per_square_millimetre = column<5>(read("transistors_scaling.json"), "Transistors_per_mm2");
    t.gates_per_core_hour = column<5>(read("gates_perhr_scaling.json"), "Gates_per_hr_per_core");
    return t;
}

node node_of(int nanometres) {
    for (const auto n : carbon::scaled_nodes)
        if (verdant::hardware::name(n) == std::to_string(nanometres) + "nm") return n;
    throw std::runtime_error{"no node of " + std::to_string(nanometres) + " nm"};
}

struct example {
    std::map<std::string, eco::die> dies;
    eco::package_options package;
    carbon::design_effort design;
    eco::use use;
};

/// What examples may have and this library does not model.
struct unknown_kind : std::runtime_error {
    using std::runtime_error::runtime_error;
};

example read_example(const std::filesystem::path& folder) {
    example e;
    const auto architecture = golden::read_json(folder / "architecture.json"), design = golden::read_json(folder / "designC.json"),
               package = golden::read_json(folder / "packageC.json"), use = golden::read_json(folder / "operationalC.json");
    for (const auto& [name, die] : architecture.items()) {
        if (!die.is_object()) continue;
        const auto type = die.at("type").get<std::string>();
        const std::map<std::string, carbon::block> blocks{
            {"logic", carbon::block::logic}, {"sram", carbon::block::sram}, {"analog", carbon::block::analog}};
        const auto kind = blocks.find(type);
        if (kind == blocks.end()) throw unknown_kind{"a die of the type " + type};
        e.dies[name] = {kind->second, die.at("area").get<double>() * square_millimetres{}, node_of(die.at("node").get<int>())};
    }
    const std::map<std::string, eco::package_kind> kinds{{"RDL", eco::package_kind::rdl},
                                                         {"EMIB", eco::package_kind::emib},
                                                         {"passive", eco::package_kind::passive},
                                                         {"active", eco::package_kind::active},
                                                         {"3D", eco::package_kind::stacked}};
    const auto pkg_type = architecture.at("pkg_type").get<std::string>();
    if (!kinds.contains(pkg_type)) throw unknown_kind{"a package of the type " + pkg_type};
    e.package = {kinds.at(pkg_type),
                 package.at("rdl_layers").get<double>(),
                 package.at("num_beol").get<double>(),
                 package.at("emib_pitch").get<double>(),
                 package.at("tsv_pitch").get<double>(),
                 package.at("tsv_size").get<double>()};
    const auto grid = design.at("Carbon_per_kWh").get<double>() * verdant::grams_per_kilowatt_hour{};
    e.design = {design.at("Transistors_per_gate").get<double>(),
                3645.833,
                design.at("Power_per_core").get<double>() * verdant::watts{},
                grid,
                design.at("num_iter").get<double>(),
                design.at("num_prt_mfg").get<double>()};
    e.use.power = design.at("power").get<double>() * verdant::watts{};
    e.use.grid = grid;
    e.use.lifetime = use.at("lifetime").get<double>() * verdant::hours{};
    return e;
}

// The rows of an example's output: for each kind of carbon its columns and their numbers as text.
using printed = std::map<std::string, std::vector<std::pair<std::string, std::string>>>;
printed read_printed(const section& s) {
    printed all;
    std::string kind;
    std::vector<std::string> columns;
    for (const auto& line : s.lines) {
        if (line.find(" Carbon in Kgs") != std::string::npos) {
            kind = words(line).front();
            columns.clear();
        } else if (const auto index = line.find(')'); line.starts_with('(') && index != std::string::npos) {
            const auto numbers = words(line.substr(index + 1));
            for (std::size_t i = 0; i < numbers.size() && i < columns.size(); ++i) all[kind].emplace_back(columns[i], numbers[i]);
        } else {
            columns = words(line);
        }
    }
    return all;
}

} // namespace

TEST_CASE("ECO-CHIP's tables are ours", "[golden]") {
    if (const auto folder = golden::find("real/carbon/eco_chip/tech_params")) {
        golden::summary s{"real/carbon/eco_chip/tech_params", 0};
        const auto t = read_tables(*folder);
        const auto& ours = eco::published_tables;
        for (std::size_t b = 0; b < 3; ++b) {
            s.next_row();
            s.equal("area", t.blocks[b].area, ours.blocks[b].area);
            s.equal("delay", t.blocks[b].delay, ours.blocks[b].delay);
            s.equal("energy", t.blocks[b].energy, ours.blocks[b].energy);
            s.equal("power", t.blocks[b].power, ours.blocks[b].power);
        }
        s.equal("cpa", t.grams_per_square_millimetre, ours.grams_per_square_millimetre);
        s.equal("defects", t.defects_per_square_centimetre, ours.defects_per_square_centimetre);
        s.equal("wiring", t.wiring_share, ours.wiring_share);
        s.equal("dynamic power", t.dynamic_share, ours.dynamic_share);
        s.equal("transistors", t.transistors_per_square_millimetre, ours.transistors_per_square_millimetre);
        s.equal("gates", t.gates_per_core_hour, ours.gates_per_core_hour);
    }
}

TEST_CASE("ECO-CHIP's examples to all printed digits", "[golden]") {
    const auto output = golden::find("real/carbon/eco_chip.txt"), folder = golden::find("real/carbon/eco_chip");
    if (!output || !folder) return;
    const auto tables = std::filesystem::exists(*folder / "tech_params") ? read_tables(*folder / "tech_params") : eco::published_tables;
    for (const auto& of : sections(*output)) {
        const auto name = "real/carbon/eco_chip.txt, " + of.name;
        if (!std::filesystem::exists(*folder / of.name / "architecture.json")) {
            golden::skip(name, "its inputs are not beside it");
            continue;
        }
        std::optional<example> read;
        try {
            read = read_example(*folder / of.name);
        } catch (const unknown_kind& reason) { // the others are compared all the same
            golden::skip(name, std::string{"refused: "} + reason.what());
            continue;
        }
        const auto& e = *read;
        golden::summary s{name, 0};
        const auto all = read_printed(of);
        // Dies are in the order of the columns.
        std::vector<eco::die> dies;
        std::map<std::string, std::size_t> at;
        for (const auto& column : all.at("Manufacture"))
            if (const auto die = e.dies.find(column.first); die != e.dies.end()) {
                at[column.first] = dies.size();
                dies.push_back(die->second);
            }
        s.equal("dies", e.dies.size(), dies.size());
        const auto package = eco::package(dies, e.package, e.design, tables);
        for (const auto& [kind, columns] : all)
            for (const auto& [column, text] : columns) {
                s.next_row();
                const bool is_die = at.contains(column);
                const auto i = is_die ? at.at(column) : 0;
                const auto made = is_die ? eco::manufacture(dies[i], tables) : package.manufacture;
                const auto designed = is_die ? eco::design(dies[i], e.design, tables) : package.design;
                const auto used = is_die ? eco::operation(dies, i, e.use, tables) : verdant::si::mass{};
                const auto carbon = kind == "Manufacture"   ? made
                                    : kind == "Design"      ? designed
                                    : kind == "Operational" ? used
                                                            : made + designed + used;
                same_digits(s, kind + " " + column, text, verdant::to_si(carbon));
            }
    }
}

namespace {

// 3D-Carbon's examples: inputs as its examples/examples_estimation/*.yaml have them (commit 14e1a7f).
struct product {
    carbon::package_plan plan;
    std::vector<carbon::packaged_die> dies;
    double watts = 0;
    bool bound = false; // every digit must agree; others are reported
};

carbon::packaged_die of(double area, layered_node n, int count, int layers, double gates = 0) {
    const auto a = area * square_millimetres{};
    return {a, n, layers == 0 ? carbon::estimated_layers(n, a, gates) : layers, count};
}

product epyc(double watts, int count, double area, double io_area, layered_node io, double io_gates, bool bound) {
    product p;
    p.plan = {carbon::integration::organic, carbon::intensity(carbon::place::taiwan, carbon::edition::act_2022), 4410.0 * square_millimetres{}};
    p.dies = {of(area, layered_node::nm7, count, 13), of(io_area, io, 1, 0, io_gates)};
    p.watts = watts;
    p.bound = bound;
    return p;
}

std::map<std::string, product> products() {
    const auto world = carbon::intensity(carbon::place::world, carbon::edition::act_2022);
    const auto wafers = carbon::stacking::wafer_to_wafer;
    std::map<std::string, product> all;
    all["MCM/EPYC_7351P"] = {
        {carbon::integration::organic, carbon::intensity(carbon::place::taiwan, carbon::edition::act_2022), 4410.0 * square_millimetres{}},
        {of(211, layered_node::nm14, 4, 12)},
        155,
        true};
    all["MCM/EPYC_7702"] = epyc(200, 8, 78, 125, layered_node::nm14, 2.09e9, true);
    all["MCM/EPYC_7402"] = epyc(180, 4, 78, 125, layered_node::nm14, 2.09e9, false);
    all["MCM/EPYC_7272"] = epyc(130, 2, 78, 125, layered_node::nm14, 2.09e9, false);
    all["MCM/EPYC_7452"] = epyc(0, 4, 74, 408, layered_node::nm12, 0, false);
    all["MCM/EPYC_7513"] = epyc(180, 4, 84, 125, layered_node::nm10, 3.49e9, false);
    all["InFO/Navi_31"] = {{carbon::integration::rdl_chip_last, world},
                           {of(304.5, layered_node::nm5, 1, 0, 4.5e10), of(37.5, layered_node::nm7, 6, 0, 2.05e9)},
                           0,
                           false};
    all["Si_int/Nvdia_GPU_P100"] = {
        {carbon::integration::interposer, world}, {of(610, layered_node::nm14, 1, 0, 1.53e9), of(72, layered_node::nm28, 4, 0, 1e6)}, 0, false};
    all["Monolithic3D/RISC"] = {
        {carbon::integration::monolithic, world}, {of(0.77, layered_node::nm28, 1, 6), of(0.77, layered_node::nm28, 1, 4)}, 0, false};
    const auto logic = of(0.9, layered_node::nm7, 1, 6), memory = of(0.8, layered_node::nm8, 1, 4);
    all["Hybrid_bonding/1K2M"] = {{carbon::integration::hybrid_bonds, world, {}, wafers}, {logic, memory}, 0, false};
    all["Hybrid_bonding/1K4M"] = {{carbon::integration::hybrid_bonds, world, {}, wafers}, {logic, memory, memory}, 0, false};
    all["Hybrid_bonding/1K8M"] = {{carbon::integration::hybrid_bonds, world, {}, wafers}, {logic, memory, memory, memory, memory}, 0, false};
    // Its dies have gates instead of areas. 3D-Carbon makes room for the vias of both after it has counted layers and chosen the package, which is
    // therefore smaller than its lower die; ours holds it, and costs more. The upper die has vias as if it lay on itself.
    const double lower = 6.5e8, upper = 4.05e9;
    const auto tier = [](layered_node n, double gates, double neighbour, double inputs) {
        return carbon::packaged_die{carbon::gate_area(n, gates, inputs, carbon::vertical_connections(gates, neighbour)), n,
                                    carbon::estimated_layers(n, carbon::gate_area(n, gates, inputs), gates), 1};
    };
    all["Micro_bumping/lake_field"] = {{carbon::integration::micro_bumps, world},
                                       {tier(layered_node::nm14, lower, upper, 1200), tier(layered_node::nm10, upper, upper, 0)},
                                       0,
                                       false};
    return all;
}

// The numbers of a line that are followed by a unit, with the names before them: `zen1: 16.80 kg, package: 3.47 kg`.
std::vector<std::pair<std::string, std::string>> named_numbers(const std::string& line) {
    std::vector<std::pair<std::string, std::string>> all;
    std::istringstream parts{line};
    for (std::string part; std::getline(parts, part, ',');) {
        const auto all_words = words(part);
        if (all_words.size() < 2) continue;
        std::string name, number;
        for (const auto& w : all_words) {
            const auto colon = w.find(':');
            const auto tail = colon == std::string::npos ? w : w.substr(colon + 1);
            if (!tail.empty() && (tail[0] >= '0' && tail[0] <= '9') && number.empty() && !name.empty()) number = tail;
            else if (!tail.empty() && tail[0] >= '0' && tail[0] <= '9' && colon != std::string::npos) number = tail;
            if (number.empty() || colon != std::string::npos) name += (name.empty() ? "" : " ") + w.substr(0, colon);
        }
        if (!number.empty() && number.find_first_not_of("0123456789.e+-") == std::string::npos) all.emplace_back(name, number);
    }
    return all;
}

} // namespace

TEST_CASE("3D-Carbon's examples", "[golden]") {
    const auto output = golden::find("real/carbon/3d_carbon.txt");
    if (!output) return;
    const auto known = products();
    for (const auto& of_output : sections(*output)) {
        const auto name = "real/carbon/3d_carbon.txt, " + of_output.name;
        const auto found = known.find(of_output.name);
        if (found == known.end()) {
            golden::skip(name, "its inputs are not known here");
            continue;
        }
        const auto& p = found->second;
        const auto c = carbon::embodied(p.dies, p.plan);
        int count = 0;
        for (const auto& d : p.dies) count += d.count;
        std::optional<golden::summary> s;
        if (p.bound) s.emplace(name, 0.0);
        std::size_t die = 0;
        for (const auto& line : of_output.lines)
            for (const auto& [what, text] : named_numbers(line)) {
                std::optional<double> ours;
                if (what.starts_with("package")) ours = verdant::to_si(c.package);
                else if (what.starts_with("bonding")) ours = verdant::to_si(c.bonding);
                else if (what.starts_with("substrate")) ours = verdant::to_si(c.substrate);
                else if (what.starts_with("overall")) ours = verdant::to_si(c.total());
                else if (what.starts_with("Embodied")) ours = verdant::in<verdant::grams_co2e>(c.total());
                else if (what.starts_with("Operational")) // a quarter of a year at a tenth of the power, on the grid of the fab
                    ours = p.watts * 0.1 * 0.25 * 365 * 24 / 1000 * verdant::in<verdant::grams_per_kilowatt_hour>(p.plan.intensity);
                else if (die < p.dies.size() || p.plan.how == carbon::integration::monolithic) {
                    // Of a monolithic die each line repeats the lower tier.
                    const auto i = p.plan.how == carbon::integration::monolithic ? 0 : die;
                    ++die;
                    ours = verdant::to_si(carbon::embodied(p.dies[i], p.plan, i == 0 ? carbon::stack_place::lowest : carbon::stack_place::higher)) /
                           carbon::bonding_yield(count, p.plan) / carbon::stack_yield(p.dies, p.plan);
                }
                if (!ours) continue;
                if (s) {
                    s->next_row();
                    same_digits(*s, what, text, *ours);
                } else {
                    // `test: 1` prints grams as if they were kilograms, and thousandths as if they were grams.
                    const auto shown = p.plan.how == carbon::integration::hybrid_bonds ? *ours * 1000 : *ours;
                    const bool same = like(text, shown) == text;
                    std::printf("golden %s: %s %s, formulas %s%s\n", name.c_str(), what.c_str(), text.c_str(), like(text, shown).c_str(),
                                same ? "" : " (differs)");
                }
            }
    }
}
