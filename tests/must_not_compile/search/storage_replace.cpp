// expect: verdant: a storage has a member replace that is not the one for corrected trials
// once
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/search.hpp>
#include <verdant/study/study_keeper.hpp>

struct net : verdant::space<verdant::param<"depth", verdant::range<2, 20>>> {};
using study = verdant::search<net, verdant::minimize<verdant::latency>, verdant::random_search>;

struct own_storage {
    std::optional<verdant::stored_study> load() { return {}; }
    void create(const verdant::study_description&) {}
    void begin(const verdant::stored_ask&, const verdant::stored_state&) {}
    void add(const verdant::stored_trial&) {}
#if defined(VERDANT_GOOD)
    void replace(const verdant::stored_trial&) {}
#else
    // By its number, as one keeps it.
    void replace(std::uint64_t, const verdant::stored_trial&) {}
#endif
    std::string name() const { return "nowhere"; }
};

verdant::metrics<verdant::latency> measure(const verdant::point<net>&) { return 1.0 * verdant::seconds{}; }

auto found = study{measure}.run({.trials = 2}, own_storage{});
