// The commands `merge` and `verify`.
#pragma once

#include "../terminal/paths.hpp"
#include "exchange.hpp"
#include "source.hpp"

#include <verdant/error.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/merge_studies.hpp>
#include <verdant/study/sqlite_study.hpp>
#include <verdant/study/verify_study.hpp>

#include <CLI/CLI.hpp>

#include <cstddef>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace study_tool {

struct merge_command {
    static constexpr const char* name = "merge";
    static constexpr const char* about = "makes one study of two of the same space, goals and metrics, to look at; a search does not go on with it";
    std::string first{}, second{}, out{}, duplicates = "first";

    void add_options(CLI::App& app) {
        app.add_option("first", first, "a file of SQLite or JSON")->required()->check(terminal::path());
        app.add_option("second", second, "another one")->required()->check(terminal::path());
        app.add_option("-o,--out", out, "a new file of SQLite")->required()->check(terminal::path());
        app.add_option("--duplicates", duplicates, "whose trial stays of a point that both measured: first, second, or refuse where they differ")
            ->check(CLI::IsMember({"first", "second", "refuse"}))
            ->capture_default_str();
    }

    [[nodiscard]] int run() const {
        require_new(out);
        const auto keep = duplicates == "first"    ? vd::kept_duplicate::first
                          : duplicates == "second" ? vd::kept_duplicate::second
                                                   : vd::kept_duplicate::refuse;
        auto merged = vd::merge_studies(read_any(first), read_any(second), second, keep);
        if (merged.study.description.batch == 0) merged.study.description.batch = 1;
        vd::write_sqlite_study(out, merged.study);
        std::cout << out << ": " << merged.study.trials.size() << " trials; " << merged.duplicates << " points were in both, " << merged.different
                  << " of them with other values\n";
        return 0;
    }
};

struct verify_command {
    static constexpr const char* name = "verify";
    static constexpr const char* about = "checks studies: tables, fingerprint, numbers, points, constraints; exit status 1 where something is wrong";
    std::vector<std::string> paths{};

    void add_options(CLI::App& app) { app.add_option("studies", paths, "files of SQLite or JSON")->required()->check(terminal::path()); }

    [[nodiscard]] int run() const {
        constexpr std::size_t most = 20;
        bool sound = true;
        std::exception_ptr unread;
        for (const auto& path : paths) {
            vd::study_check found;
            try {
                found = vd::verify_study(read_any(path));
            } catch (const vd::input_error& e) { // no study, or one whose tables are not whole
                std::cout << e.what() << '\n';
                sound = false;
                continue;
            } catch (const vd::file_error&) { // the others are checked all the same
                if (!unread) unread = std::current_exception();
                continue;
            }
            for (std::size_t i = 0; i < found.faults.size() && i < most; ++i) std::cout << path << ": " << found.faults[i] << '\n';
            if (found.faults.size() > most) std::cout << path << ": and " << found.faults.size() - most << " more\n";
            for (const auto& r : found.remarks) std::cout << path << ": remark: " << r << '\n';
            std::cout << path << ": " << found.checked << " trials, " << found.faults.size() << (found.faults.size() == 1 ? " fault\n" : " faults\n");
            sound = sound && found.faults.empty();
        }
        if (unread) std::rethrow_exception(unread);
        return sound ? 0 : 1;
    }
};

} // namespace study_tool
