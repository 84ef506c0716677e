#pragma once

#include <verdant/optimizer/concept.hpp>
#include <verdant/space/enumeration.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace verdant {

/// Every feasible point, in lexicographic order; ends when there are no more.
struct exhaustive_search : optimizer_policy_base {
    struct options {
        std::size_t batch = 256; ///< points asked for at once
    };

    template <class Space, class Goals>
    class engine {
    public:
        explicit engine(const options& o) : options_{o} {}
        [[nodiscard]] std::vector<point<Space>> ask(random_stream&, std::size_t n) {
            std::vector<point<Space>> points;
            for (; points.size() < n && cursor_ != std::default_sentinel; ++cursor_) points.push_back(*cursor_);
            return points;
        }
        void tell(std::span<const trial<Space, Goals>>) {}
        [[nodiscard]] std::size_t preferred_batch() const { return options_.batch; }

    private:
        options options_;
        typename feasible_range<Space>::iterator cursor_{};
    };
};

} // namespace verdant
