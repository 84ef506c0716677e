#pragma once

#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/pending_points.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/space/feasible_set.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Random search.
namespace verdant {

/// Draws points uniformly from the feasible points, independently of what was found.
struct random_search : optimizer_policy_base {
    struct options {
        std::size_t batch = 64; ///< points asked for at once; it does not change which points are drawn
        using described = members<member<"batch", &options::batch, member_role::unrecorded>>;
    };
    [[nodiscard]] static constexpr std::string_view name() { return "random_search"; }

    template <class Space, class Goals>
    class engine {
    public:
        /// Throws input_error for a batch of 0 points.
        explicit engine(const options& o) : options_{o} { require_count("random_search", "batch", o.batch, 1); }
        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n) {
            std::vector<point<Space>> points(n);
            for (auto& p : points) p = sample<Space>(random);
            return points;
        }
        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n, std::span<const pending_trial<Space>> pending) {
            pending_points<Space> taken{pending};
            std::vector<point<Space>> points(n);
            for (auto& p : points) p = taken.choose(random, [&] { return sample<Space>(random); });
            return points;
        }
        void tell(std::span<const trial<Space, Goals>>) {}
        [[nodiscard]] std::size_t preferred_batch() const { return options_.batch; }

        /// All state is in the stream.
        [[nodiscard]] std::string save() const { return {}; }
        void restore(std::string_view saved, std::span<const trial<Space, Goals>>) { state_reader{saved, "random_search"}.finish(); }

    private:
        options options_;
    };
};

} // namespace verdant
