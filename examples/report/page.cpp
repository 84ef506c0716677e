// A search as one page for a browser, and what the page says.

#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/report/html_report.hpp>
#include <verdant/verdant.hpp>

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>

namespace vd = verdant;

struct net : vd::space<vd::param<"depth", vd::range<2, 24>>, vd::param<"width", vd::range<16, 512, 16>>, vd::param<"bits", vd::choices<4, 8, 16>>> {};
using study = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<0.5>>, vd::minimize<vd::latency, vd::threshold<70>>,
                         vd::subject_to<vd::energy, vd::at_most<4>>, vd::random_search>;

// Made up: what is large is accurate, slow and hungry; some of the deep ones in few bits cannot be trained.
vd::metrics<vd::accuracy, vd::latency, vd::energy> measure(const vd::point<net>& p) {
    const auto size = static_cast<double>(p.get<"depth">() * p.get<"width">()), bits = static_cast<double>(p.get<"bits">());
    const auto work = size * static_cast<double>(p.get<"width">());
    if (p.get<"depth">() > 22 && bits == 4) throw std::runtime_error{"the loss is no number"};
    return {1 - 1 / std::sqrt(size * bits / 64 + 2), (0.2 + work * (0.5 + bits / 32) / 1e5) * vd::milliseconds{}, work * bits * bits / 1e8 * vd::joules{}};
}

int main() {
    const auto path = (std::filesystem::temp_directory_path() / ("verdant-page-" + std::to_string(getpid()) + ".html")).string();

    // [page]
    const study::options options{.trials = 200, .seed = 1};
    const auto found = study{measure}.run(options);
    vd::io::write_file(path, vd::html_report(found, options, {.title = "Networks", .facts = {{"machine", "a laptop"}}}));
    // [/page]

    const auto page = vd::io::read_file(path);
    // A fact of the summary: <dt>NAME</dt><dd>VALUE</dd>.
    for (const std::string name : {"trials", "feasible", "infeasible", "failed", "on the Pareto front", "best accuracy", "best latency"}) {
        const auto begin = page.find("<dt>" + name + "</dt><dd>") + name.size() + 13;
        std::cout << name << ": " << page.substr(begin, page.find('<', begin) - begin) << '\n';
    }
    std::cout << "the front of the result has " << found.size() << ", the page " << (page.size() < 150'000 ? "less" : "more") << " than 150 kB\n";

    // [importance]
    const auto table = vd::columns_of_study(vd::stored_study_of(found, options), "networks");
    const auto latency = vd::parameter_importance(table, 1); // of its second metric
    for (std::size_t p = 0; p < table.parameters.size(); ++p)
        std::cout << table.parameters[p].name << ": " << std::round(100 * latency.shares.alone[p].mean) << " % of the variance of latency\n";
    // [/importance]
    std::filesystem::remove(path);
}
