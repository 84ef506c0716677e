// Bayesian optimisation over MPI, where Eigen is there.

#include "catch.hpp"
#include "processes.hpp"

#include <verdant/distributed/mpi_dispatcher.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/bayes/bayes.hpp>
#include <verdant/search/search.hpp>

namespace vd = verdant;

namespace {

struct net : vd::space<vd::param<"depth", vd::range<1, 12>>, vd::param<"width", vd::range<8, 64, 8>>> {};

struct measure {
    vd::metrics<vd::accuracy, vd::latency> operator()(const vd::point<net>& p) const {
        const auto depth = static_cast<double>(p.get<"depth">()), width = static_cast<double>(p.get<"width">());
        return {1 - 1 / (1 + 0.02 * depth) - 8 / (width + 16), 0.01 * depth * width * vd::milliseconds{}};
    }
};

} // namespace

TEST_CASE("any number of processes finds what one finds by Bayesian optimisation", "[distributed]") {
    using study = vd::search<net, vd::maximize<vd::accuracy, vd::threshold<-1>>, vd::minimize<vd::latency, vd::threshold<10>>, vd::bayes<>>;
    const study s{measure{}};
    vd::mpi_dispatcher d{mpi_tests::processes(), s};
    if (d.serve()) return;
    study::options options{.trials = 14, .seed = 3, .batch = 3};
    const auto alone = mpi_tests::told(s.run(options));
    REQUIRE(mpi_tests::told(s.run(options, d)) == alone);
    options.threads = 2;
    REQUIRE(mpi_tests::told(s.run(options)) == alone);
}
