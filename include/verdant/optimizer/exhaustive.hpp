#pragma once

#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/space/enumeration.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Exhaustive search.
namespace verdant {

/// Every feasible point, in lexicographic order; ends when there are no more.
struct exhaustive_search : optimizer_policy_base {
    struct options {
        std::size_t batch = 256; ///< points asked for at once; it does not change their order
        using described = members<member<"batch", &options::batch, member_role::unrecorded>>;
    };
    [[nodiscard]] static constexpr std::string_view name() { return "exhaustive_search"; }

    template <class Space, class Goals>
    class engine {
    public:
        /// Throws input_error for a batch of 0 points.
        explicit engine(const options& o) : options_{o} { require_count("exhaustive_search", "batch", o.batch, 1); }
        [[nodiscard]] std::vector<point<Space>> ask(random_stream&, std::size_t n) {
            std::vector<point<Space>> points;
            for (; points.size() < n && cursor_ != std::default_sentinel; ++cursor_, ++given_) points.push_back(*cursor_);
            return points;
        }
        void tell(std::span<const trial<Space, Goals>>) {}
        [[nodiscard]] std::size_t preferred_batch() const { return options_.batch; }

        /// How many points were given.
        [[nodiscard]] std::string save() const { return (state_writer{} << given_).text(); }
        void restore(std::string_view saved, std::span<const trial<Space, Goals>>) {
            state_reader read{saved, "exhaustive_search"};
            std::uint64_t given = 0;
            read >> given;
            read.finish();
            cursor_ = {};
            for (given_ = 0; given_ < given && cursor_ != std::default_sentinel; ++given_) ++cursor_;
        }

    private:
        options options_;
        typename feasible_range<Space>::iterator cursor_{};
        std::uint64_t given_ = 0;
    };
};

} // namespace verdant
