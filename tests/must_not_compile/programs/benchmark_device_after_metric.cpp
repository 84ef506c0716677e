// expect: verdant: the second argument of benchmark is no device
// once
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
struct npu : tabular::device<"npu", vd::throughput> {};
#if defined(VERDANT_GOOD)
using bench = tabular::benchmark<net, npu, vd::top1, vd::throughput>;
#else
using bench = tabular::benchmark<net, vd::top1, npu, vd::throughput>;
#endif
int main() {
    const auto table = tabular::table_by_parameters<net>(vd::io::read_csv("net.csv"));
    const bench b{table.source_of({"acc", tabular::source_unit::of<vd::percent>()}),
                  table.source_of({"thr", tabular::source_unit::named("images/s")})};
    const auto found = vd::search<net, vd::maximize<vd::top1>, vd::maximize<vd::throughput>, vd::nsga2<>>{b}.run({.trials = 4});
    for (const auto& t : found.front()) std::cout << vd::in<vd::percent>(b.query(t.point).mean.get<vd::top1>()) << '\n';
}
