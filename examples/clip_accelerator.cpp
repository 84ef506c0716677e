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

#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>

namespace {

namespace vd = verdant;

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
    long long trials = 0; // 0: 600, or all points for an exhaustive search
    std::uint64_t seed = 1;
    long long threads = 0, population = 40;
    double area_limit = 31.990347, tops_limit = 20.48, latency_threshold = 0.1, carbon_threshold = 1.0, inferences = 3e7;
};

/// A folder that can be written to, made where it is missing; nothing is left in it.
void require_writable(const std::filesystem::path& folder) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure || !std::filesystem::is_directory(folder))
        throw vd::file_error{folder.string(), "make the folder", failure ? failure.message() : "it is a file"};
    const auto probe = folder / ".verdant-probe";
    std::FILE* file = std::fopen(probe.c_str(), "w");
    if (file == nullptr) throw vd::file_error{folder.string(), "write to", "permission denied"};
    std::fclose(file);
    std::filesystem::remove(probe, failure);
}

void require_positive(const char* option, double value) {
    if (!(value > 0)) throw vd::input_error{option, "", "a number above 0", vd::exact_text(value)};
}

template <class Optimizer>
void run(const settings& s, typename Optimizer::options optimizer) {
    const auto& model = vd::workload::clip_named(s.model);
    vd::carbon::life life;
    life.grid = vd::carbon::parse_intensity(s.use_intensity);
    life.fab.intensity = vd::carbon::parse_intensity(s.fab_intensity);
    life.inferences = s.inferences;
    const std::filesystem::path out = s.out;
    require_writable(out);

    using study = hardware_study<Optimizer>;
    study search{vd::accelerator_estimator<>{model, life}};
    search.template at_most<vd::area>(s.area_limit * vd::square_millimetres{}).template at_most<vd::tops>(s.tops_limit);
    search.template threshold<vd::latency>(s.latency_threshold * vd::seconds{}).template threshold<vd::total_carbon>(s.carbon_threshold * vd::kilograms_co2e{});
    const bool all = std::is_same_v<Optimizer, vd::exhaustive_search>;
    const typename study::options options{.trials = s.trials > 0 ? static_cast<std::size_t>(s.trials) : all ? 3240 : 600,
                                          .seed = s.seed,
                                          .threads = static_cast<unsigned>(s.threads),
                                          .optimizer = std::move(optimizer)};

    std::cout << "Accelerators for CLIP " << s.model << ": " << s.optimizer << ", at most " << options.trials << " of "
              << vd::cardinality<vd::spaces::accelerator>.to_string() << " points, seed " << s.seed << "\n";
    const auto begin = std::chrono::steady_clock::now();
    vd::progress_line<study> progress{search.limits()};
    const auto found = search.run(options, progress);
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

    const auto write = [&](const char* name, const std::string& text) { vd::io::write_file(out / name, text); };
    write("trials.csv", vd::io::csv_text(vd::report_of(found.trials())));
    write("front.csv", vd::io::csv_text(vd::report_of(found.front(), {.status = false})));
    write("front.svg", vd::front_svg(found, "Accelerators for CLIP " + s.model + ": latency against total carbon"));
    auto json = vd::study_json(found, options);
    json["run"]["model"] = s.model;
    json["run"]["optimizer"] = s.optimizer;
    write("study.json", json.dump(1) + "\n");

    std::cout << "\nPareto front: " << found.size() << " of " << found.trials().size() << " evaluated points";
    if (const auto volume = found.hypervolume()) std::cout << ", hypervolume " << vd::rounded_text(*volume, 7) << " s kgCO2e";
    std::cout << ", " << vd::rounded_text(seconds, 3) << " s\n\n";
    vd::print_table(std::cout, vd::report_of(found.front(), {.status = false, .digits = 4}));
    std::cout << "\nWritten to " << out.string() << ": trials.csv front.csv study.json front.svg\n";
}

} // namespace

int main(int argc, char** argv) {
    settings s;
    CLI::App app{"Searches an accelerator for a CLIP model: latency against total carbon."};
    app.add_option("--model", s.model, "CLIP model: ViT-B-16, ViT-B-32, ViT-L-14, ...")->capture_default_str();
    app.add_option("--optimizer", s.optimizer, "how points are chosen")->check(CLI::IsMember({"nsga2", "exhaustive", "random"}))->capture_default_str();
    app.add_option("--trials", s.trials, "distinct points to evaluate (default 600; all for exhaustive)")->check(CLI::Range(1LL, 1'000'000'000LL));
    app.add_option("--seed", s.seed, "seed of the run")->capture_default_str();
    app.add_option("--threads", s.threads, "evaluations at once, 0 for one a processor; the result does not depend on it")
        ->check(CLI::Range(0LL, 4096LL))
        ->capture_default_str();
    app.add_option("--population", s.population, "of nsga2")->check(CLI::Range(2LL, 100'000LL))->capture_default_str();
    app.add_option("--area-limit", s.area_limit, "largest die, mm2")->capture_default_str();
    app.add_option("--tops-limit", s.tops_limit, "largest throughput, 10^12 operations/s")->capture_default_str();
    app.add_option("--latency-threshold", s.latency_threshold, "reference point, s")->capture_default_str();
    app.add_option("--carbon-threshold", s.carbon_threshold, "reference point, kg CO2e")->capture_default_str();
    app.add_option("--use-intensity", s.use_intensity, "carbon intensity of use: a place, a source, or g CO2e/kWh")->capture_default_str();
    app.add_option("--fab-intensity", s.fab_intensity, "carbon intensity of the fab, likewise")->capture_default_str();
    app.add_option("--inferences", s.inferences, "inferences in a device's life")->capture_default_str();
    app.add_option("--out", s.out, "folder of the results")->capture_default_str();
    try {
        app.parse(argc, argv);
        require_positive("--area-limit", s.area_limit);
        require_positive("--tops-limit", s.tops_limit);
        require_positive("--latency-threshold", s.latency_threshold);
        require_positive("--carbon-threshold", s.carbon_threshold);
        require_positive("--inferences", s.inferences);
        if (s.optimizer == "exhaustive") run<vd::exhaustive_search>(s, {});
        else if (s.optimizer == "random") run<vd::random_search>(s, {});
        else run<vd::nsga2<>>(s, {.population = static_cast<std::size_t>(s.population)});
        return 0;
    } catch (const CLI::CallForHelp& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& wrong) {
        std::cerr << "clip_accelerator: " << wrong.what() << "\n";
    } catch (const vd::input_error& wrong) {
        std::cerr << wrong.what() << "\n";
    } catch (const vd::file_error& wrong) {
        std::cerr << wrong.what() << "\n";
    } catch (const std::exception& failure) {
        std::cerr << "clip_accelerator: " << failure.what() << "\n";
        return 1;
    }
    return 2;
}
