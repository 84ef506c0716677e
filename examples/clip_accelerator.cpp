// Searches an accelerator for a CLIP model: latency against total carbon, area and throughput constrained (the mode `all-hw` of CarbonNAAS).
// Writes trials.csv, front.csv, study.json and front.svg, and prints the Pareto front.

#include <verdant/io/atomic_file.hpp>
#include <verdant/io/csv.hpp>
#include <verdant/optimizer/exhaustive.hpp>
#include <verdant/optimizer/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
#include <verdant/search/study_json.hpp>
#include <verdant/spaces.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <unistd.h>

namespace {

namespace vd = verdant;
namespace fs = std::filesystem;

// [study]
template <class Optimizer>
using hardware_study = vd::search<vd::spaces::accelerator,                                                    //
                                  vd::minimize<vd::latency, vd::threshold<0.1>, vd::seconds>,                 //
                                  vd::minimize<vd::total_carbon, vd::threshold<1>, vd::kilograms_co2e>,       //
                                  vd::subject_to<vd::area, vd::at_most<31'990'347>, vd::square_micrometres>,  //
                                  vd::subject_to<vd::tops, vd::at_most<20.48>>,                               //
                                  vd::track<vd::embodied_carbon>, vd::track<vd::operational_carbon>,          //
                                  vd::track<vd::lifetime_energy>, Optimizer>;
// [/study]

struct settings {
    std::string model = "ViT-B-16", optimizer = "nsga2", out = "results/clip_accelerator";
    std::string use_intensity = "british_columbia", fab_intensity = "taiwan";
    std::size_t trials = 0; // 0: 600, or all points for an exhaustive search
    std::uint64_t seed = 1;
    unsigned threads = 0;
    std::size_t population = 40;
    double area_limit = 31.990347, tops_limit = 20.48, latency_threshold = 0.1, carbon_threshold = 1.0, inferences = 3e7;
};

// A folder to write into. It is made before the search, so that a long one is not in vain, and goes away again where nothing came of it.
class output_folder {
public:
    explicit output_folder(const fs::path& path) : path_{fs::absolute(path).lexically_normal()} {
        if (!path_.has_filename()) path_ = path_.parent_path(); // a trailing slash
        std::error_code failure;
        for (auto part = path_; !fs::exists(part, failure) && part.has_relative_path(); part = part.parent_path()) made_.push_back(part);
        fs::create_directories(path_, failure);
        if (failure) reject("make the folder", failure.message());
        if (!fs::is_directory(path_)) reject("make the folder", "it is a file");
        if (access(path_.c_str(), W_OK | X_OK) != 0) reject("write to", std::generic_category().message(errno));
    }
    output_folder(const output_folder&) = delete;
    output_folder& operator=(const output_folder&) = delete;
    ~output_folder() { remove_made(); }

    // Files are replaced whole or not at all.
    void write(const char* name, const std::string& text) {
        vd::io::write_file((path_ / name).string(), text);
        made_.clear();
    }

private:
    void remove_made() noexcept {
        std::error_code ignored;
        for (const auto& folder : made_) fs::remove(folder, ignored); // only where it is empty
    }
    [[noreturn]] void reject(const char* what, const std::string& why) {
        remove_made();
        throw vd::file_error{path_.string(), what, why};
    }

    fs::path path_;
    std::vector<fs::path> made_; // the innermost first
};

// Without columns that would make lines too long for a terminal; the files have them.
vd::report short_report(vd::report full) {
    constexpr std::string_view left_out[] = {"embodied_carbon [kgCO2e]", "operational_carbon [kgCO2e]", "lifetime_energy [kWh]"};
    for (const auto name : left_out) {
        const auto at = std::find(full.columns.begin(), full.columns.end(), name) - full.columns.begin();
        full.columns.erase(full.columns.begin() + at);
        for (auto& row : full.rows) row.erase(row.begin() + at);
    }
    return full;
}

template <class Optimizer>
void run(const settings& s, typename Optimizer::options optimizer) {
    // Whatever may be wrong with the settings is found out before anything is made or written.
    const auto& model = vd::workload::clip_named(s.model);
    vd::carbon::life life;
    life.grid = vd::carbon::parse_intensity(s.use_intensity);
    life.fab.intensity = vd::carbon::parse_intensity(s.fab_intensity);
    life.inferences = s.inferences;
    output_folder out{s.out};

    // [run]
    using study = hardware_study<Optimizer>;
    study search{vd::accelerator_estimator<>{model, life}};
    search.template at_most<vd::area>(s.area_limit * vd::square_millimetres{}).template at_most<vd::tops>(s.tops_limit);
    search.template threshold<vd::latency>(s.latency_threshold * vd::seconds{});
    search.template threshold<vd::total_carbon>(s.carbon_threshold * vd::kilograms_co2e{});

    constexpr bool all = std::is_same_v<Optimizer, vd::exhaustive_search>;
    const typename study::options options{.trials = s.trials > 0 ? s.trials : all ? 3240 : 600,
                                          .seed = s.seed,
                                          .threads = s.threads,
                                          .optimizer = optimizer};
    vd::progress_line<study> progress{search.limits()};
    const auto found = search.run(options, progress);
    // [/run]

    auto json = vd::study_json(found, options);
    json["run"]["model"] = s.model;
    json["run"]["optimizer"] = s.optimizer;
    json["run"]["use_intensity"] = s.use_intensity;
    json["run"]["fab_intensity"] = s.fab_intensity;
    json["run"]["inferences"] = s.inferences;
    out.write("trials.csv", vd::io::csv_text(vd::report_of(found.trials())));
    out.write("front.csv", vd::io::csv_text(vd::report_of(found.front(), {.status = false})));
    out.write("study.json", json.dump(1) + '\n');
    out.write("front.svg", vd::front_svg(found, "Accelerators for CLIP " + s.model + ": latency against total carbon"));

    std::cout << "CLIP " << s.model << " on " << vd::cardinality<vd::spaces::accelerator>.to_string() << " accelerators, " << s.optimizer << ", seed "
              << s.seed << ": " << found.trials().size() << " evaluated, " << found.size() << " on the Pareto front\n";
    if (found.reason() == vd::stop_reason::exhausted && options.trials > found.trials().size()) std::cout << "(there were no more points)\n";
    if (const auto volume = found.hypervolume()) std::cout << "hypervolume " << vd::rounded_text(*volume, 7) << " s kgCO2e\n";
    std::cout << '\n' << vd::table_text(short_report(vd::report_of(found.front(), {.status = false, .digits = 4})));
    std::cout << "\nin " << s.out << ": trials.csv front.csv study.json front.svg\n";
}

// What is asked of an option: a finite number above 0, or a whole number in a range. A validator gives the complaint, or nothing.
template <class Number>
bool read_number(const std::string& text, Number& value) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return read.ec == std::errc{} && read.ptr == text.data() + text.size();
}
CLI::Validator positive() {
    return {[](const std::string& text) {
                double value = 0;
                const bool good = read_number(text, value) && value > 0 && std::isfinite(value);
                return good ? std::string{} : "expected a number above 0, found '" + text + '\'';
            },
            ""};
}
CLI::Validator whole(std::uint64_t low, std::uint64_t high) {
    return {[=](const std::string& text) {
                std::uint64_t value = 0;
                const bool good = read_number(text, value) && value >= low && value <= high;
                return good ? std::string{} : "expected a whole number from " + std::to_string(low) + " to " + std::to_string(high) + ", found '" + text + '\'';
            },
            ""};
}

// One line on stderr, whatever the message holds.
int complain(std::string text, int code) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    std::cerr << text << '\n';
    return code;
}

} // namespace

int main(int argc, char** argv) {
    settings s;
    CLI::App app{"Searches an accelerator for a CLIP model: latency against total carbon."};
    app.add_option("--model", s.model, "CLIP model: ViT-B-16, ViT-B-32, ViT-L-14, ...")->capture_default_str();
    app.add_option("--optimizer", s.optimizer, "how points are chosen")->check(CLI::IsMember({"nsga2", "exhaustive", "random"}))->capture_default_str();
    app.add_option("--trials", s.trials, "distinct points to evaluate (default 600; all for exhaustive)")->check(whole(1, 1'000'000'000));
    app.add_option("--seed", s.seed, "seed of the run")->check(whole(0, UINT64_MAX))->capture_default_str();
    app.add_option("--threads", s.threads, "evaluations at once, 0 for one a processor; the result does not depend on it")
        ->check(whole(0, 1024))
        ->capture_default_str();
    app.add_option("--population", s.population, "of nsga2")->check(whole(2, 100'000))->capture_default_str();
    app.add_option("--area-limit", s.area_limit, "largest die, mm2")->check(positive())->capture_default_str();
    app.add_option("--tops-limit", s.tops_limit, "largest throughput, 10^12 operations/s")->check(positive())->capture_default_str();
    app.add_option("--latency-threshold", s.latency_threshold, "reference point, s")->check(positive())->capture_default_str();
    app.add_option("--carbon-threshold", s.carbon_threshold, "reference point, kg CO2e")->check(positive())->capture_default_str();
    app.add_option("--use-intensity", s.use_intensity, "carbon intensity of use: a place, a source, or g CO2e/kWh")->capture_default_str();
    app.add_option("--fab-intensity", s.fab_intensity, "carbon intensity of the fab, likewise")->capture_default_str();
    app.add_option("--inferences", s.inferences, "inferences in a device's life")->check(positive())->capture_default_str();
    app.add_option("--out", s.out, "folder of the results")->capture_default_str();
    try {
        app.parse(argc, argv);
        if (s.optimizer == "exhaustive") run<vd::exhaustive_search>(s, {});
        else if (s.optimizer == "random") run<vd::random_search>(s, {});
        else run<vd::nsga2<>>(s, {.population = s.population});
        return 0;
    } catch (const CLI::CallForHelp& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& wrong) {
        return complain(std::string{"clip_accelerator: "} + wrong.what(), 2);
    } catch (const vd::input_error& wrong) {
        return complain(wrong.what(), 2);
    } catch (const vd::file_error& wrong) {
        return complain(wrong.what(), 2);
    } catch (const std::exception& failure) {
        return complain(std::string{"clip_accelerator: "} + failure.what(), 1);
    }
}
