// A search that is watched while it runs, by people and by programs, and that ends when it has found enough or is interrupted.
#include <verdant/io/file/read_file.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/parallel/interrupts.hpp>
#include <verdant/report/csv_tail.hpp>
#include <verdant/report/json_log.hpp>
#include <verdant/search/stagnation.hpp>
#include <verdant/study/memory_storage.hpp>
#include <verdant/verdant.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

#include <unistd.h>

namespace vd = verdant;

struct net : vd::space<vd::param<"depth", vd::range<2, 20>>, vd::param<"width", vd::range<16, 256, 16>>> {};
using study = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<0>>, vd::minimize<vd::latency, vd::threshold<60>>, vd::nsga2<>>;

// What a training would find out.
vd::metrics<vd::accuracy, vd::latency> measure(const vd::point<net>& p) {
    const double depth = p.get<"depth">(), width = p.get<"width">();
    return {1 - 1 / (1 + 0.4 * depth) - 4 / (width + 32), 0.01 * depth * width * vd::milliseconds{}};
}

long lines_of(const std::string& path) {
    const auto text = vd::io::read_file(path);
    return std::count(text.begin(), text.end(), '\n');
}

int main() {
    const auto folder = std::filesystem::temp_directory_path() / ("verdant-watched-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    const auto trials = (folder / "trials.csv").string(), events = (folder / "search.jsonl").string();
    vd::memory_storage storage; // in earnest sqlite_storage
    const study search{measure};
    for (const auto wanted : {std::size_t{30}, std::size_t{300}}) { // the second run goes on with the first one's study and files
        // [parts]
        vd::progress_line<study> line;                                // for people at a terminal
        vd::csv_tail<study> tail{trials};                             // for people and tables
        vd::json_log<study> log{events};                              // for programs
        vd::stagnation<study> enough{{.gain = 0.002, .trials = 60}};  // less than 0.2 % more hypervolume in 60 trials
        vd::interrupts interrupts;                                    // Ctrl-C
        const auto found = search.run({.trials = wanted, .seed = 7}, storage, line, tail, log, enough, interrupts);
        // [/parts]
        std::cout << found.trials().size() << " trials, ended by " << vd::stop_reason_text(found.reason()) << "; lines: " << lines_of(trials)
                  << " of CSV, " << lines_of(events) << " of JSON\n";
    }
    const auto text = vd::io::read_file(trials);
    std::cout << text.substr(0, text.find('\n')) << '\n';
    std::filesystem::remove_all(folder);
}
