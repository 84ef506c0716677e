#include "fuzz.hpp"

#include <verdant/space/space.hpp>
#include <verdant/tabular/record_schema.hpp>
#include <verdant/tabular/record_table.hpp>

namespace {

struct little : verdant::space<verdant::param<"width", verdant::choices<8, 16, 32>>, verdant::param<"excite", verdant::choices<true, false>>> {};

} // namespace

VERDANT_FUZZ_TARGET(record_table) {
    using namespace verdant::tabular;
    const auto table = parse_record_table<little>(fuzz::text(data), fuzz::source, open_schema(), unknown_columns::pass_over);
    const auto written = record_table_text(table);
    fuzz::require(record_table_text(parse_record_table<little>(written, fuzz::source)) == written, "what was read is written and read back");
}
