// One program that searches and works: example.distributed.postgres_search ADDRESS searches, with --worker ADDRESS it evaluates, on any machine, as many as one likes.
// ADDRESS is one of libpq, such as postgresql://search@db.example/studies. Without one it searches alone.

#include <verdant/distributed/postgres_dispatcher.hpp>
#include <verdant/distributed/serve_postgres.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/search.hpp>
#include <verdant/study/postgres/postgres_storage.hpp>
#include <verdant/text/number.hpp>

#include <exception>
#include <iostream>
#include <string_view>
namespace vd = verdant;

struct net : vd::space<vd::param<"depth", vd::range<2, 20>>, vd::param<"width", vd::range<16, 256, 16>>> {};
using study = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<0>>, vd::minimize<vd::latency, vd::threshold<40>>, vd::nsga2<>>;

vd::metrics<vd::accuracy, vd::latency> train(const vd::point<net>& p) {
    const double depth = p.get<"depth">(), width = p.get<"width">();
    return {1 - 1 / (1 + 0.02 * depth) - 8 / (width + 16), 0.01 * depth * width * vd::milliseconds{}};
}

// [main]
study::result_type search(const study& s, const study::options& o, const char* address) {
    vd::postgres_storage kept{address, "chip"};
    vd::postgres_dispatcher workers{address, "chip", s};
    return s.run(o, kept, workers);
}

int main(int argc, char** argv) {
    const study s{train};
    const study::options options{.trials = 120, .seed = 5, .optimizer = {.population = 20}};
    try {
        if (argc == 3 && std::string_view{argv[1]} == "--worker") {
            const auto done = vd::serve_postgres(s, argv[2], "chip"); // until the search has ended
            std::cout << done.evaluated << " trials evaluated\n";
            return 0;
        }
        const auto found = argc > 1 ? search(s, options, argv[1]) : s.run(options);
        std::cout << found.trials().size() << " trials, front of " << found.size() << ", hypervolume " << vd::rounded_text(*found.hypervolume(), 4)
                  << ' ' << vd::hypervolume_unit<study::goals_type>() << '\n';
        return 0;
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
// [/main]
