// Measures every layer of a space of networks on this machine and writes latency tables in the published format; then measures whole networks and says
// how far the sums of the tables are from them.

#include <verdant/error.hpp>
#include <verdant/io/atomic_file.hpp>
#include <verdant/io/csv.hpp>
#include <verdant/io/json.hpp>
#include <verdant/nn/device.hpp>
#include <verdant/nn/latency_meter.hpp>
#include <verdant/nn/runtime.hpp>
#include <verdant/nn/timing.hpp>
#include <verdant/random.hpp>
#include <verdant/search/agreement_plot.hpp>
#include <verdant/search/report.hpp>
#include <verdant/space/feasible_set.hpp>
#include <verdant/spaces/comp_ofa.hpp>
#include <verdant/spaces/latency_layers.hpp>
#include <verdant/spaces/moofa.hpp>
#include <verdant/spaces/ofa_mobilenet_v3.hpp>
#include <verdant/spaces/ofa_proxyless.hpp>
#include <verdant/surrogate/rank_correlation.hpp>
#include <verdant/surrogate/relative_error.hpp>
#include <verdant/units.hpp>
#include <verdant/workload/latency_collection.hpp>
#include <verdant/workload/latency_yaml.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <unistd.h>

namespace {

namespace vd = verdant;
namespace fs = std::filesystem;
namespace workload = verdant::workload;

// A network to measure as a whole, and the words by which files call it.
struct drawn_network {
    workload::mobile_net net;
    std::string depths, kernels, expands; // of the blocks that exist
};

// What the program needs of a space, whatever its type.
struct measured_space {
    std::string name;
    std::vector<int> resolutions;
    std::function<std::vector<workload::latency_layer>(int)> layers;
    std::function<drawn_network(vd::random_stream&, int)> draw;
};

template <vd::spaces::elastic_space S>
drawn_network draw(vd::random_stream& random, int resolution) {
    auto arch = vd::spaces::arch_of(vd::sample<S>(random));
    arch.image_size = resolution;
    drawn_network out{vd::spaces::net_of(S::family, arch), "", "", ""};
    for (const int d : arch.d) out.depths += std::to_string(d);
    for (const auto& b : out.net.blocks) {
        if (b.stage < 0) continue;
        out.kernels += std::to_string(b.kernel);
        out.expands += (out.expands.empty() ? "" : " ") + vd::rounded_text(b.expand, 4);
    }
    return out;
}

template <vd::spaces::elastic_space S>
measured_space space_named(std::string name) {
    measured_space out{std::move(name), {}, vd::spaces::latency_layers<S>, draw<S>};
    for (std::size_t i = 0; i < S::images::size; ++i) out.resolutions.push_back(static_cast<int>(S::images::value(i)));
    return out;
}

std::vector<measured_space> all_spaces() {
    return {space_named<vd::spaces::ofa_mobilenet_v3<1.0>>("OFA"),
            space_named<vd::spaces::ofa_mobilenet_v3<1.2>>("OFA_1.2"),
            space_named<vd::spaces::comp_ofa>("CompOFA"),
            space_named<vd::spaces::moofa_v1>("MOOFA_V1"),
            space_named<vd::spaces::moofa_v2>("MOOFA_V2"),
            space_named<vd::spaces::moofa_v3>("MOOFA_V3"),
            space_named<vd::spaces::ofa_proxyless<1.3>>("Proxyless")};
}

struct settings {
    std::string model = "MOOFA_V3", device = "cpu", clock = "wall", out = "results/latency";
    std::vector<int> resolutions;
    int threads = 1, batch = 1, warm_up = 5, repetitions = 50, networks = 20;
    std::uint64_t seed = 1;
};

// One line on stderr that is rewritten; nothing where that is no terminal.
class progress_line {
public:
    ~progress_line() { end(); }
    void show(std::size_t done, std::size_t all, std::size_t measured, const std::string& what) {
        if (!shown_) return;
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
        auto line = std::to_string(done) + '/' + std::to_string(all) + ' ' + what;
        if (measured > 0)
            line += "  " + vd::rounded_text(std::ceil(seconds / static_cast<double>(measured) * static_cast<double>(all - done)), 6) + " s left";
        longest_ = std::max(longest_, line.size());
        line.resize(longest_, ' ');
        std::fputs(('\r' + line).c_str(), stderr);
        open_ = true;
    }
    void end() {
        if (open_) std::fputc('\n', stderr);
        open_ = false;
    }

private:
    bool shown_ = isatty(fileno(stderr)) != 0, open_ = false;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::size_t longest_ = 0;
};

std::string percent(double share) { return vd::rounded_text(100 * share, 3) + " %"; }

// What came of the whole networks of one resolution, or of all.
struct agreement {
    std::vector<double> sums, measured;
    void add(double sum, double whole) {
        sums.push_back(sum);
        measured.push_back(whole);
    }
    [[nodiscard]] double tau() const {
        return sums.size() < 2 ? std::numeric_limits<double>::quiet_NaN() : vd::surrogate::kendall_tau(sums, measured);
    }
    [[nodiscard]] vd::surrogate::relative_error error(double factor = 1) const { return vd::surrogate::relative_error_of(sums, measured, factor); }
    [[nodiscard]] double factor() const { return vd::surrogate::best_factor(sums, measured); }
};

template <vd::nn::device_policy Device>
void measure(const settings& s, const measured_space& space) {
    const bool on_card = !Device::device().is_cpu();
    const vd::nn::thread_scope threads{s.threads};
    // A card returns before its work is done; several calls in a row hide the start of each, as whole networks do.
    const bool processor_time = s.clock == "processor";
    if (processor_time && (on_card || s.threads != 1)) throw vd::input_error{"--clock", "", "wall for several threads or a graphics card", s.clock};
    const vd::nn::latency_meter<Device> meter{{.warm_up = s.warm_up,
                                               .repetitions = s.repetitions,
                                               .calls = on_card ? 10 : 1,
                                               .clock = processor_time ? vd::nn::timing_clock::processor : vd::nn::timing_clock::wall},
                                              s.batch};
    const auto device = vd::nn::device_name(Device::device()) + (processor_time ? ", processor time" : "");
    const fs::path out{s.out};
    std::error_code failure;
    fs::create_directories(out, failure);
    if (failure) throw vd::file_error{s.out, "make the folder", failure.message()};

    // [measure]
    workload::latency_collection collection{(out / "latency.csv").string(), {space.name, device, s.threads, s.batch}};
    std::vector<workload::resolution_layers> wanted;
    for (const int r : s.resolutions) wanted.push_back({r, space.layers(r)});
    progress_line line;
    std::size_t measured = 0;
    workload::collect_latencies(
        collection, wanted,
        [&meter](const workload::latency_layer& layer) -> workload::latency_measurement {
            const auto t = meter(layer);
            return {{t.mean, t.deviation, t.count}, t.median};
        },
        [&](const workload::latency_progress& p) {
            measured = p.measured;
            line.show(p.done, p.all, p.measured, std::to_string(p.resolution) + ": " + p.layer->key);
        });
    for (const int r : s.resolutions)
        workload::write_latency_yaml((out / (std::to_string(r) + "_lookup_table.yaml")).string(), workload::table_of(collection.tables(), r));
    // [/measure]
    line.end();
    std::size_t layers = 0;
    for (const auto& w : wanted) layers += w.layers.size();
    std::cout << space.name << " on " << collection.origin().device << ", " << s.threads << (s.threads == 1 ? " thread" : " threads") << ": "
              << layers << " layers, " << measured << " of them measured now\n";
    if (s.networks == 0) return;

    vd::random_stream random{s.seed};
    vd::io::csv_table table;
    table.columns = {"resolution", "d", "ks", "e", "measured_ms", "std_ms", "median_ms", "table_ms", "error"};
    agreement all;
    std::map<int, agreement> by_resolution;
    std::vector<std::pair<double, double>> points;
    progress_line whole_line;
    for (int i = 0; i < s.networks; ++i) {
        const int resolution = s.resolutions[static_cast<std::size_t>(i) % s.resolutions.size()];
        const auto drawn = space.draw(random, resolution);
        const double sum = vd::in<vd::milliseconds>(workload::latency_of(drawn.net, workload::table_of(collection.tables(), resolution)));
        const auto whole = meter(drawn.net);
        all.add(sum, whole.mean);
        by_resolution[resolution].add(sum, whole.mean);
        points.emplace_back(whole.mean, sum);
        table.rows.push_back({std::to_string(resolution), drawn.depths, drawn.kernels, drawn.expands, vd::rounded_text(whole.mean, 9),
                              vd::rounded_text(whole.deviation, 9), vd::rounded_text(whole.median, 9), vd::rounded_text(sum, 9),
                              vd::rounded_text(sum / whole.mean - 1, 6)});
        const auto done = static_cast<std::size_t>(i) + 1;
        whole_line.show(done, static_cast<std::size_t>(s.networks), done, "whole networks");
    }
    whole_line.end();

    vd::report summary;
    summary.columns = {"resolution", "networks",     "mean measured [ms]", "mean of table sums [ms]", "MAPE", "bias",
                       "factor",     "MAPE with it", "Kendall tau"};
    nlohmann::json json{{"space", space.name}, {"device", collection.origin().device}, {"threads", s.threads}, {"batch", s.batch}, {"seed", s.seed}};
    const auto summarise = [&](const std::string& name, const agreement& a) {
        const auto error = a.error();
        const auto mean = [](const std::vector<double>& values) {
            double sum = 0;
            for (const double v : values) sum += v / static_cast<double>(values.size());
            return sum;
        };
        const double tau = a.tau(), factor = a.factor(), scaled = a.error(factor).mape;
        summary.rows.push_back({name, std::to_string(a.sums.size()), vd::rounded_text(mean(a.measured), 4), vd::rounded_text(mean(a.sums), 4),
                                percent(error.mape), percent(error.bias), vd::rounded_text(factor, 3), percent(scaled),
                                std::isnan(tau) ? "-" : vd::rounded_text(tau, 3)});
        json["networks"][name] = {{"count", a.sums.size()},     {"measured_ms", mean(a.measured)},
                                  {"table_ms", mean(a.sums)},   {"mape", error.mape},
                                  {"bias", error.bias},         {"factor", factor},
                                  {"mape_with_factor", scaled}, {"kendall_tau", std::isnan(tau) ? nlohmann::json{} : nlohmann::json(tau)}};
    };
    for (const auto& [resolution, a] : by_resolution) summarise(std::to_string(resolution), a);
    summarise("all", all);
    vd::io::write_file((out / "networks.csv").string(), vd::io::csv_text(table));
    vd::io::write_json((out / "networks.json").string(), json);
    vd::io::write_file((out / "networks.svg").string(),
                       vd::agreement_svg(space.name + " on " + collection.origin().device, "measured network [ms]", "sum of the table [ms]", points));
    std::cout << '\n' << vd::table_text(summary) << "\nin " << s.out << ": latency.csv";
    for (const int r : s.resolutions) std::cout << ' ' << r << "_lookup_table.yaml";
    std::cout << " networks.csv networks.json networks.svg\n";
}

void run(settings s) {
    const auto spaces = all_spaces();
    const auto space = std::find_if(spaces.begin(), spaces.end(), [&](const measured_space& m) { return m.name == s.model; });
    if (space == spaces.end()) {
        std::string names;
        for (const auto& m : spaces) names += (names.empty() ? "" : ", ") + m.name;
        throw vd::input_error{"--model", "", "one of " + names, s.model};
    }
    if (s.resolutions.empty()) s.resolutions = space->resolutions;
    std::sort(s.resolutions.begin(), s.resolutions.end());
    s.resolutions.erase(std::unique(s.resolutions.begin(), s.resolutions.end()), s.resolutions.end());
    for (const int r : s.resolutions)
        if (std::find(space->resolutions.begin(), space->resolutions.end(), r) == space->resolutions.end()) {
            std::string sizes;
            for (const int have : space->resolutions) sizes += (sizes.empty() ? "" : ", ") + std::to_string(have);
            throw vd::input_error{"--resolutions", "", "sizes that " + space->name + " has: " + sizes, std::to_string(r)};
        }
    if (s.device == "cuda") measure<vd::nn::cuda<>>(s, *space);
    else measure<vd::nn::cpu>(s, *space);
}

// One line on stderr, whatever the message holds.
int complain(std::string text, int code) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    std::cerr << text << '\n';
    return code;
}

} // namespace

int main(int argc, char** argv) {
    settings s;
    CLI::App app{
        "Measures the latency of every layer of a space of networks on this machine, writes lookup tables in the published format, and compares "
        "their sums with whole networks. Started again with the same --out, it goes on where it stopped."};
    app.add_option("--model", s.model, "space: OFA, OFA_1.2, CompOFA, MOOFA_V1, MOOFA_V2, MOOFA_V3, Proxyless")->capture_default_str();
    app.add_option("--resolutions", s.resolutions, "sides of images, all of the space by default");
    app.add_option("--device", s.device, "cpu or cuda")->check(CLI::IsMember({"cpu", "cuda"}))->capture_default_str();
    app.add_option("--threads", s.threads, "threads of LibTorch")->check(CLI::Range(1, 1024))->capture_default_str();
    app.add_option("--clock", s.clock, "wall: time that passes; processor: time of this process alone, for machines that others use too")
        ->check(CLI::IsMember({"wall", "processor"}))
        ->capture_default_str();
    app.add_option("--batch", s.batch, "images at a time")->check(CLI::Range(1, 65536))->capture_default_str();
    app.add_option("--warm-up", s.warm_up, "runs of each layer before those that count")->check(CLI::Range(0, 1'000'000))->capture_default_str();
    app.add_option("--repetitions", s.repetitions, "runs of each layer that count")->check(CLI::Range(1, 1'000'000))->capture_default_str();
    app.add_option("--networks", s.networks, "whole networks to measure, 0 for none")->check(CLI::Range(0, 1'000'000))->capture_default_str();
    app.add_option("--seed", s.seed, "of the draw of whole networks")->capture_default_str();
    app.add_option("--out", s.out, "folder of the tables")->capture_default_str();
    try {
        app.parse(argc, argv);
        run(s);
        return 0;
    } catch (const CLI::CallForHelp& help) { return app.exit(help); } catch (const CLI::ParseError& wrong) {
        return complain(std::string{"measure_latency: "} + wrong.what(), 2);
    } catch (const vd::input_error& wrong) { return complain(wrong.what(), 2); } catch (const vd::file_error& wrong) {
        return complain(wrong.what(), 2);
    } catch (const std::exception& failure) { return complain(std::string{"measure_latency: "} + failure.what(), 1); }
}
