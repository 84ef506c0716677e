// Accel-NASBench: networks of the MnasNet space that were measured, surrogates that are fitted to them, what these answer, and searches that ask them.

#include "../terminal/commands.hpp"
#include "../terminal/program.hpp"
#include "../terminal/stop.hpp"
#include "evaluate.hpp"
#include "fit.hpp"
#include "plot.hpp"
#include "query.hpp"
#include "records.hpp"
#include "search.hpp"
#include "tune.hpp"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <string>
#include <vector>

// Training needs LibTorch, and pictures what decodes them.
#if defined(VERDANT_COMPONENT_TORCH) && defined(VERDANT_COMPONENT_IMAGE) && defined(VERDANT_COMPONENT_ZLIB)
#include "optional/all.hpp"
#include "optional/asha.hpp"
#include "optional/collect.hpp"

#include <verdant/nn/core/openblas.hpp>
#define ANB_COLLECTS
#endif

int main(int argc, char** argv) {
#if defined(ANB_COLLECTS)
    verdant::nn::restart_with_better_kernels(argv);
#endif
    CLI::App app{"Accel-NASBench: records of measured networks, surrogates fitted to them, and searches that ask these.", "anb"};
    // A command is a header beside this one and a line here, in the order of the work.
#if defined(ANB_COLLECTS)
    terminal::commands<anb::all_command, anb::collect_command, anb::asha_command, anb::records_command, anb::tune_command, anb::fit_command,
                       anb::evaluate_command, anb::query_command, anb::search_command, anb::plot_command>
        commands{app};
#else
    terminal::commands<anb::records_command, anb::tune_command, anb::fit_command, anb::evaluate_command, anb::query_command, anb::search_command,
                       anb::plot_command>
        commands{app};
#endif
    // CLI11 takes brackets around an argument for its own lists and drops them; those of a network in JSON keep theirs behind a blank.
    std::vector<std::string> bracketed;
    bracketed.reserve(static_cast<std::size_t>(argc));
    for (int i = 1; i < argc; ++i)
        if (argv[i][0] == '[') argv[i] = bracketed.emplace_back(' ' + std::string{argv[i]}).data();
    return terminal::run(app, argc, argv, [&] {
        terminal::listen_for_stop();
        return commands.run(app);
    });
}
