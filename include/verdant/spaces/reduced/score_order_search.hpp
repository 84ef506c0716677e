#pragma once

#include <verdant/meta/members.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/saved_state.hpp>
#include <verdant/optimizer/within.hpp>
#include <verdant/spaces/reduced/reduced_space.hpp>
#include <verdant/spaces/reduced/score_order.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verdant {

/// Every point of a reduced space by descending sum of scores, as an optimizer; ends when there are no more, or after a slice.
/// @tparam S the space of the search
template <unit_space S>
struct score_order_search : optimizer_policy_base {
    struct options {
        chosen_region<reduced_space<S>> region{};
        std::uint64_t first = 0; ///< place of the first point of the slice
        std::uint64_t count = std::numeric_limits<std::uint64_t>::max(); ///< points of the slice
        std::size_t batch = 256; ///< points asked for at once; it does not change their order

        using described = members<member<"region", &options::region>, member<"first", &options::first>, member<"count", &options::count>,
                                  member<"batch", &options::batch, member_role::unrecorded>>;
    };
    [[nodiscard]] static constexpr std::string_view name() { return "score_order_search"; }

    template <class Space, class Goals>
    class engine {
        static_assert(detail::region_check<std::same_as<Space, S>>::value);

    public:
        /// Throws input_error where no region is given, a module has no score, or a batch is no number of points.
        explicit engine(const options& o) : options_{o}, order_{required(o)} {
            require_count("score_order_search", "batch", o.batch, 1);
            order_.skip(o.first);
        }
        [[nodiscard]] std::vector<point<S>> ask(random_stream&, std::size_t n) {
            std::vector<point<S>> points;
            while (points.size() < n && given_ < options_.count) {
                const auto next = order_.next();
                if (!next) break;
                points.push_back(next->who);
                ++given_;
            }
            return points;
        }
        void tell(std::span<const trial<S, Goals>>) {}
        [[nodiscard]] std::size_t preferred_batch() const { return options_.batch; }

        /// How many points were given.
        [[nodiscard]] std::string save() const { return (state_writer{} << given_).text(); }
        void restore(std::string_view saved, std::span<const trial<S, Goals>>) {
            state_reader in{saved, "score_order_search"};
            std::uint64_t given = 0;
            in >> given;
            in.finish();
            order_ = score_order<S>{required(options_)};
            order_.skip(options_.first);
            order_.skip(given);
            given_ = order_.place() - std::min(order_.place(), options_.first);
        }

    private:
        [[nodiscard]] static const reduced_space<S>& required(const options& o) {
            if (!o.region.region()) throw input_error{"score_order_search", "region", "the reduced space to walk over", "none"};
            return *o.region.region();
        }

        options options_;
        score_order<S> order_;
        std::uint64_t given_ = 0;
    };
};

} // namespace verdant
