#include "fuzz.hpp"

#include <verdant/report/csv_tail.hpp>
#include <verdant/report/json_log.hpp>

#include <string>
#include <vector>

// What a search finds where it is to go on with a log: the first byte chooses which kind.
VERDANT_FUZZ_TARGET(search_logs) {
    namespace detail = verdant::detail;
    if (data.empty()) return;
    const auto text = fuzz::text(data.subspan(1));
    if (data[0] % 2 == 0) {
        const std::vector<std::string> columns{"trial", "status", "width", "accuracy", "message"};
        const auto whole = detail::whole_csv_records(text);
        fuzz::require(whole <= text.size() && (whole == 0 || text[whole - 1] == '\n'), "records end with their lines");
        for (const auto& [number, rows] : detail::tailed_trials(text.substr(0, whole), fuzz::source, columns))
            for (const auto& row : rows) fuzz::require(row.size() == 2, "a row is without its last three columns");
    } else {
        static_cast<void>(detail::logged_trials(text.substr(0, text.rfind('\n') + 1), fuzz::source, {{"event", "study"}, {"format", "verdant log"}}));
    }
}
