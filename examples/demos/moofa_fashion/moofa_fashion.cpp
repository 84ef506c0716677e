// Two supernets side by side on Fashion-MNIST: a narrow Once-for-all and a narrow MOOFA, whose stages need about the same memory. Both are trained by
// progressive shrinking; an accuracy predictor is fitted on measured sub-networks of each, the best sub-network within each memory limit is
// searched, and its accuracy measured. Every stage is kept, so that a run that was stopped goes on where it was.

#include <verdant/error.hpp>
#include <verdant/nn/core/openblas.hpp>
#include <verdant/nn/core/runtime.hpp>
#include <verdant/report/report.hpp>
#include <verdant/spaces/once_for_all/narrow.hpp>
#include <verdant/spaces/once_for_all/reachable_peaks.hpp>

#include "../../tools/terminal/program.hpp"
#include "../../tools/terminal/progress.hpp"
#include "../../tools/terminal/stop.hpp"
#include "data.hpp"
#include "options.hpp"
#include "results.hpp"
#include "system.hpp"

#include <algorithm>
#include <cstdio>
#include <dlfcn.h>
#include <future>
#include <string>

namespace {

using namespace moofa_fashion;

// LibTorch's products go through OpenBLAS, whose threads are set apart from LibTorch's.
void use_one_blas_thread() {
    if (auto* const set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) set(1);
}

template <class Space>
void check_limits(const char* name, const settings& s) {
    const auto least = vd::spaces::least_peak<Space>().peak;
    for (const double limit : s.limits)
        if (!(limit >= static_cast<double>(least)))
            throw vd::input_error{"--limits", "", "at least " + std::to_string(least) + " elements, which the smallest network of " + name + " needs",
                                  vd::rounded_text(limit, 9)};
}

void run(settings s) {
    std::sort(s.limits.begin(), s.limits.end());
    if (const auto twice = std::adjacent_find(s.limits.begin(), s.limits.end()); twice != s.limits.end())
        throw vd::input_error{"--limits", "", "each limit once", vd::rounded_text(*twice, 9) + " twice"};
    check_limits<vd::spaces::narrow_ofa>("OFA", s);
    check_limits<vd::spaces::narrow_moofa>("MOOFA", s);
    const auto data = read_data(s);
    check_folder(s);
    use_one_blas_thread();
    const nn::thread_scope one{1};
    terminal::progress progress{"both systems", 2 * all_work(s), terminal::in_logs::minutes, terminal::amount::share};
    system_run<vd::spaces::narrow_ofa> ofa{"OFA", s, data, progress};
    system_run<vd::spaces::narrow_moofa> moofa{"MOOFA", s, data, progress};
    // Each system computes in one thread of its own.
    auto second = std::async(s.threads > 1 ? std::launch::async : std::launch::deferred, [&] { return moofa(); });
    const auto first = ofa();
    const auto rows = rows_of<vd::spaces::narrow_ofa>("OFA", first);
    const auto other_rows = rows_of<vd::spaces::narrow_moofa>("MOOFA", second.get());
    progress.hide();
    write_files(s, rows, other_rows);
    print(s, rows, other_rows);
}

} // namespace

int main(int argc, char** argv) {
    vd::nn::restart_with_better_kernels(argv);
    settings s;
    CLI::App app{"Trains a narrow Once-for-all and a narrow MOOFA supernet on Fashion-MNIST and compares their best networks within memory limits.",
                 "moofa_fashion"};
    add_options(app, s);
    return terminal::run(app, argc, argv, [&s] {
        terminal::listen_for_stop();
        try {
            run(s);
        } catch (const steps_taken&) {
            leave_if_asked(); // what a signal has ended meanwhile in the other system
            std::printf("stopped; the same command without --stop-after goes on\n");
        }
        return 0;
    });
}
