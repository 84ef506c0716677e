// One program that searches and works: example.distributed.file_search FILE searches, with --worker FILE it evaluates, on the same machine, as many as one likes.
// Without a file it searches in one of its own, with two workers.

#include <verdant/distributed/serve_sqlite.hpp>
#include <verdant/distributed/sqlite_dispatcher.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/search.hpp>
#include <verdant/study/sqlite_storage.hpp>
#include <verdant/text/number.hpp>

#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

#include <sys/wait.h>
#include <unistd.h>
namespace vd = verdant;

struct net : vd::space<vd::param<"depth", vd::range<2, 20>>, vd::param<"width", vd::range<16, 256, 16>>> {};
using study = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<0>>, vd::minimize<vd::latency, vd::threshold<40>>, vd::nsga2<>>;

vd::metrics<vd::accuracy, vd::latency> train(const vd::point<net>& p) {
    const double depth = p.get<"depth">(), width = p.get<"width">();
    return {1 - 1 / (1 + 0.02 * depth) - 8 / (width + 16), 0.01 * depth * width * vd::milliseconds{}};
}

// [search]
study::result_type search(const study& s, const std::string& file) {
    vd::sqlite_storage kept{file};
    vd::sqlite_dispatcher workers{file, s};
    return s.run({.trials = 120, .seed = 5, .optimizer = {.population = 20}}, kept, workers);
}
// [/search]

void print(const study::result_type& found) {
    std::cout << found.trials().size() << " trials, front of " << found.size() << ", hypervolume " << vd::rounded_text(*found.hypervolume(), 4) << ' '
              << vd::hypervolume_unit<study::goals_type>() << '\n';
}

int main(int argc, char** argv) {
    const study s{train};
    try {
        if (argc == 3 && std::string_view{argv[1]} == "--worker") vd::serve_sqlite(s, argv[2]); // until the search has ended
        else if (argc == 2) print(search(s, argv[1]));
        else {
            const auto folder = std::filesystem::temp_directory_path() / ("verdant-file-search-" + std::to_string(getpid()));
            std::filesystem::create_directory(folder);
            const auto file = (folder / "study.db").string();
            for (int worker = 0; worker < 2; ++worker)
                if (fork() == 0) execl("/proc/self/exe", argv[0], "--worker", file.c_str(), nullptr);
            print(search(s, file));
            while (wait(nullptr) > 0) {}
            std::filesystem::remove_all(folder);
        }
        return 0;
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
