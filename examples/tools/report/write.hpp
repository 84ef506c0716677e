// Writes the page of a study, once or for as long as its search runs.
#pragma once

#include "../terminal/paths.hpp"
#include "../terminal/stop.hpp"
#include "../terminal/study_source.hpp"
#include "options.hpp"
#include "watch.hpp"

#include <verdant/error.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/report/html_report.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/text/number.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <string>
#include <thread>

namespace report {

namespace vd = verdant;

/// @param reload seconds after which the page loads itself again; 0 for never
inline void write_page(const settings& s, const vd::stored_study& study, double reload) {
    terminal::require_another_file("--out", s.out, {s.study}, "the study");
    vd::html_report_options how{.title = s.title.empty() ? std::filesystem::path{s.study}.filename().string() : s.title, .reload = reload};
    how.most_bytes = static_cast<std::size_t>(1e6 * s.megabytes);
    how.most_rows = s.rows;
    for (const auto& f : s.facts) how.facts.push_back({f.substr(0, f.find('=')), f.substr(f.find('=') + 1)});
    const auto page = vd::html_report(study, s.study, how);
    vd::io::write_file(s.out, page);
    std::cout << s.out << ": " << study.trials.size() << " trials, " << vd::rounded_text(static_cast<double>(page.size()) / 1e6, 3) << " MB"
              << std::endl;
}

/// Sleeps in short pieces, so that a stop is answered at once.
inline void wait(double seconds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>{seconds};
    while (std::chrono::steady_clock::now() < end && !terminal::stop_asked()) std::this_thread::sleep_for(std::chrono::milliseconds{20});
}

/// Writes the page whenever trials have come, and at the end once more without its reloading. Nothing that happens to the study touches the page that is there: pages are of whole
/// studies, and written whole.
inline int follow(const settings& s) {
    watched_study watched{s.study, s.out};
    while (!terminal::stop_asked()) {
        if (watched.look()) {
            const auto& study = *watched.study();
            const bool done = s.until != 0 && study.trials.size() >= s.until;
            write_page(s, study, done ? 0 : s.live);
            if (done) return 0;
        }
        wait(s.live);
    }
    try {
        static_cast<void>(watched.look());
    } catch (const vd::error&) {} // what was whole before is the last page
    if (watched.study()) write_page(s, *watched.study(), 0);
    throw terminal::stopped("report", watched.study() ? s.out + " holds what there was" : "there was no study yet");
}

inline int run(const settings& s) {
    if (s.until != 0 && s.live == 0) throw vd::input_error{"--until", "", "--live with it", "none"};
    if (s.live != 0) return follow(s);
    write_page(s, terminal::read_study(s.study), 0);
    return 0;
}

} // namespace report
