// The whole of CarbonNAAS: prunes a trained CLIP by importance, fine-tunes it briefly, measures it, estimates an accelerator for it, and lets a Bayesian
// optimiser choose model and accelerator. Without a checkpoint it trains a small CLIP on Fashion-MNIST first.

#include <verdant/error.hpp>
#include <verdant/nn/core/openblas.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/spaces/carbon_nas/clip.hpp>
#include <verdant/study/result_folder.hpp>
#include <verdant/study/sqlite_storage.hpp>

#include "../terminal/program.hpp"
#include "../terminal/stop.hpp"
#include "checkpoint.hpp"
#include "fashion.hpp"
#include "options.hpp"
#include "search.hpp"

#include <filesystem>

namespace {

using namespace carbon_clip;

// Whatever may be wrong with the settings is found out before hours of work.
void check(const settings& s) {
    if (s.checkpoint.empty() != s.data.empty()) throw vd::input_error{"carbon_clip", "--checkpoint and --data", "both or neither", "one of them"};
    if (!s.checkpoint.empty() && s.vocabulary.empty())
        throw vd::input_error{"carbon_clip", "--vocabulary", "the merges file of the checkpoint's tokenizer", "nothing"};
    if (s.checkpoint.empty() && !fs::exists(fs::path{s.images} / "train-images-idx3-ubyte.gz") &&
        !fs::exists(fs::path{s.images} / "train-images-idx3-ubyte"))
        throw vd::input_error{s.images, "", "the files of Fashion-MNIST (Debian: dataset-fashion-mnist)", "none"};
    // A study that cannot be gone on with is refused before anything is trained.
    if (fs::exists(s.study())) (void)vd::sqlite_storage{s.study()};
}

void run(const settings& s) {
    check(s);
    vd::result_folder out{s.out}; // gone again where wrong input ends the run before anything is written
    nn::set_threads(s.threads);
    nn::warn_about_slow_blas();
    if (s.checkpoint.empty()) search_mode<small_co_design>(s, fashion_bench(s, out), out);
    else search_mode<vd::spaces::clip_shares_co_design>(s, checkpoint_bench(s, out), out);
}

} // namespace

int main(int argc, char** argv) {
    nn::restart_with_better_kernels(argv);
    settings s;
    CLI::App app{"Searches a pruned CLIP and an accelerator for it: accuracy against carbon, latency or energy.", "carbon_clip"};
    add_options(app, s);
    return terminal::run(app, argc, argv, [&s] {
        terminal::listen_for_stop();
        run(s);
        return 0;
    });
}
