// AutoBuild: predictors of networks as graphs, trained so that the norms of their embeddings rank; they score the modules of each unit of a space, which is
// then reduced to the best ones and searched.

#include "../terminal/program.hpp"
#include "../terminal/stop.hpp"
#include "all.hpp"
#include "evaluate.hpp"
#include "options.hpp"
#include "plot.hpp"
#include "reduce.hpp"
#include "search.hpp"
#include "train.hpp"

#include <CLI/CLI.hpp>

#include <string>

int main(int argc, char** argv) {
    using namespace autobuild;
    settings s;
    CLI::App app{"AutoBuild: graph predictors that score the modules of a space, and spaces reduced to the best.", "autobuild"};
    add_options(app, s);
    return terminal::run(app, argc, argv, [&] {
        const auto command = app.get_subcommands().front()->get_name();
        if (command != "label-units" && command != "reduce" && command != "plot") terminal::listen_for_stop(); // those are short and keep nothing
        if (command == "all") return all_steps(s.all);
        if (command == "train") return train(s.train);
        if (command == "label-units") return label_units(s.label);
        if (command == "reduce") return reduce(s.reduce), 0;
        if (command == "search") return search(s.search);
        if (command == "evaluate") return evaluate(s.evaluate);
        return plot(s.plot);
    });
}
