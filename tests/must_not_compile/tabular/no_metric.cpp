// expect: verdant: this benchmark has no metric; write benchmark<space, device, metric...>, for example benchmark<mnasnet, a100, top1, throughput>
#include <verdant/space.hpp>
#include <verdant/tabular/benchmark.hpp>
#include <verdant/tabular/device_metrics.hpp>

struct tiny : verdant::space<verdant::param<"width", verdant::choices<1, 2>>> {};

#if defined(VERDANT_GOOD)
using on_device = verdant::tabular::benchmark<tiny, verdant::tabular::a100, verdant::throughput>;
#else
using on_device = verdant::tabular::benchmark<tiny, verdant::tabular::a100>;
#endif
std::size_t size_of() { return sizeof(on_device); }
