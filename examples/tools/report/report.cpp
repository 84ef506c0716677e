// Writes a study as one page of HTML that a browser shows without a network: fronts, hypervolume, importance of parameters, slices, workers, best trials.

#include "../terminal/program.hpp"
#include "../terminal/stop.hpp"
#include "options.hpp"
#include "write.hpp"

int main(int argc, char** argv) {
    report::settings s;
    CLI::App app{"Writes a study as one page of HTML that a browser shows without a network.", "report"};
    report::add_options(app, s);
    return terminal::run(app, argc, argv, [&s] {
        terminal::listen_for_stop();
        return report::run(s);
    });
}
