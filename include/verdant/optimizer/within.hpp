#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/fnv1a.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/space/part.hpp>

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Searches within a part of a space that is known when the program runs.
namespace verdant {

/// What may be searched in place of a whole space: it names the space and has the part, as `space_part` and `reduced_space` do.
template <class R>
concept space_region = std::copyable<R> && requires(const R& r) {
    typename R::space_type;
    { r.part() } -> std::same_as<const space_part<typename R::space_type>&>;
};

/// The region of a search, or none yet; as text it is what kept studies record of it.
template <space_region Region>
class chosen_region {
public:
    chosen_region() = default;
    // NOLINTNEXTLINE(google-explicit-constructor): options are written with the region itself
    chosen_region(Region region) : region_{std::move(region)}, text_{described(region_->part())} {}

    [[nodiscard]] const std::optional<Region>& region() const noexcept { return region_; }
    // NOLINTNEXTLINE(google-explicit-constructor): an option is text
    operator std::string_view() const noexcept { return text_; }

private:
    /// By its combinations, so that equal regions are equal, however they were made.
    [[nodiscard]] static std::string described(const space_part<typename Region::space_type>& part) {
        fnv1a hash;
        for (const auto& group : part.set().groups())
            for (std::size_t r = 0; group.enumerated() && r < group.count(); ++r)
                for (std::size_t m = 0; m < group.members().size(); ++m) hash.add(group.row(r, m));
        return part.cardinality().to_string() + " points, hash " + std::to_string(hash.value());
    }

    std::optional<Region> region_;
    std::string text_ = "none";
};

namespace detail {

/// A class of its own, so that an engine that fails is still one and only the failure is reported.
template <bool SameSpace>
struct region_check {
    static_assert(
        SameSpace,
        "verdant: the region of within is of another space than the search; write within<reduced_space<S>, ...> with the S of search<S, ...>");
    static constexpr bool value = true;
};

} // namespace detail

/// Any optimizer, bound to a region of its space:
///
///     using study = search<S, maximize<accuracy>, minimize<latency>, within<reduced_space<S>, nsga2<>>>;
///     study{evaluator}.run({.optimizer = {.region = reduced, .optimizer = {.population = 20}}});
///
/// It draws, walks, varies and repairs in the region, whose points are points of the space; so evaluators, studies and reports are those of the
/// space. Optimizers that go through the functions of `space/` need nothing for it.
/// @tparam Region    `reduced_space<S>` or `space_part<S>`, of the space of the search
/// @tparam Optimizer any policy
template <class Region, class Optimizer>
struct within : optimizer_policy_base {
    struct options {
        chosen_region<Region> region{};
        typename Optimizer::options optimizer{};

        using described = members<
            member<"region", &options::region>,
            member<"optimizer", &options::optimizer, described_struct<typename Optimizer::options> ? member_role::inlined : member_role::unrecorded>>;
    };
    [[nodiscard]] static constexpr std::string_view name()
        requires requires { std::string_view{Optimizer::name()}; }
    {
        return Optimizer::name();
    }

    template <class Space, class Goals>
    class engine {
        static_assert(detail::region_check<std::same_as<Space, typename Region::space_type>>::value);
        using inner = typename Optimizer::template engine<Space, Goals>;
        using limits_type = typename Goals::limits_type;
        using told_trials = std::span<const trial<Space, Goals>>;

    public:
        using checked_inner_engine = inner; ///< whose members the search is to be able to call

        /// Throws input_error where no region is given, and whatever the optimizer throws.
        explicit engine(const options& o, const limits_type& limits = Goals::limits()) : region_{required(o)}, engine_{made(o, limits)} {}

        /// Throws search_error where the optimizer leaves the region.
        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n) {
            const within_part<typename Region::space_type> bound{region_.part()};
            return required_inside(engine_.ask(random, n));
        }
        /// The same while trials are pending.
        [[nodiscard]] std::vector<point<Space>> ask(random_stream& random, std::size_t n, std::span<const pending_trial<Space>> pending)
            requires pending_optimizer<inner, Space, Goals>
        {
            const within_part<typename Region::space_type> bound{region_.part()};
            return required_inside(engine_.ask(random, n, pending));
        }
        void tell(told_trials told) {
            const within_part<typename Region::space_type> bound{region_.part()};
            engine_.tell(told);
        }
        /// Takes new values of a told trial.
        void correct(const trial<Space, Goals>& t)
            requires correctable_engine<inner, Space, Goals>
        {
            const within_part<typename Region::space_type> bound{region_.part()};
            engine_.correct(t);
        }
        [[nodiscard]] std::size_t preferred_batch() const { return engine_.preferred_batch(); }

        /// That of the optimizer.
        [[nodiscard]] std::string save() const
            requires savable_engine<inner, Space, Goals>
        {
            return engine_.save();
        }
        void restore(std::string_view saved, told_trials told)
            requires savable_engine<inner, Space, Goals>
        {
            const within_part<typename Region::space_type> bound{region_.part()};
            engine_.restore(saved, told);
        }
        /// The engine of the optimizer.
        [[nodiscard]] const inner& core() const noexcept { return engine_; }

    private:
        [[nodiscard]] static std::vector<point<Space>> required_inside(std::vector<point<Space>> points) {
            for (const auto& p : points)
                if (!may_be_proposed(p))
                    throw search_error{
                        "an optimizer left the region that it was to search; it does not draw and vary points by the functions of verdant/space"};
            return points;
        }
        [[nodiscard]] static const Region& required(const options& o) {
            if (!o.region.region()) throw input_error{"within", "region", "the region to search", "none"};
            return *o.region.region();
        }
        [[nodiscard]] inner made(const options& o, const limits_type& limits) const {
            const within_part<typename Region::space_type> bound{region_.part()};
            if constexpr (std::constructible_from<inner, const typename Optimizer::options&, const limits_type&>) return inner{o.optimizer, limits};
            else return inner{o.optimizer};
        }

        Region region_;
        inner engine_;
    };
};

namespace detail {

template <class Region, class Optimizer>
struct within_arguments {
    static constexpr bool value = true; // first, since clang forgets what follows a failed assertion
    static constexpr bool is_region = space_region<Region>, optimizes = optimizer_policy<Optimizer>;
    static_assert(is_region,
                  "verdant: the first argument of within is no region of a space; write within<space_part<S>, nsga2<>> or within<reduced_space<S>, "
                  "nsga2<>> with the S of search<S, ...>");
    static_assert(!is_region || optimizes,
                  "verdant: the second argument of within is no optimizer; write one, for example within<space_part<S>, nsga2<>>");
};

} // namespace detail

/// Refused, with a sentence that says what to write.
template <class Region, class Optimizer>
    requires(!space_region<Region> || !optimizer_policy<Optimizer>)
struct within<Region, Optimizer> : optimizer_policy_base {
    static_assert(detail::within_arguments<Region, Optimizer>::value);
    struct options {
        std::string_view region{}, optimizer{};
    };

    template <class Space, class Goals>
    struct engine {
        explicit engine(const options&) {}
        [[nodiscard]] std::vector<point<Space>> ask(random_stream&, std::size_t) { return {}; }
        void tell(std::span<const trial<Space, Goals>>) {}
        [[nodiscard]] std::size_t preferred_batch() const { return 1; }
    };
};

} // namespace verdant
