#include "catch.hpp"
#include "unit/io/folder.hpp"

#include <verdant/fidelity/asha_stopping.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/random/stream.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

namespace vd = verdant;

// One trial after the other through Debian's Optuna (python3-optuna): the rung at which each was pruned, 3 for none.
constexpr const char* script = R"(
import sys
try:
    import optuna
except ImportError:
    sys.exit(7)
optuna.logging.set_verbosity(optuna.logging.ERROR)
folder = sys.argv[1]
study = optuna.create_study(direction='minimize', pruner=optuna.pruners.SuccessiveHalvingPruner(
    min_resource=1, reduction_factor=3, min_early_stopping_rate=0))
ended = []
for line in open(folder + '/values.txt'):
    trial = study.ask()
    rung = 0
    for step, value in zip((1, 3, 9), map(float, line.split())):
        trial.report(value, step)
        if trial.should_prune():
            break
        rung += 1
    study.tell(trial, 0.0) if rung == 3 else study.tell(trial, state=optuna.trial.TrialState.PRUNED)
    ended.append(str(rung))
open(folder + '/ended.txt', 'w').write(' '.join(ended))
)";

} // namespace

TEST_CASE("asha_stopping stops where Optuna's SuccessiveHalvingPruner does", "[fidelity][peer]") {
    const scratch_folder folder;
    vd::random_stream random{11};
    constexpr std::size_t trials = 150;
    std::vector<std::array<double, 3>> values(trials);
    std::string text;
    for (auto& trial : values) {
        const auto level = static_cast<double>(random.below(30)); // with ties
        for (std::size_t k = 0; k < 3; ++k) text += std::to_string(trial[k] = level + static_cast<double>(random.below(6))) + ' ';
        text += '\n';
    }
    vd::io::write_file(folder.file("values.txt"), text);
    vd::io::write_file(folder.file("script.py"), script);
    const auto status = std::system(("/usr/bin/python3 " + folder.file("script.py") + " " + folder.path.string()).c_str());
    if (status != 0) {
        WARN("skipped: Optuna is not there (Debian: python3-optuna)");
        CHECK((status == 7 * 256 || status == 127 * 256));
        return;
    }

    const std::array rungs{1 / 27.0, 3 / 27.0, 9 / 27.0, 1.0};
    vd::asha_stopping::schedule schedule{{.eta = 3}, rungs};
    std::string ended;
    for (std::uint64_t number = 0; number < trials; ++number) {
        auto what = *schedule.next();
        REQUIRE(!what.number);
        std::size_t rung = 0;
        while (true) {
            schedule.begun(what, number);
            schedule.told({number, what.rung, vd::measurement_status::completed, {&values[number][rung], 1}, 0, rungs[what.rung]});
            what = *schedule.next();
            if (!what.number) break;
            if (++rung == 3) { // the last one: Optuna judges it as well
                schedule.begun(what, number);
                const std::array whole{0.0};
                schedule.told({number, what.rung, vd::measurement_status::completed, whole, 0, 1});
                break;
            }
        }
        ended += (number == 0 ? "" : " ") + std::to_string(rung);
    }
    CHECK(ended == vd::io::read_file(folder.file("ended.txt")));
    CHECK(ended.find('3') != std::string::npos);
    CHECK(ended.find('0') != std::string::npos);
}
