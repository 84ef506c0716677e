// expect: verdant: the engine of the optimizer does not model the concept optimizer
#include <verdant/goal.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/search.hpp>
#include <verdant/space.hpp>

#include <cstddef>
#include <iostream>
#include <optional>
#include <span>
#include <vector>
namespace vd = verdant;

struct hill_climber : vd::optimizer_policy_base {
    struct options {
        std::size_t children = 8; // tried at once
        using described = vd::members<vd::member<"children", &options::children>>; // for studies that are kept, and command lines
    };

    template <class Space, class Goals>
    class engine {
    public:
        explicit engine(const options& o) : options_{o} {}

        std::vector<vd::point<Space>> ask(vd::random_stream& random, std::size_t n) {
            std::vector<vd::point<Space>> points;
            for (std::size_t i = 0; i < n; ++i) points.push_back(best_ ? vd::step_mutation{}(best_->point, random) : vd::sample<Space>(random));
            return points;
        }
        void tell(std::span<const vd::trial<Space, Goals>> told) {
            for (const auto& t : told)
                if (t.feasible() && (!best_ || t.objectives < best_->objectives)) best_ = t;
        }
#if defined(VERDANT_GOOD)
        std::size_t preferred_batch() const { return options_.children; }
#else
        std::size_t preferred() const { return options_.children; }
#endif

    private:
        options options_;
        std::optional<vd::trial<Space, Goals>> best_;
    };
};

struct net : vd::space<vd::param<"depth", vd::range<1, 40>>, vd::param<"width", vd::range<1, 40>>,
                       vd::where<vd::var<"depth"> + vd::var<"width"> <= vd::val<50>>> {};

struct score : vd::metric<"score"> {};

int main() {
    using study = vd::search<net, vd::maximize<score>, hill_climber>;
    const auto found = study{[](const auto& p) {
                           return vd::metrics<score>{static_cast<double>(p.template get<"depth">() * p.template get<"width">())};
                       }}.run({.trials = 150, .seed = 3, .optimizer = {.children = 4}});
    const auto& best = found.front().front();
    std::cout << "best of " << found.trials().size() << ": " << to_string(best.point) << ", score " << best.get<score>() << ", found in trial "
              << best.number << '\n';
}
