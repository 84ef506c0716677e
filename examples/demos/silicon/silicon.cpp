// Searches a network and the silicon that runs it together: chiplets, process, memory hierarchy and package, for accuracy, latency and the 95th percentile of carbon. Beside
// it the network alone and the chip alone, with as many evaluations.

#include "../../tools/terminal/program.hpp"
#include "../../tools/terminal/stop.hpp"
#include "options.hpp"
#include "run.hpp"

int main(int argc, char** argv) {
    silicon::settings s;
    CLI::App app{"Searches a network and the chiplets that run it together: accuracy, latency, and the 95th percentile of carbon.", "silicon"};
    silicon::add_options(app, s);
    return terminal::run(app, argc, argv, [&s] {
        terminal::listen_for_stop();
        silicon::run(s);
        return 0;
    });
}
