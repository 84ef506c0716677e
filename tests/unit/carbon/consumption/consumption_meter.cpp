#include "catch.hpp"
#include "unit/study/studies.hpp"

#include <verdant/carbon/consumption/carbon_budget.hpp>
#include <verdant/carbon/consumption/consumption_meter.hpp>
#include <verdant/carbon/consumption/consumption_sampler.hpp>
#include <verdant/carbon/consumption/nvml_counters.hpp>
#include <verdant/carbon/consumption/process_use.hpp>
#include <verdant/carbon/consumption/rapl_counters.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/study/memory_storage.hpp>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace studies;
using Catch::Contains;
using Catch::EndsWith;
using Catch::StartsWith;
namespace carbon = vd::carbon;
using evolution = study<vd::nsga2<>>;

namespace {

// A folder as /sys/class/powercap is.
struct powercap {
    std::filesystem::path path;
    powercap() {
        std::string name = (std::filesystem::temp_directory_path() / "verdant-powercap-XXXXXX").string();
        path = mkdtemp(name.data());
    }
    ~powercap() { std::filesystem::remove_all(path); }
    void put(const std::string& file, const std::string& text) const {
        std::filesystem::create_directories((path / file).parent_path());
        std::ofstream{path / file} << text << '\n';
    }
    void zone(const std::string& zone, const std::string& name, std::uint64_t energy, std::uint64_t range) const {
        put(zone + "/name", name);
        put(zone + "/energy_uj", std::to_string(energy));
        put(zone + "/max_energy_range_uj", std::to_string(range));
    }
};

double burn(double seconds_of_processor) {
    const auto end = vd::detail::clock_seconds(CLOCK_PROCESS_CPUTIME_ID) + seconds_of_processor;
    double x = 1;
    while (vd::detail::clock_seconds(CLOCK_PROCESS_CPUTIME_ID) < end)
        for (int i = 0; i < 1000; ++i) x = std::sin(x + i);
    return x;
}

#if defined(VERDANT_FAKE_NVML)
template <class T>
T& of_fake(const char* name) {
    static void* const library = dlopen(VERDANT_FAKE_NVML, RTLD_NOW | RTLD_LOCAL);
    return *static_cast<T*>(dlsym(library, name));
}
#endif

const carbon::metering_options nothing_there{.powercap = "/nowhere", .nvml = "libnowhere.so"};

} // namespace

TEST_CASE("RAPL counters are those of packages, and begin anew", "[carbon]") {
    const powercap files;
    files.zone("intel-rapl:0", "package-0", 900, 1000);
    files.zone("intel-rapl:1", "package-1", 5, 1000);
    files.zone("intel-rapl:0:0", "core", 1, 1000);
    files.zone("intel-rapl:2", "psys", 1, 1000);
    files.zone("intel-rapl-mmio:0", "package-0", 1, 1000);
    files.put("intel-rapl/enabled", "1");
    carbon::rapl_counters counters{files.path.string()};
    REQUIRE(counters.readable());
    REQUIRE(counters.names() == "package-0, package-1");
    REQUIRE(counters.taken().value() == 0);

    // Against a count that does not begin anew.
    vd::random_stream random{3};
    std::uint64_t true_count[2] = {900, 5};
    double measured = 0, expected = 0;
    for (int i = 0; i < 200; ++i) {
        for (int p = 0; p < 2; ++p) {
            const auto step = random.below(1000);
            true_count[p] += step;
            expected += static_cast<double>(step);
            files.put("intel-rapl:" + std::to_string(p) + "/energy_uj", std::to_string(true_count[p] % 1000));
        }
        measured += counters.taken().value();
    }
    REQUIRE(measured == Approx(expected * 1e-6));

    // A counter that cannot be read for a while is caught up with.
    files.put("intel-rapl:0/energy_uj", std::to_string(true_count[0] % 1000));
    static_cast<void>(counters.taken());
    files.put("intel-rapl:0/energy_uj", "");
    REQUIRE(counters.taken().value() == 0);
    files.put("intel-rapl:0/energy_uj", std::to_string((true_count[0] + 7) % 1000));
    REQUIRE(counters.taken().value() == Approx(7e-6));
}

TEST_CASE("RAPL counters that are not known whole are not used, and say why", "[carbon]") {
    REQUIRE_THAT(carbon::rapl_counters{"/nowhere"}.trouble(), Contains("no packages in /nowhere"));
    const powercap files;
    files.zone("intel-rapl:0", "package-0", 900, 1000);
    files.put("intel-rapl:1/name", "package-1");
    const carbon::rapl_counters half{files.path.string()};
    REQUIRE(!half.readable());
    REQUIRE_THAT(half.trouble(), Contains("intel-rapl:1/energy_uj: No such file"));
    files.put("intel-rapl:1/energy_uj", "much");
    REQUIRE_THAT(carbon::rapl_counters{files.path.string()}.trouble(), Contains("no number"));
}

#if defined(VERDANT_FAKE_NVML)
TEST_CASE("graphics cards are metered by NVML, by counters and by power", "[carbon]") {
    auto& millijoules = of_fake<unsigned long long>("fake_nvml_millijoules");
    millijoules = 5000;
    {
        carbon::nvml_counters cards{VERDANT_FAKE_NVML, nullptr};
        REQUIRE(of_fake<int>("fake_nvml_started") == 1);
        REQUIRE(cards.readable());
        REQUIRE(cards.names() == "2 of A Card, by NVML's power");
        millijoules += 2000;
        REQUIRE(cards.taken(3.0 * vd::seconds{}).value() == Approx(2 + 3 * 250)); // of the first, of the second
        REQUIRE(cards.taken({}).value() == 0);
        millijoules = 500; // the driver was loaded anew
        REQUIRE(cards.taken({}).value() == Approx(0.5));
    }
    REQUIRE(of_fake<int>("fake_nvml_started") == 0);
}

TEST_CASE("CUDA_VISIBLE_DEVICES says which graphics cards count", "[carbon]") {
    const auto names = [](const char* visible) { return carbon::nvml_counters{VERDANT_FAKE_NVML, visible}.names(); };
    REQUIRE(names("0") == "1 of A Card, by NVML's energy counters");
    REQUIRE(names("1,0").starts_with("2 of"));
    REQUIRE(names("0,7,1").starts_with("1 of")); // CUDA sees none behind the first that there is not
    REQUIRE(names("GPU-1234").starts_with("1 of"));
    REQUIRE(names("GPU-12").empty());
    REQUIRE(names("").empty());
    // By their UUIDs they are told from others of the same kind, and numbers from those of other machines.
    const auto counters = [](const char* visible) { return carbon::nvml_counters{VERDANT_FAKE_NVML, visible}.counters("host"); };
    REQUIRE(counters(nullptr) == "GPU-1234\nhost/card 1");
    REQUIRE(counters("1,0") == "host/card 1\nGPU-1234");
    REQUIRE(counters("GPU-1234") == "GPU-1234");
    REQUIRE(counters("").empty());
    REQUIRE_THAT((carbon::nvml_counters{VERDANT_FAKE_NVML, ""}.trouble()), Contains("no card that is visible"));
    of_fake<int>("fake_nvml_fails") = 9;
    REQUIRE_THAT((carbon::nvml_counters{VERDANT_FAKE_NVML, nullptr}.trouble()), Contains("error 9"));
    of_fake<int>("fake_nvml_fails") = 0;
    REQUIRE_THAT((carbon::nvml_counters{"libnowhere.so", nullptr}.trouble()), Contains("no libnowhere.so"));
    REQUIRE_THAT((carbon::nvml_counters{"libm.so.6", nullptr}.trouble()), Contains("lacks functions"));
}
#endif

TEST_CASE("processor time is that of threads and of children, living and waited for", "[carbon]") {
    const auto before = carbon::processor_time().value();
    burn(0.05);
    std::thread{[] { burn(0.05); }}.join();
    int done[2], leave[2];
    REQUIRE((pipe(done) == 0 && pipe(leave) == 0));
    const auto child = fork();
    if (child == 0) {
        burn(0.1);
        char c = 0;
        if (write(done[1], &c, 1) == 1 && read(leave[0], &c, 1) == 1) _exit(0);
        _exit(1);
    }
    char c = 0;
    REQUIRE(read(done[0], &c, 1) == 1);
    const auto living = carbon::processor_time().value();
    CHECK(living - before >= 0.18); // less what the ticks of the system do not show
    REQUIRE(write(leave[1], &c, 1) == 1);
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(carbon::processor_time().value() - before >= 0.18);
    CHECK(carbon::processor_time().value() >= living - 0.03);
    for (const int end : {done[0], done[1], leave[0], leave[1]}) close(end);
    REQUIRE((carbon::resident_memory() > 1e6 && carbon::resident_memory() < carbon::machine_memory()));
}

TEST_CASE("consumption is by the definitions of CodeCarbon", "[carbon]") {
    REQUIRE(carbon::memory_power(8 * 1073741824.0).value() == 3);
    const powercap files;
    files.zone("intel-rapl:0", "package-0", 0, 1u << 30);
    auto options = nothing_there;
    options.powercap = files.path.string();
#if defined(VERDANT_FAKE_NVML)
    options.nvml = VERDANT_FAKE_NVML;
#endif
    carbon::consumption_sampler sampler{carbon::intensity(carbon::place::europe), options};
    sampler.begin(100);
    double gpu = 0;
    std::uint64_t joules_of_package = 0;
    double now = 100;
    for (int i = 0; i < 20; ++i) {
        now += 7.5;
        joules_of_package += 40;
        files.put("intel-rapl:0/energy_uj", std::to_string(joules_of_package * 1000000 % (1u << 30)));
#if defined(VERDANT_FAKE_NVML)
        of_fake<unsigned long long>("fake_nvml_millijoules") += 1000;
        gpu += 1 + 250 * 7.5;
#endif
        sampler.sample(now);
    }
    const auto all = sampler.sample(now - 5); // a clock that goes back counts nothing
    CHECK(all.took.value() == 150);
    CHECK(all.processors.value() == Approx(800));
    CHECK(all.graphics.value() == Approx(gpu));
    const auto memory = 150 * 0.375 * carbon::machine_memory() / 1073741824.0;
    CHECK(all.memory.value() == Approx(memory));
    CHECK(all.emitted.value() == Approx((800 + gpu + memory) * vd::to_si(carbon::intensity(carbon::place::europe))));
    CHECK_THAT(all.method, Contains("processors: RAPL, package-0; graphics: ") && Contains("memory: 0.375 W/GB of"));
    // These are of the machine, of which processes are parts, so that they count once where several have meters.
    const carbon::consumption_sampler of_process{carbon::intensity(carbon::place::europe), nothing_there};
    CHECK(of_process.scope().memory == sampler.scope().memory);
    CHECK(sampler.scope().processors == sampler.scope().memory);
    CHECK_THAT(of_process.scope().processors, StartsWith(sampler.scope().processors + '/'));
    sampler.begin(0);
    CHECK(sampler.total().energy().value() == 0);
}

TEST_CASE("without counters processor time counts by the stated power", "[carbon]") {
    auto options = nothing_there;
    options.processors = static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN)) * 10.0 * vd::watts{};
    options.memory = carbon::metered_memory::process;
    carbon::consumption_sampler sampler{100.0 * vd::grams_per_kilowatt_hour{}, options};
    sampler.begin(0);
    const auto before = carbon::processor_time().value();
    burn(0.1);
    const auto between = carbon::processor_time().value();
    const auto all = sampler.sample(1);
    CHECK(all.processors.value() >= 0.99 * 10 * (between - before));
    CHECK(all.processors.value() <= 10 * (carbon::processor_time().value() - before) + 1);
    CHECK(all.graphics.value() == 0);
    CHECK((all.memory.value() > 0 && all.memory.value() < carbon::memory_power(carbon::machine_memory()).value()));
    // What it counts of its children is a part of this, by their names.
    const auto own = sampler.scope();
    CHECK_THAT(own.processors, EndsWith('/' + std::to_string(getppid()) + '/' + std::to_string(getpid())));
    CHECK(own.memory == own.processors);
    CHECK(own.graphics.empty());
    const auto child = fork();
    if (child == 0) _exit(sampler.scope().processors == own.processors + '/' + std::to_string(getpid()) ? 0 : 1);
    int status = 1;
    waitpid(child, &status, 0);
    CHECK(status == 0);
    CHECK_THAT(all.method, Contains("processor time x ") && Contains("no packages in /nowhere") && Contains("none (no libnowhere.so)") &&
                               Contains("memory: 0.375 W/GB of this process") && Contains("100 g CO2e/kWh"));
}

TEST_CASE("a counter without its end is none, since it begins anew there", "[carbon]") {
    const powercap folder;
    folder.zone("intel-rapl:0", "package-0", 5, 100);
    CHECK(carbon::rapl_counters{folder.path.string()}.readable());
    folder.put("intel-rapl:0/max_energy_range_uj", "3");
    CHECK_THAT(carbon::rapl_counters{folder.path.string()}.trouble(), Contains("intel-rapl:0/max_energy_range_uj: below the counter"));
    std::filesystem::remove(folder.path / "intel-rapl:0/max_energy_range_uj");
    const carbon::rapl_counters without{folder.path.string()};
    CHECK_FALSE(without.readable());
    CHECK_THAT(without.trouble(), Contains("intel-rapl:0/max_energy_range_uj: "));
}

TEST_CASE("a meter refuses what no machine has", "[carbon]") {
    const auto grid = carbon::intensity(carbon::place::europe);
    auto options = nothing_there;
    options.processors = -1.0 * vd::watts{};
    REQUIRE_THROWS_WITH((carbon::consumption_meter{grid, options}), Contains("processors"));
    options = nothing_there;
    options.interval = {};
    REQUIRE_THROWS_WITH((carbon::consumption_meter{grid, options}), Contains("interval"));
    for (const double endless : {1e300, std::numeric_limits<double>::infinity()}) {
        options.interval = endless * vd::seconds{};
        REQUIRE_THROWS_WITH((carbon::consumption_meter{grid, options}), Contains("interval: expected a time above 0 s, at most 10^8 s"));
    }
    REQUIRE_THROWS_WITH((carbon::consumption_meter{-1.0 * vd::grams_per_kilowatt_hour{}, nothing_there}), Contains("carbon intensity"));
    carbon::consumption_meter meter{grid, nothing_there};
    REQUIRE_THROWS_WITH((carbon::carbon_budget{meter, vd::si::mass{}}), Contains("above 0 g"));
}

TEST_CASE("a metered search says what it consumed, over all its runs", "[carbon]") {
    vd::memory_storage kept;
    const evolution s{measure, power};
    carbon::consumption_meter meter{carbon::place::europe, nothing_there};
    const auto first = s.run({.trials = 20}, kept, meter);
    REQUIRE(first.consumption());
    REQUIRE(first.consumption()->energy().value() > 0);
    REQUIRE(first.consumption()->emitted.value() > 0);
    const auto second = s.run({.trials = 40}, meter, kept);
    REQUIRE(second.consumption()->runs == 2);
    REQUIRE(second.consumption()->energy() > first.consumption()->energy());
    REQUIRE(second.consumption()->took >= first.consumption()->took);
}

TEST_CASE("a carbon budget ends a study, also where earlier runs spent it", "[carbon]") {
    const evolution s{measure, power};
    // Emissions are by the memory of the machine alone: a budget of some tenths of a second.
    auto options = nothing_there;
    options.processors = {};
    carbon::consumption_meter meter{1000.0 * vd::grams_per_kilowatt_hour{}, options};
    const auto budget_of = [](double seconds_long) {
        return carbon::operational(carbon::memory_power(carbon::machine_memory()) * (seconds_long * vd::seconds{}),
                                   1000.0 * vd::grams_per_kilowatt_hour{});
    };
    const auto slow = [](const point& p) {
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
        return measure(p);
    };
    carbon::carbon_budget large{meter, budget_of(1e4)}, small{meter, budget_of(0.2)};
    REQUIRE(evolution{measure, power}.run({.trials = 40}, large, meter).reason() == vd::stop_reason::trials);
    vd::memory_storage kept;
    const auto found = evolution{slow, power}.run({.trials = 90, .seed = 2}, kept, meter, small);
    REQUIRE(found.reason() == vd::stop_reason::requested);
    REQUIRE((!found.trials().empty() && found.trials().size() < 90));
    REQUIRE(found.consumption()->emitted >= budget_of(0.2));
    const auto again = evolution{slow, power}.run({.trials = 90, .seed = 2}, kept, meter, small);
    REQUIRE(again.trials().size() == found.trials().size());
}
