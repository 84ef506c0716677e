#include <verdant/optimizer/engine_checks.hpp>

#include <verdant/goal/goal.hpp>
#include <verdant/goal/standard_metrics.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/optimizer/within.hpp>
#include <verdant/space/space.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace {

namespace vd = verdant;

struct net : vd::space<vd::param<"depth", vd::range<1, 4>>> {};
using goals = vd::goals<vd::minimize<vd::latency>>;
using one_trial = vd::trial<net, goals>;
using told_trials = std::span<const one_trial>;

template <class Engine>
inline constexpr bool good = vd::detail::engine_members<typename vd::detail::checked_engine<Engine>::type, net, goals>::good;

struct plain {
    std::vector<vd::point<net>> ask(vd::random_stream&, std::size_t);
    void tell(told_trials);
    std::size_t preferred_batch() const;
};
static_assert(good<plain>);

// Others of the same name beside the right ones are an engine's own affair.
struct several : plain {
    std::string save() const;
    void save(std::vector<int>&) const;
    void restore(std::string_view, told_trials);
    void restore(std::span<const std::uint64_t, 3>);
    void correct(const one_trial&);
    void correct(const one_trial&, int);
};
static_assert(good<several>);

// What nobody else can call is nobody else's affair, either.
struct keeps_to_itself : plain {
private:
    [[maybe_unused]] int save();
    [[maybe_unused]] void correct(int);
};
static_assert(good<keeps_to_itself>);

// Members that a constraint rules out are not there.
template <bool Saves>
struct perhaps : plain {
    std::string save() const
        requires Saves;
    void restore(std::string_view, told_trials)
        requires Saves;
    void correct(const one_trial&)
        requires Saves;
};
static_assert(good<perhaps<true>> && good<perhaps<false>>);
static_assert(vd::savable_engine<perhaps<true>, net, goals> && !vd::savable_engine<perhaps<false>, net, goals>);
static_assert(vd::correctable_engine<perhaps<true>, net, goals> && !vd::correctable_engine<perhaps<false>, net, goals>);

// Data members of these names are not functions, and what a correction gives is nobody's business.
struct keeps_flags : plain {
    bool save = true;
    std::size_t correct = 0;
    double restore = 0;
};
struct counts_corrections : plain {
    std::size_t correct(const one_trial&);
};
static_assert(good<keeps_flags> && good<counts_corrections>);

// A right template is not called with anything else, which would compile its body.
struct deduces : plain {
    template <class Trial>
    auto correct(const Trial& t) {
        return t.point.size();
    }
    template <class Saved, class Told>
    void restore(const Saved& saved, const Told& told) {
        static_cast<void>(saved.size() + told.size());
    }
    std::string save() const;
};
static_assert(good<deduces>);

// A selection without a state makes an engine that is replayed, which is right.
struct best_of_all {
    std::size_t operator()(vd::random_stream&, std::span<const std::uint32_t>, std::span<const double>);
};
template <class Selection>
using evolution = vd::nsga2<vd::uniform_crossover, vd::plain_mutation, Selection>::template engine<net, goals>;
static_assert(good<evolution<best_of_all>> && !vd::savable_engine<evolution<best_of_all>, net, goals>);
static_assert(good<evolution<vd::uniform_selection>> && vd::savable_engine<evolution<vd::uniform_selection>, net, goals>);

// What stands around another engine is looked through.
template <class Optimizer>
using part = vd::within<vd::space_part<net>, Optimizer>::template engine<net, goals>;
static_assert(good<part<vd::random_search>>);
static_assert(std::is_same_v<vd::detail::checked_engine<part<vd::random_search>>::type, vd::random_search::engine<net, goals>>);

} // namespace
