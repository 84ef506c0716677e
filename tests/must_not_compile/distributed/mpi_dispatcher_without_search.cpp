// expect: verdant: the second argument of mpi_dispatcher is no search
// once
#include <verdant/distributed/mpi_dispatcher.hpp>
#include <verdant/distributed/mpi_processes.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
vd::metrics<vd::accuracy> measure(const vd::point<net>&);
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;

void search_with(const vd::mpi_processes& processes) {
    const study s{measure};
#if defined(VERDANT_GOOD)
    vd::mpi_dispatcher workers{processes, s};
#else
    vd::mpi_dispatcher workers{processes, measure};
#endif
    workers.serve();
}
