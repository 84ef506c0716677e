// Two supernets side by side on Fashion-MNIST: a narrow Once-for-all and a narrow MOOFA, whose stages need about the same memory. Both are trained by
// progressive shrinking; an accuracy predictor is fitted on measured sub-networks of each, the best sub-network within each memory limit is
// searched, and its accuracy measured. Every stage is kept, so that a run that was stopped goes on where it was.

#include <verdant/goal.hpp>
#include <verdant/io/atomic_file.hpp>
#include <verdant/io/csv.hpp>
#include <verdant/io/json.hpp>
#include <verdant/io/mnist_images.hpp>
#include <verdant/io/tensor_file.hpp>
#include <verdant/io/torch_writer.hpp>
#include <verdant/nn/elastic_batches.hpp>
#include <verdant/nn/evaluate_images.hpp>
#include <verdant/nn/held_out.hpp>
#include <verdant/nn/image_batches.hpp>
#include <verdant/nn/prefetched.hpp>
#include <verdant/nn/recalibration.hpp>
#include <verdant/nn/runtime.hpp>
#include <verdant/optimizer/evolution.hpp>
#include <verdant/predictor/accuracy_training.hpp>
#include <verdant/predictor/encoded_samples.hpp>
#include <verdant/search.hpp>
#include <verdant/search/series_plot.hpp>
#include <verdant/spaces/accuracy_collection.hpp>
#include <verdant/spaces/accuracy_predictor.hpp>
#include <verdant/spaces/elastic_mutation.hpp>
#include <verdant/spaces/narrow.hpp>
#include <verdant/spaces/network_costs.hpp>
#include <verdant/spaces/reachable_peaks.hpp>
#include <verdant/supernet/elastic_supernet.hpp>
#include <verdant/supernet/phase_checkpoints.hpp>
#include <verdant/supernet/sort_channels.hpp>
#include <verdant/supernet/train_supernet.hpp>

#include <ATen/Parallel.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <dlfcn.h>
#include <exception>
#include <filesystem>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <unistd.h>

namespace {

namespace vd = verdant;
namespace nn = verdant::nn;
namespace fs = std::filesystem;

struct settings {
    std::string data{vd::io::fashion_mnist_folder}, out = "results/moofa_fashion";
    double epochs = 1;
    std::size_t images = 8'000, validation = 1'000, calibration = 500, test = 10'000, samples = 200;
    std::vector<double> limits{6'500, 8'000, 10'000, 13'000, 17'000};
    std::uint64_t seed = 0, stop_after = 0;
    unsigned threads = 2;
};

constexpr std::int64_t batch = 64;

// Of the pixels of the 28 x 28 training images.
constexpr vd::io::channel_statistics fashion_statistics{{0.286F, 0.286F, 0.286F}, {0.353F, 0.353F, 0.353F}};
const vd::io::augmentation fashion_augmentation{
    .crop = {.smallest = 0.6, .largest = 1}, .flip = 0.5, .colours = {}, .statistics = fashion_statistics};

// [phases]
// The teacher is the largest network, trained alone; then kernels, depths and ratios become elastic. Rates are higher and epochs fewer than published,
// as befits small networks.
struct stage {
    const char* name;
    vd::supernet::shrinking_phase phase;
    bool teacher = false;
};
using enum vd::supernet::shrinking_task;
constexpr std::array stages{stage{"teacher", {kernel, 1, 1, 6, 0.1, 1, 0.01, 1}, true}, //
                            stage{"kernel_1", {kernel, 1, 1, 2, 0.05, 0, 0.05, 1}}, //
                            stage{"depth_1", {depth, 1, 1, 3, 0.03, 0, 0.03, 2}}, //
                            stage{"expand_1", {expand, 1, 2, 2, 0.02, 0, 0.02, 2}}, //
                            stage{"expand_2", {expand, 2, 2, 4, 0.02, 0, 0.02, 2}}};

struct staged_subnets {
    vd::supernet::random_subnets random;
    bool largest;

    template <class Space>
    std::vector<typename Space::arch_type> operator()(std::type_identity<Space> space, std::int64_t step,
                                                      const vd::supernet::shrinking_candidates& c) const {
        return largest ? std::vector{vd::spaces::largest_arch<Space>()} : random(space, step, c);
    }
};
// [/phases]

vd::supernet::shrinking_phase scaled(vd::supernet::shrinking_phase p, double epochs) {
    const auto times = [epochs](int n) { return std::max(1, static_cast<int>(std::lround(n * epochs))); };
    p.epochs = times(p.epochs);
    if (p.warmup_epochs > 0) p.warmup_epochs = times(p.warmup_epochs);
    return p;
}

// One line that is rewritten where stderr is a terminal, else a line now and then: what is done, and how long the rest takes.
class work_progress {
public:
    explicit work_progress(double total) : total_{total}, terminal_{isatty(fileno(stderr)) != 0} {}

    // @param units of work just done; where `skipped`, they were done by an earlier run
    void advance(double units, const std::string& what, bool skipped = false) {
        const std::lock_guard hold{mutex_};
        if (skipped) {
            total_ -= units;
            return;
        }
        done_ += units;
        const auto now = clock::now();
        if (now - shown_ < std::chrono::milliseconds{terminal_ ? 200 : 20'000}) return;
        shown_ = now;
        const double seconds = std::chrono::duration<double>(now - begin_).count(), left = seconds * (total_ - done_) / done_;
        char line[160];
        std::snprintf(line, sizeof line, "%3.0f %%, %.0f min %02.0f s left: %-60s", 100 * done_ / total_, std::floor(left / 60),
                      std::floor(std::fmod(left, 60)), what.c_str());
        std::cerr << (terminal_ ? "\r" : "") << line << (terminal_ ? "" : "\n") << std::flush;
    }
    void say(const std::string& line) {
        const std::lock_guard hold{mutex_};
        std::cerr << (terminal_ ? "\r" : "") << line << (terminal_ ? std::string(80, ' ') : "") << std::endl;
    }

private:
    using clock = std::chrono::steady_clock;
    std::mutex mutex_;
    double total_, done_ = 0;
    clock::time_point begin_ = clock::now(), shown_ = begin_;
    bool terminal_;
};

using images = nn::image_subset<vd::io::mnist_images>;

struct data_sets {
    images train, validation, calibration, test;
};

images first_of(const vd::io::mnist_images& set, const std::vector<std::int64_t>& rows, std::size_t count) {
    return {set, {rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min(count, rows.size()))}};
}

data_sets read_data(const settings& s) {
    // [data]
    const auto all = vd::io::mnist_images::train(s.data), test = vd::io::mnist_images::test(s.data); // 32 x 32, RGB
    const auto rows = nn::hold_out(all.size(), s.validation); // the published permutation
    // [/data]
    if (const auto left = std::min(s.images, rows.train.size()); left < static_cast<std::size_t>(batch))
        throw vd::input_error{s.data, "training images", "at least " + std::to_string(batch) + ", a batch", std::to_string(left)};
    std::vector<std::int64_t> in_order(test.size());
    for (std::size_t i = 0; i < in_order.size(); ++i) in_order[i] = static_cast<std::int64_t>(i);
    return {first_of(all, rows.train, s.images), first_of(all, rows.validation, s.validation), first_of(all, rows.train, s.calibration),
            first_of(test, in_order, s.test)};
}

// Something that ended on purpose.
struct stopped {};

// Work in units of one image through one sub-network, forwards and backwards.
double training_work(const settings& s, const stage& of) {
    const auto p = scaled(of.phase, s.epochs);
    return static_cast<double>((p.epochs + p.warmup_epochs) * static_cast<std::int64_t>(s.images)) * (p.subnets + (of.teacher ? 0.0 : 0.4));
}
double judging_work(const settings& s, std::size_t judged) { return 0.4 * static_cast<double>(judged + s.calibration); }
double all_work(const settings& s) {
    double sum = static_cast<double>(s.samples) * judging_work(s, s.validation) + static_cast<double>(s.limits.size()) * judging_work(s, s.test);
    for (const auto& of : stages) sum += training_work(s, of);
    return sum;
}

// Judges sub-networks of a supernet: statistics are measured anew on training images, then images are classified.
template <class Space>
class judge {
public:
    judge(const vd::supernet::supernet<Space>& net, const data_sets& data) : net_{net}, data_{data} {}

    // Share of right answers on the images held out from training.
    double validate(const typename Space::arch_type& a) {
        auto& batches = validation_[a.image_size];
        if (batches.empty()) batches = nn::evaluation_batches(data_.validation, a.image_size, 250, fashion_statistics, 1).loaded();
        return nn::evaluate(calibrated(a), batches).top1;
    }
    // Share of right answers on the test images.
    double test(const typename Space::arch_type& a) {
        return nn::evaluate(calibrated(a), nn::evaluation_batches(data_.test, a.image_size, 250, fashion_statistics, 1)).top1;
    }

private:
    auto calibrated(const typename Space::arch_type& a) {
        auto& batches = calibration_[a.image_size];
        if (batches.empty()) batches = nn::image_batches{data_.calibration, a.image_size, 250, nn::augmented_view{fashion_augmentation}, 1}.loaded();
        auto part = net_.active(a);
        nn::recalibrate(part, batches);
        return part;
    }

    const vd::supernet::supernet<Space>& net_;
    const data_sets& data_;
    std::map<int, std::vector<nn::labelled_images>> validation_, calibration_; // by size
};

template <class Space>
class system_run {
public:
    using arch_type = typename Space::arch_type;

    struct found_subnet {
        double limit = 0, predicted = 0, accuracy = 0;
        arch_type arch{};

        [[nodiscard]] vd::point<Space> point() const { return vd::spaces::point_of<Space>(arch); }
    };

    system_run(const char* name, const settings& s, const data_sets& data, work_progress& progress)
        : name_{name}, settings_{s}, data_{data}, progress_{progress}, folder_{fs::path{s.out} / name}, net_{s.seed, 0} {}

    std::vector<found_subnet> operator()() {
        at::set_num_threads(1); // of the calling thread: results do not depend on how many threads there are
        train();
        judge<Space> measured{net_, data_};
        const auto network = fit(measured);
        std::vector<found_subnet> out;
        for (const double limit : settings_.limits) out.push_back(search(network, limit, measured));
        progress_.say(std::string{name_} + ": done");
        return out;
    }

private:
    void train() {
        nn::mobile_net teacher;
        std::uint64_t seed = settings_.seed, steps = 0;
        for (const auto& of : stages) {
            const auto phase = scaled(of.phase, settings_.epochs);
            seed = vd::splitmix64(seed);
            // [source]
            const nn::prefetched batches{nn::elastic_batches{
                data_.train, {.batch = batch, .sizes = {24, 28, 32}, .augmentation = fashion_augmentation, .seed = seed, .threads = 1}}};
            // [/source]
            auto optimizer = vd::supernet::optimizer_of(net_.weights());
            const vd::supernet::phase_checkpoints checkpoints{folder_, of.name};
            const auto warn = [this](const std::string& text) { progress_.say(text + "; trying the checkpoint before"); };
            const double unit = training_work(settings_, of) / static_cast<double>((phase.epochs + phase.warmup_epochs) * batches.size());
            const std::string what = std::string{name_} + " " + of.name;
            if (checkpoints.resume(net_.weights(), optimizer, warn)) progress_.advance(unit * static_cast<double>(optimizer.steps()), what, true);
            else if (phase.task == expand) {
                // [sort]
                const auto ratios = vd::supernet::all_candidates<Space>().expands;
                vd::supernet::sort_channels(net_.weights(), ratios, phase.phase - 1); // the most important ones survive in narrow blocks
                // [/sort]
            }
            auto saved = std::chrono::steady_clock::now();
            vd::supernet::distil_teacher teaching{of.teacher ? net_.extract(vd::spaces::largest_arch<Space>()) : teacher, of.teacher ? 0.0 : 1.0};
            vd::supernet::train_phase(net_, optimizer, phase, batches, staged_subnets{{phase.subnets, seed}, of.teacher}, teaching,
                                      [&](const vd::supernet::shrinking_progress& p) {
                                          char loss[32];
                                          std::snprintf(loss, sizeof loss, ", loss %.3f", p.loss);
                                          progress_.advance(unit, what + ", epoch " + std::to_string(p.epoch + 1) + loss);
                                          const bool stop = ++steps == settings_.stop_after;
                                          const auto now = std::chrono::steady_clock::now();
                                          if (!p.epoch_done && !stop && now - saved < std::chrono::seconds{15}) return;
                                          saved = now;
                                          checkpoints.save(net_.weights(), optimizer);
                                          if (stop) throw stopped{};
                                      });
            nn::require_grad(net_.weights(), false);
            if (of.teacher) teacher = net_.extract(vd::spaces::largest_arch<Space>());
            judge<Space> measured{net_, data_};
            char line[120];
            std::snprintf(line, sizeof line, "%s: largest network %.1f %%, smallest %.1f %%", what.c_str(),
                          100 * measured.validate(vd::spaces::largest_arch<Space>()), 100 * measured.validate(vd::spaces::smallest_arch<Space>()));
            progress_.say(line);
        }
    }

    vd::surrogate::mlp fit(judge<Space>& measured) {
        using encoding = vd::spaces::moofa_encoding<Space>;
        std::size_t measured_now = 0;
        // [collect]
        const double least = static_cast<double>(vd::spaces::least_peak<Space>().peak),
                     most = static_cast<double>(vd::spaces::peak_memory(vd::spaces::point_of<Space>(vd::spaces::largest_arch<Space>())));
        const auto collected = vd::spaces::collect_accuracies<Space>(
            (folder_ / "accuracies.csv").string(), [&](const arch_type& a) { return measured.validate(a); },
            {.low = least, .high = most + 1, .ranges = 10, .samples = settings_.samples, .attempts = 200'000, .seed = settings_.seed},
            [&](const auto&, std::size_t count) {
                ++measured_now;
                progress_.advance(judging_work(settings_, settings_.validation), std::string{name_} + " collects, " + std::to_string(count));
            });
        // [/collect]
        progress_.advance(judging_work(settings_, settings_.validation) * static_cast<double>(settings_.samples - measured_now), name_, true);
        // [fit]
        const auto samples = vd::predictor::encoded_samples<encoding>(collected.records);
        const auto fitted = vd::predictor::train_accuracy_predictor(samples, vd::predictor::published_split(samples.size()),
                                                                    {.epochs = 100, .hidden = 64, .seed = settings_.seed});
        vd::io::write_torch((folder_ / "predictor.pt").string(), fitted.state);
        // [/fit]
        char line[120];
        std::snprintf(line, sizeof line, "%s predictor: %zu samples, validation error %.4f, correlation %.3f", name_, samples.size(),
                      fitted.validation.rmse, fitted.validation.pearson);
        progress_.say(line);
        return vd::surrogate::mlp::from(fitted.state);
    }

    found_subnet search(const vd::surrogate::mlp& network, double limit, judge<Space>& measured) {
        // [search]
        using study = vd::search<Space, vd::maximize<vd::spaces::predicted_accuracy>, vd::subject_to<vd::peak_memory, vd::at_most<17'000>>,
                                 vd::evolution<vd::network_costs, vd::spaces::elastic_mutation>>;
        study limited{vd::network_costs{}, vd::spaces::predict_accuracy<Space>{network}};
        const auto found = limited.template at_most<vd::peak_memory>(limit).run(
            {.trials = 2000, .seed = settings_.seed, .threads = 1, .optimizer = {.population = 50}});
        if (found.size() == 0) throw vd::infeasible_error{"no network within " + vd::rounded_text(limit, 9) + " elements was found; raise the limit"};
        const auto& best = found.front().front();
        found_subnet out{limit, best.template get<vd::spaces::predicted_accuracy>(), 0, vd::spaces::arch_of(best.point)};
        out.accuracy = measured.test(out.arch);
        // [/search]
        progress_.advance(judging_work(settings_, settings_.test), std::string{name_} + " measures");
        return out;
    }

    const char* name_;
    const settings& settings_;
    const data_sets& data_;
    work_progress& progress_;
    fs::path folder_;
    vd::supernet::supernet<Space> net_;
};

// One row of the table.
struct result_row {
    std::string system;
    double limit, predicted, accuracy;
    std::int64_t peak, macs, parameters;
    nlohmann::ordered_json arch;
    std::string text; // of the sub-network
};

template <class Space>
std::vector<result_row> rows_of(const char* name, const std::vector<typename system_run<Space>::found_subnet>& found) {
    std::vector<result_row> out;
    for (const auto& f : found) {
        const auto point = f.point();
        auto a = f.arch;
        std::string text = std::to_string(a.image_size) + " px";
        for (std::size_t stage_of = 0; stage_of < Space::stages; ++stage_of) {
            const auto first = static_cast<std::size_t>(Space::family.block_offset(static_cast<int>(stage_of)));
            for (std::size_t j = 0; j < static_cast<std::size_t>(Space::family.stages[stage_of].blocks); ++j) {
                if (j >= static_cast<std::size_t>(a.d[stage_of])) a.ks[first + j] = 0, a.e[first + j] = 0;
                else text += (j == 0 ? " | k" : " k") + std::to_string(a.ks[first + j]) + "e" + vd::rounded_text(a.e[first + j]);
            }
        }
        out.push_back({name,
                       f.limit,
                       f.predicted,
                       f.accuracy,
                       vd::spaces::peak_memory(point),
                       vd::spaces::macs(point),
                       vd::spaces::parameters(point),
                       {{"image_size", a.image_size}, {"d", a.d}, {"ks", a.ks}, {"e", a.e}},
                       text});
    }
    return out;
}

// What a run's files depend on. A folder goes on only with the same.
nlohmann::ordered_json facts_of(const settings& s) {
    return {{"data", s.data},       {"epochs", s.epochs}, {"images", s.images}, {"validation", s.validation}, {"calibration", s.calibration},
            {"samples", s.samples}, {"seed", s.seed},     {"test", s.test}};
}

void check_folder(const settings& s) {
    std::error_code failure;
    fs::create_directories(s.out, failure);
    if (failure) throw vd::file_error{s.out, "make the folder", failure.message()};
    const auto path = (fs::path{s.out} / "settings.json").string();
    const auto ours = facts_of(s);
    if (!fs::exists(path)) return vd::io::write_json(path, ours);
    const auto theirs = vd::io::read_json<nlohmann::ordered_json>(path);
    for (const auto& [key, value] : ours.items())
        if (!theirs.contains(key) || theirs.at(key) != value)
            throw vd::input_error{path, key, value.dump() + " as asked for, or another --out",
                                  theirs.contains(key) ? theirs.at(key).dump() : "nothing"};
}

// LibTorch's products go through OpenBLAS, whose threads are set apart from LibTorch's.
void use_one_blas_thread() {
    if (auto* const set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) set(1);
}

std::string percent(double share) {
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", 100 * share);
    return text;
}

void write_results(const settings& s, const std::vector<result_row>& ofa, const std::vector<result_row>& moofa) {
    const auto path = [&s](const char* name) { return (fs::path{s.out} / name).string(); };
    vd::io::csv_table csv;
    csv.columns = {"limit", "system", "accuracy", "predicted_accuracy", "peak_memory", "macs", "parameters", "network"};
    nlohmann::ordered_json json{{"format", "verdant moofa_fashion"}, {"settings", facts_of(s)}, {"rows", nlohmann::ordered_json::array()}};
    std::vector<vd::plot_series> series{{"OFA", {}}, {"MOOFA", {}}};
    for (std::size_t i = 0; i < ofa.size(); ++i)
        for (const auto* r : {&ofa[i], &moofa[i]}) {
            csv.rows.push_back({vd::rounded_text(r->limit, 9), r->system, vd::rounded_text(r->accuracy, 6), vd::rounded_text(r->predicted, 6),
                                std::to_string(r->peak), std::to_string(r->macs), std::to_string(r->parameters), r->text});
            json["rows"].push_back({{"limit", r->limit},
                                    {"system", r->system},
                                    {"accuracy", r->accuracy},
                                    {"predicted_accuracy", r->predicted},
                                    {"peak_memory", r->peak},
                                    {"macs", r->macs},
                                    {"parameters", r->parameters},
                                    {"arch", r->arch}});
            series[r == &ofa[i] ? 0 : 1].points.emplace_back(static_cast<double>(r->peak), 100 * r->accuracy);
        }
    for (auto& one : series) std::sort(one.points.begin(), one.points.end());
    vd::io::write_file(path("table.csv"), vd::io::csv_text(csv));
    vd::io::write_json(path("table.json"), json);
    vd::io::write_file(path("table.svg"),
                       vd::series_svg("Fashion-MNIST: accuracy within memory limits", "peak memory (elements)", "top-1 (%)", series, s.limits));

    std::printf("| limit | OFA top-1 %% / peak / MMACs | MOOFA top-1 %% / peak / MMACs |\n|---|---|---|\n");
    for (std::size_t i = 0; i < ofa.size(); ++i) {
        std::printf("| %s |", vd::rounded_text(ofa[i].limit, 9).c_str());
        for (const auto* r : {&ofa[i], &moofa[i]})
            std::printf(" %s / %lld / %.2f |", percent(r->accuracy).c_str(), static_cast<long long>(r->peak), static_cast<double>(r->macs) / 1e6);
        std::printf("\n");
    }
    std::printf("in %s: table.csv table.json table.svg\n", s.out.c_str());
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
    check_limits<vd::spaces::narrow_ofa>("OFA", s);
    check_limits<vd::spaces::narrow_moofa>("MOOFA", s);
    const auto data = read_data(s);
    check_folder(s);
    use_one_blas_thread();
    const nn::thread_scope one{1};
    work_progress progress{2 * all_work(s)};
    system_run<vd::spaces::narrow_ofa> ofa{"OFA", s, data, progress};
    system_run<vd::spaces::narrow_moofa> moofa{"MOOFA", s, data, progress};
    // Each system computes in one thread of its own.
    auto second = std::async(s.threads > 1 ? std::launch::async : std::launch::deferred, [&] { return moofa(); });
    const auto first = ofa();
    write_results(s, rows_of<vd::spaces::narrow_ofa>("OFA", first), rows_of<vd::spaces::narrow_moofa>("MOOFA", second.get()));
}

// What is asked of an option. A validator gives the complaint, or nothing.
template <class Number>
CLI::Validator number_in(Number low, Number high) {
    return {[=](const std::string& text) {
                Number value{};
                const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
                if (read.ec == std::errc{} && read.ptr == text.data() + text.size() && value >= low && value <= high) return std::string{};
                return "expected a number from " + vd::rounded_text(static_cast<double>(low), 9) + " to " +
                       vd::rounded_text(static_cast<double>(high), 9) + ", found '" + text + '\'';
            },
            ""};
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
    CLI::App app{"Trains a narrow Once-for-all and a narrow MOOFA supernet on Fashion-MNIST and compares their best networks within memory limits."};
    const auto count = number_in<std::size_t>(1, 60'000);
    app.add_option("--data", s.data, "folder of the data set (IDX files, plain or gzip)")->capture_default_str();
    app.add_option("--epochs", s.epochs, "factor of the epochs of all phases")->check(number_in(0.01, 1000.0))->capture_default_str();
    app.add_option("--images", s.images, "training images")->check(count)->capture_default_str();
    app.add_option("--validation", s.validation, "training images held out, on which sub-networks are measured for the predictor")
        ->check(count)
        ->capture_default_str();
    app.add_option("--calibration", s.calibration, "training images on which norms are measured anew")->check(count)->capture_default_str();
    app.add_option("--test", s.test, "test images")->check(count)->capture_default_str();
    app.add_option("--samples", s.samples, "sub-networks measured for each predictor")
        ->check(number_in<std::size_t>(10, 100'000))
        ->capture_default_str();
    app.add_option("--limits", s.limits, "memory limits, elements")->check(number_in(1.0, 1e12))->delimiter(',')->capture_default_str();
    app.add_option("--seed", s.seed, "seed of everything")->check(number_in<std::uint64_t>(0, UINT64_MAX))->capture_default_str();
    app.add_option("--threads", s.threads, "2 trains both supernets at once; the result does not depend on it")
        ->check(number_in(1U, 2U))
        ->capture_default_str();
    app.add_option("--stop-after", s.stop_after, "end after so many steps of training, to go on later")
        ->check(number_in<std::uint64_t>(1, UINT64_MAX));
    app.add_option("--out", s.out, "folder of checkpoints and results; the same command goes on there")->capture_default_str();
    try {
        app.parse(argc, argv);
        run(s);
        return 0;
    } catch (const stopped&) {
        std::printf("stopped; the same command without --stop-after goes on\n");
        return 0;
    } catch (const CLI::CallForHelp& help) { return app.exit(help); } catch (const CLI::ParseError& wrong) {
        return complain(std::string{"moofa_fashion: "} + wrong.what(), 2);
    } catch (const vd::input_error& wrong) { return complain(wrong.what(), 2); } catch (const vd::file_error& wrong) {
        return complain(wrong.what(), 2);
    } catch (const std::exception& failure) { return complain(std::string{"moofa_fashion: "} + failure.what(), 1); }
}
