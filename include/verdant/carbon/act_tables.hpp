#pragma once

#include <verdant/hardware/technology.hpp>

#include <array>
#include <string_view>

/// The tables of ACT (Gupta et al., "ACT: Designing Sustainable Computer Systems with an Architectural Carbon Modeling Tool", ISCA 2022)
/// as its repository has them at commit 5a85eba, the one that the published search pins. Facts, transcribed.
namespace verdant::carbon {

/// How much of the fabrication gases is abated. `gpa97` is the mean of the two tables.
enum class abatement : unsigned char { gpa95, gpa97, gpa99 };

/// Footprint of a logic process per area of die, before yield.
struct logic_process {
    hardware::node node;
    double kilowatt_hours_per_square_centimetre; ///< EPA: electricity of fabrication
    double gpa95_grams_per_square_centimetre;    ///< GPA: fabrication gases, 95 % abated
    double gpa99_grams_per_square_centimetre;    ///< the same, 99 % abated
    double mpa_grams_per_square_centimetre;      ///< MPA: procured materials
    double imec_kilograms_per_square_centimetre; ///< imec's own total of scopes 1 and 2, not used by ACT; 0 where unknown
};

/// The processes of ACT's logic_model, in the order of `hardware::node`.
inline constexpr std::array<logic_process, 9> logic_processes{{
    {hardware::node::nm28, 0.90, 175, 100, 500, 0.91},
    {hardware::node::nm22, 1.077, 188.28, 110, 500, 0},
    {hardware::node::nm20, 1.200, 190, 110, 500, 0.91},
    {hardware::node::nm14, 1.200, 200, 125, 500, 0.97},
    {hardware::node::nm10, 1.475, 240, 150, 500, 1.09},
    {hardware::node::nm8, 1.520, 240, 150, 500, 0},
    {hardware::node::nm7, 2.150, 350, 200, 500, 1.44},
    {hardware::node::nm5, 2.750, 430, 225, 500, 1.54},
    {hardware::node::nm3, 3.250, 470, 275, 500, 1.75},
}};

/// Places whose grids ACT knows. Korea and Japan come from ACT's later main branch.
enum class place : unsigned char { world, india, australia, taiwan, singapore, usa, europe, brazil, iceland, korea, japan };

/// A grid's carbon intensity, g CO2e/kWh, in the two editions of ACT's table.
struct grid_entry {
    carbon::place place;
    std::string_view name;
    double edition_2023;
    double edition_2022;
};

/// ACT's table of places, in the order of `place`. The one that ACT uses is the 2023 edition: Taiwan 642. (Comments in the search's configuration
/// that quote 524, 410 and 28 do not describe what is computed.)
inline constexpr std::array<grid_entry, 11> grids{{
    {place::world, "world", 481, 301},
    {place::india, "india", 713, 725},
    {place::australia, "australia", 549, 597},
    {place::taiwan, "taiwan", 642, 583},
    {place::singapore, "singapore", 471, 495},
    {place::usa, "usa", 369, 380},
    {place::europe, "europe", 300, 295},
    {place::brazil, "brazil", 98, 82},
    {place::iceland, "iceland", 7.3, 28},
    {place::korea, "korea", 402, 430},
    {place::japan, "japan", 446, 485},
}};

/// Ways to make electricity, as ACT knows them.
enum class source : unsigned char { coal, gas, biomass, solar, geothermal, hydropower, nuclear, wind };

/// A source's carbon intensity, g CO2e/kWh.
struct source_entry {
    carbon::source source;
    std::string_view name;
    double grams_per_kilowatt_hour;
};

/// ACT's table of sources, in the order of `source`.
inline constexpr std::array<source_entry, 8> sources{{
    {source::coal, "coal", 820},
    {source::gas, "gas", 490},
    {source::biomass, "biomass", 230},
    {source::solar, "solar", 41},
    {source::geothermal, "geothermal", 38},
    {source::hydropower, "hydropower", 24},
    {source::nuclear, "nuclear", 12},
    {source::wind, "wind", 11},
}};

/// Embodied carbon of storage per capacity, g CO2e/GB, before yield.
struct storage_entry {
    std::string_view name;
    double grams_per_gigabyte;
};

/// Kinds of DRAM that ACT knows.
enum class dram : unsigned char { ddr3_50nm, ddr3_40nm, ddr3_30nm, lpddr3_30nm, lpddr3_20nm, lpddr2_20nm, lpddr4, ddr4_10nm };

/// ACT's dram_model, in the order of `dram`.
inline constexpr std::array<storage_entry, 8> drams{{
    {"ddr3_50nm", 600}, {"ddr3_40nm", 315}, {"ddr3_30nm", 230}, {"lpddr3_30nm", 201},
    {"lpddr3_20nm", 184}, {"lpddr2_20nm", 159}, {"lpddr4", 48}, {"ddr4_10nm", 65},
}};

/// Kinds of solid-state disks that ACT knows.
enum class ssd : unsigned char {
    nand_30nm, nand_20nm, nand_10nm, nand_tlc_1z, nand_tlc_v3, seagate_nytro_3530, seagate_nytro_1551, seagate_nytro_3331,
    western_digital_2016, western_digital_2017, western_digital_2018, western_digital_2019,
};

/// ACT's ssd_model, in the order of `ssd`.
inline constexpr std::array<storage_entry, 12> ssds{{
    {"nand_30nm", 31}, {"nand_20nm", 15}, {"nand_10nm", 10}, {"nand_tlc_1z", 5.6}, {"nand_tlc_v3", 6.3},
    {"seagate_nytro_3530", 6.21}, {"seagate_nytro_1551", 3.948}, {"seagate_nytro_3331", 16.916},
    {"western_digital_2016", 24.4}, {"western_digital_2017", 17.9}, {"western_digital_2018", 12.5}, {"western_digital_2019", 10.7},
}};

/// Hard disks that ACT knows.
enum class hdd : unsigned char {
    barracuda, barracuda2, barracuda_pro, firecuda, firecuda2, ironwolf, ironwolf_pro, skywalk_3tb, skyhawk_surveillance, skyhawk_6tb,
    video_hdd, video_pipeline_hdd, exos_2x14, exos_x12, exos_x16, exos_15e900, exos_10e2400, exos_5e8, exos_7e8,
};

/// ACT's hdd_model, in the order of `hdd`; names as ACT spells them.
inline constexpr std::array<storage_entry, 19> hdds{{
    {"BarraCuda", 4.57}, {"BarraCuda2", 10.32}, {"BarraCuda Pro", 2.35}, {"FireCuda", 5.1}, {"FireCuda2", 9.1}, {"IronWolf", 4.78},
    {"IronWolfPro", 3.63}, {"SkyWalk3TB", 3.04}, {"Skyhawk Surveillance", 4.09}, {"Skyhawk-6TB", 3.74}, {"VideoHDD", 7.62},
    {"VideoPipelineHDD", 8.86}, {"Exos2x14", 1.653}, {"Exosx12", 1.14}, {"Exosx16", 1.334}, {"Exos15e900", 20.46},
    {"Exos10e2400", 10.323}, {"Exos5e8", 3.8556}, {"Exos7e8", 4.747},
}};

} // namespace verdant::carbon
