// Studies that are kept in files: what they are, whether they are sound, and what other programs read.

#include "../terminal/commands.hpp"
#include "../terminal/program.hpp"
#include "check.hpp"
#include "exchange.hpp"
#include "list.hpp"
#include "show.hpp"

#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
    CLI::App app{"Studies that are kept in files: lists, shows, checks, exports, imports and merges them.", "study"};
    terminal::commands<study_tool::list_command, study_tool::show_command, study_tool::export_command, study_tool::import_command,
                       study_tool::merge_command, study_tool::verify_command>
        commands{app};
    return terminal::run(app, argc, argv, [&] { return commands.run(app); });
}
