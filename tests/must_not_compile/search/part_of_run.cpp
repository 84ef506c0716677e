// expect: verdant: an argument of run is neither a storage, nor an executor or a dispatcher, nor start points, nor an observer
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
#include <verdant/study/memory_storage.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<2, 20>>> {};
using study = verdant::search<net, verdant::minimize<verdant::latency>, verdant::random_search>;
verdant::metrics<verdant::latency> measure(const verdant::point<net>&) { return 1.0 * verdant::seconds{}; }

struct half_a_storage { // add is missing
    std::optional<verdant::stored_study> load() { return {}; }
    void create(const verdant::study_description&) {}
    void begin(const verdant::stored_ask&, const verdant::stored_state&) {}
    std::string name() const { return "nowhere"; }
};

#if defined(VERDANT_GOOD)
const auto found = study{measure}.run({.trials = 2}, verdant::memory_storage{});
#else
const auto found = study{measure}.run({.trials = 2}, half_a_storage{});
#endif
