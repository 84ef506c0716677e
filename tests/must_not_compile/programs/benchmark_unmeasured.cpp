// expect: verdant: nobody measured that metric on this device
#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/search.hpp>
#include <verdant/space.hpp>
#include <verdant/tabular.hpp>

#include <iostream>
#include <vector>
namespace vd = verdant;
namespace tabular = verdant::tabular;
struct net : vd::space<vd::param<"width", vd::choices<16, 32>>, vd::param<"deep", vd::flag>> {};
#if defined(VERDANT_GOOD)
struct npu : tabular::device<"npu", vd::latency> {};
#else
struct npu : tabular::device<"npu", vd::throughput> {};
#endif
using bench = tabular::benchmark<net, npu, vd::top1, vd::latency>;
int main() {
    const auto table = tabular::table_by_parameters<net>(vd::io::read_csv("net.csv"));
    const bench b{table.source_of({"acc", tabular::source_unit::of<vd::percent>()}), table.source_of({"thr", tabular::source_unit::of<vd::milliseconds>()})};
    const auto found = vd::search<net, vd::maximize<vd::top1>, vd::minimize<vd::latency>, vd::nsga2<>>{b}.run({.trials = 4});
    for (const auto& t : found.front()) std::cout << vd::in<vd::percent>(b.query(t.point).mean.get<vd::top1>()) << '\n';
}
