// expect: verdant: two storages for one run of a search; pass one, since a study is kept in one place
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
#include <verdant/study/memory_storage.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<2, 20>>> {};
using study = verdant::search<net, verdant::minimize<verdant::latency>, verdant::random_search>;
verdant::metrics<verdant::latency> measure(const verdant::point<net>&) { return 1.0 * verdant::seconds{}; }
verdant::memory_storage file, other_file;

#if defined(VERDANT_GOOD)
const auto found = study{measure}.run({.trials = 2}, file);
#else
const auto found = study{measure}.run({.trials = 2}, file, verdant::serial_executor{}, other_file);
#endif
