// expect: verdant: the selection of the optimizer has a member save or restore and not the two that resume a search
// once
#include <verdant/goal.hpp>
#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/search.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"layers", vd::range<2, 8>>, vd::param<"width", vd::range<64, 512, 64>>> {};
vd::metrics<vd::accuracy> measure(const vd::point<net>&);
/// Takes turns.
struct in_turn {
    std::size_t next = 0;
    std::size_t operator()(vd::random_stream&, std::span<const std::uint32_t> ranks, std::span<const double>) { return next++ % ranks.size(); }
#if defined(VERDANT_GOOD)
    void save(vd::state_writer& out) const { out << std::uint64_t{next}; }
    void restore(vd::state_reader& in) {
        std::uint64_t n = 0;
        in >> n;
        next = static_cast<std::size_t>(n);
    }
#else
    std::string save() const { return std::to_string(next); }
    void restore(const std::string& text) { next = std::stoul(text); }
#endif
    friend bool operator==(const in_turn&, const in_turn&) = default;
};
using taking_turns = vd::nsga2<vd::uniform_crossover, vd::plain_mutation, in_turn>;
const auto found = vd::search<net, vd::maximize<vd::accuracy>, taking_turns>{measure}.run({.trials = 8});
