// A search kept in a file: it ends half-way, goes on where it was, is made longer, and refuses to become another one.

#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/search.hpp>
#include <verdant/study/sqlite_storage.hpp>
#include <verdant/text/number.hpp>

#include <cstddef>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>

#include <unistd.h>
namespace vd = verdant;

// [study]
struct net : vd::space<vd::param<"depth", vd::range<2, 20>>, vd::param<"width", vd::range<16, 256, 16>>> {};
using study = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<0>>, vd::minimize<vd::latency, vd::threshold<40>>, vd::nsga2<>>;
// [/study]

int measured = 0; // how many networks were trained by this program

vd::metrics<vd::accuracy, vd::latency> train(const vd::point<net>& p) {
    ++measured;
    const double depth = p.get<"depth">(), width = p.get<"width">();
    return {1 - 1 / (1 + 0.02 * depth) - 8 / (width + 16), 0.01 * depth * width * vd::milliseconds{}};
}

// Stands for the end of the process: what an observer throws ends the search.
struct power_cut {
    std::size_t after;
    void told(const study::trial_type&, const vd::search_state& state) const {
        if (state.done == after) throw std::runtime_error{"the power failed"};
    }
};

void show(const char* what, const study::result_type& found) {
    std::cout << what << ": " << found.trials().size() << " trials, " << measured << " trained now, front of " << found.size() << ", hypervolume "
              << vd::rounded_text(*found.hypervolume(), 4) << ' ' << vd::hypervolume_unit<study::goals_type>() << '\n';
    measured = 0;
}

void keep(const std::string& path) {
    // [keep]
    vd::sqlite_storage file{path};
    const auto found = study{train}.run({.trials = 100, .seed = 5, .optimizer = {.population = 20}}, file);
    // [/keep]
    show("to the end", found);
}

int main() {
    const auto folder = std::filesystem::temp_directory_path() / ("verdant-resume-" + std::to_string(getpid()));
    std::filesystem::create_directory(folder);
    const auto path = (folder / "study.db").string();

    const study s{train};
    study::options options{.trials = 100, .seed = 5, .optimizer = {.population = 20}};
    try {
        s.run(options, vd::sqlite_storage{path}, power_cut{45});
    } catch (const std::exception& e) { std::cout << "trial 45: " << e.what() << '\n'; }
    std::cout << measured << " networks were trained\n";
    measured = 0;
    keep(path);
    keep(path); // nothing is left to do
    show("without a file", s.run(options));
    // [longer]
    vd::sqlite_storage file{path};
    options.trials = 160;
    const auto longer = s.run(options, file);
    // [/longer]
    show("longer", longer);
    // [refused]
    try {
        options.seed = 6;
        options.optimizer.population = 30;
        s.run(options, file);
    } catch (const vd::input_error& e) { std::cout << e.expected() << " was expected, found:\n" << e.found() << '\n'; }
    // [/refused]
    std::filesystem::remove_all(folder);
}
