// The commands `export` and `import`: studies in other forms, and back.
#pragma once

#include "../terminal/paths.hpp"
#include "source.hpp"

#include <verdant/error.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/report/study_lines.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/optuna_export.hpp>
#include <verdant/study/optuna_import.hpp>
#include <verdant/study/optuna_study.hpp>
#include <verdant/study/sqlite_study.hpp>
#include <verdant/study/study_csv.hpp>

#include <CLI/CLI.hpp>

#include <cstddef>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

namespace study_tool {

/// Refuses to write over something.
inline void require_new(const std::string& out) {
    if (std::filesystem::exists(std::filesystem::symlink_status(out)))
        throw vd::input_error{"--out", "", "the name of a new file", out + ", which is there"};
}

struct export_command {
    static constexpr const char* name = "export";
    static constexpr const char* about = "writes the trials of a study as CSV, lines of JSON, a file of SQLite, or a database that Optuna opens";
    std::string path{}, to = "csv", out{}, study_name{};

    void add_options(CLI::App& app) {
        app.add_option("study", path, "a file of SQLite or JSON")->required()->check(terminal::path());
        app.add_option("--to", to, "csv, jsonl, sqlite or optuna")->check(CLI::IsMember({"csv", "jsonl", "sqlite", "optuna"}))->capture_default_str();
        app.add_option("-o,--out", out, "a new file")->required()->check(terminal::path());
        app.add_option("--name", study_name, "what Optuna is to call the study (default: study)");
    }

    [[nodiscard]] int run() const {
        if (!study_name.empty() && to != "optuna") throw vd::input_error{"--name", "", "--to optuna with it", "--to " + to};
        require_new(out);
        auto study = read_any(path);
        if (to == "csv") vd::io::write_file(out, vd::io::csv_text(vd::study_csv(study, path)));
        else if (to == "jsonl") vd::io::write_file(out, vd::study_lines(study, path));
        else if (to == "optuna") vd::write_optuna_study(out, study, study_name.empty() ? "study" : study_name, path);
        else {
            if (study.description.batch == 0) study.description.batch = 1; // of JSON: what the optimizer preferred
            vd::write_sqlite_study(out, study);
        }
        std::cout << out << ": " << study.trials.size() << " trials\n";
        return 0;
    }
};

struct import_command {
    static constexpr const char* name = "import";
    static constexpr const char* about = "makes a study in a file of SQLite from CSV, lines of JSON or a study of Optuna";
    std::string path{}, from = "optuna", like{}, out{}, study_name{};

    void add_options(CLI::App& app) {
        app.add_option("file", path, "what to read")->required()->check(terminal::path());
        app.add_option("--from", from, "csv, jsonl or optuna")->check(CLI::IsMember({"csv", "jsonl", "optuna"}))->capture_default_str();
        app.add_option("--like", like, "a study whose space, goals and metrics the trials are of; of Optuna's, their own are taken without it")
            ->check(terminal::path());
        app.add_option("--name", study_name, "which of Optuna's studies; not needed where there is one");
        app.add_option("-o,--out", out, "a new file")->required()->check(terminal::path());
    }

    [[nodiscard]] int run() const {
        if (!study_name.empty() && from != "optuna") throw vd::input_error{"--name", "", "--from optuna with it", "--from " + from};
        require_new(out);
        if (from != "optuna" && like.empty()) throw vd::input_error{"--like", "", "a study, whose space and goals " + from + " does not say", "none"};
        vd::imported_study in;
        if (from == "optuna") in = of_optuna();
        else if (from == "csv") in.study = vd::study_from_csv(vd::io::read_csv(path), read_any(like).description, path);
        else in.study = vd::study_from_lines(vd::io::read_file(path), read_any(like).description, path);
        if (in.study.description.batch == 0) in.study.description.batch = 1;
        vd::write_sqlite_study(out, in.study);
        std::cout << out << ": " << in.study.trials.size() << " trials";
        if (in.pruned > 0) std::cout << ", of them " << in.pruned << " pruned ones as failed";
        if (in.repeated > 0) std::cout << "; left out: " << in.repeated << " of points that were there";
        if (in.unfinished > 0) std::cout << "; left out: " << in.unfinished << " unfinished";
        if (in.set_back > 0) std::cout << "; the ends of " << in.set_back << " that lie before their beginnings";
        std::cout << '\n';
        return 0;
    }

private:
    [[nodiscard]] vd::imported_study of_optuna() const {
        auto chosen = study_name;
        if (chosen.empty()) {
            const auto names = vd::optuna_study_names(path);
            std::string all;
            for (const auto& n : names) all += (all.empty() ? "" : ", ") + n;
            if (names.size() != 1) throw vd::input_error{"--name", "", "one of " + (all.empty() ? "no studies" : all), "none"};
            chosen = names[0];
        }
        const auto theirs = vd::read_optuna_study(path, chosen);
        return like.empty() ? vd::import_optuna_study(theirs, path) : vd::import_optuna_study(theirs, read_any(like).description, path);
    }
};

} // namespace study_tool
