// What report is told.
#pragma once

#include "../terminal/paths.hpp"
#include "../terminal/stop.hpp"
#include "../terminal/validators.hpp"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace report {

struct settings {
    std::string study, out = "report.html", title;
    std::vector<std::string> facts;
    double live = 0;
    std::size_t until = 0, rows = 500;
    double megabytes = 6;
};

inline void add_options(CLI::App& app, settings& s) {
    app.add_option("study", s.study, "a study that is kept in a file of SQLite, or one in JSON")->required()->check(terminal::path());
    app.add_option("-o,--out", s.out, "the page; what is there is replaced")->check(terminal::path())->capture_default_str();
    app.add_option("--title", s.title, "what the page is called, the file of the study by default");
    app.add_option("--fact", s.facts, "NAME=VALUE, something of the environment that the page is to say; may be repeated")
        ->check(CLI::Validator{[](const std::string& text) {
                                   return text.find('=') == std::string::npos || text.front() == '=' ? "expected NAME=VALUE, found '" + text + '\''
                                                                                                     : std::string{};
                               },
                               ""});
    app.add_option("--live", s.live,
                   "write the page again every so many seconds while a search writes to the study; the page loads itself again. It waits for a study "
                   "that is not there yet, is gone, or is not whole, and says when it is another one")
        ->check(terminal::positive());
    app.add_option("--until", s.until, "with --live: end once so many trials are there; without, Ctrl-C ends it")->check(terminal::whole(1));
    app.add_option("--rows", s.rows, "rows of a table at most")->check(terminal::whole(1, 1'000'000))->capture_default_str();
    app.add_option("--megabytes", s.megabytes,
                   "size of the trials that pictures draw; of more, the fronts are drawn whole and the others evenly thinned")
        ->check(terminal::number(0.01, 1000))
        ->capture_default_str();
    terminal::explain_stop(app, "one more page");
}

} // namespace report
