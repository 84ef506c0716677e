// What a run of examples/moofa.cpp is told, the processes that it runs in, and what it says meanwhile.
#pragma once

#include <verdant/error.hpp>
#include <verdant/nn/communicator.hpp>
#include <verdant/nn/mpi_communicator.hpp>
#include <verdant/nn/prelude.hpp>
#include <verdant/search/report.hpp>
#include <verdant/supernet/moofa_config.hpp>

#include <ATen/ops/full.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <variant>

#include <unistd.h>

namespace moofa {

namespace fs = std::filesystem;
namespace nn = verdant::nn;
namespace supernet = verdant::supernet;
namespace vd = verdant;

/// The options of the command line; empty or 0 where the configuration decides.
struct options {
    std::string config, model_file, data, device = "cpu", dist = "auto";
    unsigned threads = 0;
    std::int64_t seed = -1;
    std::int64_t calibration = 2000, images = 0;
    // train
    std::string task;
    int phase = 0;
    double epochs = 1;
    std::int64_t stop_after = 0, save_steps = 0;
    bool sort = false, continuous = false;
    // eval
    std::string model;
    // collect, fit-predictor
    std::string table, predictor, plot;
    std::int64_t samples = 0, attempts = 0, fit_epochs = 50;
    bool published = false;
    // search
    std::int64_t population = 20, generations = 20;
};

/// The exit status of something that has been told already.
struct failed {
    int code;
};

/// One process, or those that mpirun or srun started.
class processes {
public:
    processes() = default;
    explicit processes(nn::mpi_communicator mpi) : kind_{mpi} {}

    [[nodiscard]] int rank() const {
        return std::visit([](const auto& p) { return p.rank(); }, kind_);
    }
    [[nodiscard]] int size() const {
        return std::visit([](const auto& p) { return p.size(); }, kind_);
    }
    void all_reduce(at::Tensor& t) const {
        std::visit([&](const auto& p) { p.all_reduce(t); }, kind_);
    }
    [[nodiscard]] at::Tensor all_gather(const at::Tensor& t) const {
        return std::visit([&](const auto& p) { return p.all_gather(t); }, kind_);
    }
    void broadcast(at::Tensor& t, int root) const {
        std::visit([&](const auto& p) { p.broadcast(t, root); }, kind_);
    }
    void barrier() const {
        std::visit([](const auto& p) { p.barrier(); }, kind_);
    }

private:
    std::variant<nn::single_process, nn::mpi_communicator> kind_;
};

/// The exit status of an exception, and what it says, in one line.
inline std::pair<int, std::string> told(const std::exception_ptr& e) {
    std::pair<int, std::string> out{1, ""};
    try {
        std::rethrow_exception(e);
    } catch (const vd::input_error& x) { out = {2, x.what()}; } catch (const vd::file_error& x) {
        out = {2, x.what()};
    } catch (const vd::infeasible_error& x) { out = {2, x.what()}; } catch (const c10::Error& x) {
        out = {1, std::string{"moofa: "} + x.what_without_backtrace()};
    } catch (const std::exception& x) { out = {1, std::string{"moofa: "} + x.what()}; }
    std::replace(out.second.begin(), out.second.end(), '\n', ' ');
    return out;
}

/// Runs `work` in every process. If it fails anywhere, the first process where it did says why, and all end.
template <class Work>
auto agreed(const processes& all, const Work& work) {
    std::optional<decltype(work())> out;
    std::pair<int, std::string> wrong{0, ""};
    try {
        out.emplace(work());
    } catch (const failed&) { throw; } catch (...) {
        wrong = told(std::current_exception());
    }
    const auto codes = all.all_gather(at::full({1}, static_cast<double>(wrong.first), at::kDouble));
    for (int r = 0; r < all.size(); ++r)
        if (const auto code = static_cast<int>(codes[r].item<double>()); code != 0) {
            if (r == all.rank()) std::cerr << wrong.second << std::endl;
            throw failed{code};
        }
    return std::move(*out);
}

/// How long something takes, in words.
inline std::string time_text(double seconds) {
    char text[48];
    if (seconds < 60) std::snprintf(text, sizeof text, "%.0f s", seconds);
    else if (seconds < 3600) std::snprintf(text, sizeof text, "%.0f min %02d s", std::floor(seconds / 60), static_cast<int>(seconds) % 60);
    else std::snprintf(text, sizeof text, "%.0f h %02d min", std::floor(seconds / 3600), static_cast<int>(seconds / 60) % 60);
    return text;
}

/// A line on the terminal that is rewritten, with the time that is left; nothing where standard error is no terminal.
class progress {
public:
    explicit progress(bool shown) : shown_{shown && isatty(2) != 0}, begun_{std::chrono::steady_clock::now()} {}
    progress(const progress&) = delete;
    progress& operator=(const progress&) = delete;
    ~progress() { clear(); }

    /// @param done, all steps of this call
    void show(const std::string& text, std::int64_t done, std::int64_t all) {
        if (!shown_) return;
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun_;
        const double left = done > 0 ? took.count() / static_cast<double>(done) * static_cast<double>(all - done) : 0;
        std::fprintf(stderr, "\r\033[K%s, %s left ", text.c_str(), time_text(left).c_str());
        drawn_ = true;
    }
    void clear() {
        if (drawn_) std::fprintf(stderr, "\r\033[K");
        drawn_ = false;
    }

private:
    bool shown_, drawn_ = false;
    std::chrono::steady_clock::time_point begun_;
};

inline void make_folder(const fs::path& folder) {
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure) throw vd::file_error{folder.string(), "make the folder", failure.message()};
}

/// Set by SIGINT and SIGTERM: training ends after the step, with a checkpoint.
inline std::atomic<bool> stop_asked = false;

/// What all commands need.
struct job {
    options o;
    supernet::moofa_config c;

    [[nodiscard]] std::uint64_t seed() const { return o.seed >= 0 ? static_cast<std::uint64_t>(o.seed) : c.args.seed; }
    [[nodiscard]] unsigned threads() const {
        return o.threads != 0 ? o.threads : std::min(c.args.workers, std::max(1U, std::thread::hardware_concurrency()));
    }
    /// A path of the configuration that a command cannot do without.
    [[nodiscard]] const std::string& needed(const std::string& value, const char* key) const {
        if (value.empty()) throw vd::input_error{c.source, key, "a path", "nothing"};
        return value;
    }
};

} // namespace moofa
