// Networks of the space of OFA-MobileNetV3, a quarter as wide, are trained on Fashion-MNIST: by ASHA, which stops most of them early and goes on with the best from
// their checkpoints, and by random search over whole trainings for as many epochs as asked for.

#include <verdant/fidelity.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/nn/core/openblas.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/report/report.hpp>
#include <verdant/search.hpp>
#include <verdant/text/number.hpp>

#include "../../tools/terminal/paths.hpp"
#include "../../tools/terminal/program.hpp"
#include "../../tools/terminal/stop.hpp"
#include "../../tools/terminal/validators.hpp"
#include "fashion_training.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <cstdio>
#include <string>

namespace {

using namespace fashion_fidelity;

struct settings {
    training_options training{};
    std::string out = "results/fashion_fidelity";
    double budget = 4, whole = 12;
    std::uint64_t seed = 1;
};

// [study]
using study = vd::search<small_net, vd::maximize<vd::accuracy>, vd::random_search>;
template <class Policy>
using at_fidelities = vd::multi_fidelity<study, epochs, Policy>;
// [/study]

struct stop_on_signal {
    [[nodiscard]] bool stop_requested() const { return terminal::stop_asked() != 0; }
};

template <class Policy>
void show(const typename at_fidelities<Policy>::result_type& found, const std::string& file) {
    std::printf("%s: %zu networks, cost of %s whole trainings, best after a whole one: %s %%\n%s", std::string{Policy::name()}.c_str(),
                found.found().trials().size(), vd::rounded_text(found.cost(), 4).c_str(),
                found.empty() ? "none" : vd::rounded_text(100 * found.begin()->template get<vd::accuracy>(), 4).c_str(),
                vd::table_text(vd::fidelity_table(found)).c_str());
    vd::io::write_file(file, vd::io::csv_text(vd::evaluation_table(found, {.times = true})));
}

void run(const settings& s) {
    const train evaluator{s.training};
    terminal::make_folder(s.out); // not before the images were found
    const stop_on_signal stop;
    // [asha]
    at_fidelities<vd::asha> search{evaluator};
    search.checkpoints_in(s.out + "/checkpoints");
    const auto found =
        search.run({.budget = s.budget, .seed = s.seed, .window = 1, .continuation = vd::continuation::from_checkpoint, .policy = {.eta = 3}}, stop);
    // [/asha]
    show<vd::asha>(found, s.out + "/asha.csv");
    if (s.whole == 0) return;
    const at_fidelities<vd::whole_evaluations> other{evaluator};
    show<vd::whole_evaluations>(other.run({.budget = s.whole, .seed = s.seed, .window = 1}, stop), s.out + "/whole.csv");
}

} // namespace

int main(int argc, char** argv) {
    nn::restart_with_better_kernels(argv);
    settings s;
    CLI::App app{"Searches small networks on Fashion-MNIST by ASHA, and by random search over whole trainings of 27 epochs.", "fashion_fidelity"};
    app.add_option("--data", s.training.data, "folder of Fashion-MNIST")->check(terminal::path())->capture_default_str();
    app.add_option("--images", s.training.images, "training images")->check(terminal::whole(50, 60'000))->capture_default_str();
    app.add_option("--test", s.training.test, "test images")->check(terminal::whole(1, 10'000))->capture_default_str();
    app.add_option("--budget", s.budget, "of ASHA, in whole trainings")->check(terminal::positive())->capture_default_str();
    app.add_option("--whole", s.whole, "trainings of random search, 0 for none")->check(terminal::not_negative())->capture_default_str();
    app.add_option("--seed", s.seed, "of the search")->capture_default_str();
    app.add_option("--out", s.out, "folder of tables and checkpoints")->check(terminal::path())->capture_default_str();
    terminal::explain_stop(app, "the training under way");
    return terminal::run(app, argc, argv, [&s] {
        terminal::listen_for_stop();
        const nn::thread_scope one{1};
        run(s);
        return 0;
    });
}
