#pragma once

// The study that scripts/soak-kill kills: 300 trials of 5 ms, each of which writes down when it begins and ends, so that what was evaluated can be
// compared with what was kept. A part of the script is a program with the commands
//
//   soak_<part> run STUDY LOG   runs the study to its end, or goes on with it
//   soak_<part> dump STUDY      prints its trials, one a line, by number; fails where they cannot be read

#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/search.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/space.hpp>

#include <cstddef>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

namespace soak {

namespace vd = verdant;

struct net : vd::space<vd::param<"depth", vd::range<1, 20>>, vd::param<"width", vd::range<8, 256, 8>>, vd::param<"heads", vd::range<1, 8>>> {};

// A log that several processes write to, a line at a time, which a kill leaves whole.
class shared_log {
public:
    explicit shared_log(const char* path) : file_{open(path, O_WRONLY | O_CREAT | O_APPEND, 0666)} {
        if (file_ < 0) throw std::runtime_error{std::string{"cannot open "} + path};
    }
    void line(std::string text) const {
        text += '\n';
        if (write(file_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::abort();
    }

private:
    int file_;
};

struct train {
    const shared_log* log;

    vd::metrics<vd::accuracy, vd::latency> operator()(const vd::point<net>& p, vd::random_stream& random) const {
        log->line("begin " + to_string(p));
        const timespec five_milliseconds{0, 5'000'000};
        nanosleep(&five_milliseconds, nullptr);
        log->line("end " + to_string(p));
        if (p.get<"heads">() == 7 && p.get<"depth">() > 15) throw std::runtime_error{"out of memory"};
        const auto depth = static_cast<double>(p.get<"depth">()), width = static_cast<double>(p.get<"width">());
        return {1 - 1 / (1 + 0.02 * depth) - 8 / (width + 16) + 0.01 * random.uniform(), 0.01 * depth * width * vd::milliseconds{}};
    }
};

using study = vd::search<net, vd::maximize<vd::accuracy>, vd::minimize<vd::latency>, vd::nsga2<>>;

inline study::options options() { return {.trials = 300, .seed = 11, .optimizer = {.population = 24}}; }

// Writes down what the search was told.
struct witness {
    const shared_log* log;
    void told(const study::trial_type& t, const vd::search_state&) const { log->line("told " + std::to_string(t.number)); }
};

inline void say_who(const shared_log& log) { log.line("process " + std::to_string(getpid())); }

inline void dump(const vd::stored_study& kept) {
    for (const auto& t : kept.trials) {
        std::printf("%llu", static_cast<unsigned long long>(t.number));
        for (const auto& v : t.parameters) std::printf(" %s", v.c_str());
        std::printf(" %s", t.completed ? "completed" : t.message.c_str());
        for (const auto v : t.metrics) std::printf(" %a", v);
        std::printf("\n");
    }
}

// @param run  (study, log) -> void
// @param show (study) -> void
template <class Run, class Show>
int main_of(int argc, char** argv, const Run& run, const Show& show) {
    try {
        const std::string_view command = argc > 1 ? argv[1] : "";
        if (command == "run" && argc == 4) run(argv[2], argv[3]);
        else if (command == "dump" && argc == 3) show(argv[2]);
        else throw std::runtime_error{"usage: run STUDY LOG | dump STUDY"};
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}

} // namespace soak
