// Accel-NASBench: networks of the MnasNet space that were measured, surrogates that are fitted to them, what these answer, and searches that ask them.

#include "../terminal/program.hpp"
#include "../terminal/stop.hpp"
#include "commands.hpp"
#include "evaluate.hpp"
#include "fit.hpp"
#include "query.hpp"
#include "records.hpp"

#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
    CLI::App app{"Accel-NASBench: records of measured networks, surrogates fitted to them, and searches that ask these.", "anb"};
    // A command is a header beside this one and a line here, in the order of the work.
    anb::commands<anb::records_command, anb::fit_command, anb::evaluate_command, anb::query_command> commands{app};
    return terminal::run(app, argc, argv, [&] {
        terminal::listen_for_stop();
        return commands.run(app);
    });
}
