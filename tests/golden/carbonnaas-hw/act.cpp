#include "golden/golden.hpp"

#include <verdant/carbon/embodied.hpp>
#include <verdant/carbon/intensity.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace carbon = verdant::carbon;
namespace hw = verdant::hardware;

namespace {

const carbon::logic_process& process_named(std::string_view node) {
    for (const auto& p : carbon::logic_processes)
        if (hw::name(p.node) == node) return p;
    throw std::runtime_error{"golden: no node " + std::string{node}};
}

template <std::size_t N>
std::size_t index_named(const std::array<carbon::storage_entry, N>& table, std::string_view name) {
    for (std::size_t i = 0; i < N; ++i)
        if (table[i].name == name) return i;
    throw std::runtime_error{"golden: no storage " + std::string{name}};
}

template <std::size_t N>
void compare_storage(golden::summary& rows, const golden::json& file, const std::array<carbon::storage_entry, N>& ours) {
    for (const auto& [name, value] : file.items()) {
        rows.next_row();
        rows.compare(name, value.template get<double>(), ours[index_named(ours, name)].grams_per_gigabyte);
    }
}

} // namespace

namespace {

void compare_tables(const golden::file& f) {
    const auto file = golden::read_json(f.path);
    golden::summary rows{f.name, 0};
    for (const auto& table : {"carbon_intensity_location", "carbon_intensity_location_2022", "carbon_intensity_location_2023"}) {
        for (const auto& [name, value] : file.at(table).items()) {
            rows.next_row();
            std::optional<double> ours;
            for (const auto& g : carbon::grids)
                if (g.name == name) ours = std::string_view{table}.ends_with("2022") ? g.edition_2022 : g.edition_2023;
            REQUIRE(ours.has_value());
            rows.compare(name, value.get<double>(), *ours);
        }
    }
    for (const auto& [name, value] : file.at("carbon_intensity_source").items()) {
        rows.next_row();
        rows.compare(name, value.get<double>(), verdant::in<verdant::grams_per_kilowatt_hour>(carbon::intensity_named("src_" + name)));
    }
    for (const auto& [table, member] : {std::pair{"logic_epa", &carbon::logic_process::kilowatt_hours_per_square_centimetre},
                                        std::pair{"logic_gpa_95", &carbon::logic_process::gpa95_grams_per_square_centimetre},
                                        std::pair{"logic_gpa_99", &carbon::logic_process::gpa99_grams_per_square_centimetre},
                                        std::pair{"logic_mpa", &carbon::logic_process::mpa_grams_per_square_centimetre},
                                        std::pair{"logic_imec_cpa_kg_per_cm2", &carbon::logic_process::imec_kilograms_per_square_centimetre}}) {
        for (const auto& [node, value] : file.at(table).items()) {
            rows.next_row();
            rows.compare(node, value.get<double>(), process_named(node).*member);
        }
    }
    compare_storage(rows, file.at("dram_g_per_gb"), carbon::drams);
    compare_storage(rows, file.at("ssd_g_per_gb"), carbon::ssds);
    compare_storage(rows, file.at("hdd_g_per_gb"), carbon::hdds);
}

} // namespace

TEST_CASE("the tables are ACT's", "[carbonnaas-hw]") {
    for (const auto& file : golden::find_all("carbonnaas-hw/act_tables*.json")) compare_tables(file);
}

TEST_CASE("logic has ACT's embodied carbon", "[carbonnaas-hw]") {
    for (const auto& f : golden::find_all("carbonnaas-hw/act_logic*.csv")) {
        golden::summary rows{f.name, 1e-12};
        for (const auto& row : golden::read_csv(f.path)) {
            rows.next_row();
            carbon::fab plant;
            plant.node = process_named(row.at("node")).node;
            const std::string& gpa = row.at("gpa");
            plant.abatement = gpa == "95" ? carbon::abatement::gpa95 : gpa == "97" ? carbon::abatement::gpa97 : carbon::abatement::gpa99;
            plant.intensity = carbon::intensity_named(row.at("carbon_intensity"));
            plant.yield = std::stod(row.at("fab_yield"));
            rows.compare("CPA", std::stod(row.at("cpa_g_per_cm2")),
                         verdant::in<verdant::grams_per_square_centimetre>(carbon::embodied_per_area(plant)));
            rows.compare("carbon", std::stod(row.at("carbon_g")),
                         verdant::in<verdant::grams_co2e>(carbon::embodied(std::stod(row.at("area_cm2")) * verdant::square_centimetres{}, plant)));
        }
        CHECK(rows.rows() > 0);
    }
}

TEST_CASE("storage has ACT's embodied carbon", "[carbonnaas-hw]") {
    for (const auto& f : golden::find_all("carbonnaas-hw/act_storage*.csv")) {
        golden::summary rows{f.name, 1e-12};
        for (const auto& row : golden::read_csv(f.path)) {
            rows.next_row();
            const std::string &kind = row.at("kind"), &name = row.at("config");
            const auto yield = [&row] { return std::stod(row.at("fab_yield")); };
            const auto grams = [&](double gigabytes) {
                const auto value = [&] {
                    if (kind == "dram") return carbon::embodied(static_cast<carbon::dram>(index_named(carbon::drams, name)), gigabytes, yield());
                    if (kind == "ssd") return carbon::embodied(static_cast<carbon::ssd>(index_named(carbon::ssds, name)), gigabytes, yield());
                    return carbon::embodied(static_cast<carbon::hdd>(index_named(carbon::hdds, name)), gigabytes);
                }();
                return verdant::in<verdant::grams_co2e>(value);
            };
            rows.compare("carbon per capacity", std::stod(row.at("cpg_g_per_gb")), grams(1.0));
            if (!row.at("carbon_g").empty()) rows.compare("carbon", std::stod(row.at("carbon_g")), grams(std::stod(row.at("capacity_gb"))));
        }
        CHECK(rows.rows() > 0);
    }
}
