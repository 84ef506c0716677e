// Published tables of NAS-Bench-201: each cell is read, and written as it was; each number is found again by its cell.

#include "golden/golden.hpp"

#include <verdant/spaces/nas_bench_201/nas_bench_201.hpp>
#include <verdant/tabular/exact_table_csv.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <set>
#include <string>
#include <vector>

namespace {

namespace spaces = verdant::spaces;

/// The columns of which every field has a number; others are named.
std::vector<std::string> full_columns(const golden::file& f, const std::vector<golden::row>& rows) {
    std::vector<std::string> full;
    for (const auto& field : rows.front()) {
        const auto& name = field.first;
        if (name == "cell") continue;
        const bool all = std::all_of(rows.begin(), rows.end(), [&name](const golden::row& r) {
            std::size_t end = 0;
            try {
                if (std::isnan(std::stod(r.at(name), &end))) return false;
            } catch (const std::exception&) { return false; }
            return end == r.at(name).size();
        });
        if (all) full.push_back(name);
        else golden::skip(f.name + ", " + name, "not every network has a number there");
    }
    return full;
}

} // namespace

TEST_CASE("tables of NAS-Bench-201 are read as they are", "[golden]") {
    for (const auto& f : golden::find_all("real/nas/*.csv")) {
        const auto rows = golden::read_csv(f.path);
        if (rows.empty() || !rows.front().contains("cell")) {
            golden::skip(f.name, "no cells of NAS-Bench-201");
            continue;
        }
        golden::summary s{f.name, 0};
        const auto wanted = full_columns(f, rows);
        const auto table = verdant::tabular::read_nas_bench_201(f.path.string(), wanted);
        s.equal("networks", rows.size(), table.size());
        std::set<std::string> graphs;
        for (const auto& r : rows) {
            s.next_row();
            const auto cell = spaces::parse_cell(r.at("cell"), f.name);
            s.equal("cell", r.at("cell"), spaces::cell_text(cell));
            graphs.insert(spaces::canonical_cell(cell));
            const auto at = table.row(cell);
            for (std::size_t c = 0; c < wanted.size(); ++c) s.compare(wanted[c], std::stod(r.at(wanted[c])), table.at(at, table.column(wanted[c])));
        }
        std::printf("golden %s: %zu networks, %zu of them distinct\n", f.name.c_str(), table.size(), graphs.size());
        if (table.size() == 15'625)
            s.equal<std::size_t>("distinct networks", 6466, graphs.size()); // Dong and Yang, NAS-Bench-201 (ICLR 2020), section 3
    }
}
