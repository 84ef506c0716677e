// Judges a CLIP, pruned or not, on many data sets: zero-shot classification, retrieval, linear probes (the benchmark of CarbonNAAS, with the
// file formats of LAION-AI/CLIP_benchmark). `eval` writes a JSON file for each run, `build` one table of them, `average` their means,
// `demo` a tiny model and tiny data sets to try all that with.

#include <verdant/error.hpp>
#include <verdant/nn/core/openblas.hpp>

#include "../terminal/program.hpp"
#include "demo.hpp"
#include "evaluate.hpp"
#include "options.hpp"
#include "tables.hpp"

int main(int argc, char** argv) {
    using namespace clip_benchmark;
    nn::restart_with_better_kernels(argv);
    eval_settings s;
    file_settings f;
    CLI::App app{"Judges a CLIP, pruned or not, on many data sets.", "clip_benchmark"};
    add_options(app, s, f);
    return terminal::run(app, argc, argv, [&] {
        if (s.probe.fewshot_k == 0) throw vd::input_error{"--fewshot_k", "", "-1 or a number above 0", "'0'"};
        if (app.got_subcommand("eval")) run_eval(s);
        if (app.got_subcommand("build")) run_build(f.built, f.table);
        if (app.got_subcommand("average")) run_average(f.averaged, f.averages);
        if (app.got_subcommand("demo")) run_demo(f.demo_folder, f.demo_seed);
        return 0;
    });
}
