#pragma once

#include <verdant/error.hpp>
#include <verdant/space/part.hpp>
#include <verdant/space/point.hpp>
#include <verdant/space/value_text.hpp>
#include <verdant/spaces/reduced/space_units.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Spaces reduced to the best modules of each unit (AutoBuild, Mills et al., CVPR 2024).
namespace verdant {

/// A choice for a unit: the values that a point has for the parameters of that unit.
template <search_space S>
struct unit_module {
    point<S> values{}; ///< parameters of other units do not matter
    double score = std::numeric_limits<double>::quiet_NaN(); ///< the greater the better; NaN where it has none
};

/// The values that a parameter outside of the units is left with.
struct parameter_values {
    std::size_t parameter = 0;
    std::vector<std::size_t> indices; ///< of values of its domain
};

/// A space of which each unit has only some modules left, and parameters outside of the units perhaps only some values. It is known when the program
/// runs, since a ranking decides; its points are points of `S`. Optimizers search it through `within<reduced_space<S>, ...>`. Immutable and cheap to
/// copy.
/// @tparam S a space with units, see `units_of`
template <search_space S>
class reduced_space {
    static_assert(detail::units_check<S>::value);

public:
    using space_type = S;
    static constexpr std::size_t unit_count = units_of<S>.size();
    /// The modules of each unit, best first.
    using modules_type = std::array<std::vector<unit_module<S>>, unit_count>;

    /// @param modules those that are left; values outside of their units are ignored
    /// @param values  of parameters outside of the units, those that are left; all of what is not named
    /// @throws input_error for a unit without modules, a module that is not feasible or stands twice in its unit, and for other parameters or values
    explicit reduced_space(modules_type modules, std::vector<parameter_values> values = {})
        : content_{std::make_shared<const content>(cleaned(std::move(modules)), std::move(values))}, part_{bundles(*content_)} {}

    /// The modules of a unit, best first. @throws input_error for a unit that is not there
    [[nodiscard]] std::span<const unit_module<S>> modules(std::size_t unit) const {
        if (unit >= unit_count) throw input_error{"reduced space", "unit", "a number below " + std::to_string(unit_count), std::to_string(unit)};
        return content_->modules[unit];
    }
    [[nodiscard]] const modules_type& modules() const noexcept { return content_->modules; }
    [[nodiscard]] const std::vector<parameter_values>& values() const noexcept { return content_->values; }

    /// What searches, samples and walks are bound to.
    [[nodiscard]] const space_part<S>& part() const noexcept { return part_; }
    [[nodiscard]] bool contains(const point<S>& p) const { return part_.contains(p); }
    /// A point drawn uniformly.
    [[nodiscard]] point<S> sample(random_stream& random) const { return part_.sample(random); }
    /// All points in lexicographic order, one at a time.
    [[nodiscard]] part_range<S> points() const { return part_.points(); }
    /// The exact number of points, as a natural number.
    [[nodiscard]] auto cardinality() const { return part_.cardinality(); }

    /// The same with one value alone for a parameter outside of the units: `at("image_size", "224")`.
    /// @throws input_error for a parameter that is in a unit or unknown, and for a value that it does not have
    [[nodiscard]] reduced_space at(std::string_view name, std::string_view value) const {
        const auto p = view_of<S>.find(name);
        if (p == parameter_count<S> || unit_of_parameter<S>[p] != unit_count)
            throw input_error{"reduced space", name, "a parameter outside of the units", p == parameter_count<S> ? "no parameter" : "one of a unit"};
        const auto index = find_value(view_of<S>, p, value);
        if (index == view_of<S>.domain_size(p))
            throw input_error{"reduced space", name, "one of " + domain_text(view_of<S>, p), '\'' + std::string{value} + '\''};
        auto left = content_->values;
        std::erase_if(left, [&](const parameter_values& v) { return v.parameter == p; });
        left.push_back({p, {index}});
        return reduced_space{content_->modules, std::move(left)};
    }

    /// Several in one: the modules of each unit one list after the other, each once, as AutoBuild joins them. It holds the points of all, and those
    /// that mix them.
    /// @throws input_error for none, and where they do not leave the same values outside of the units
    [[nodiscard]] static reduced_space joined(std::span<const reduced_space> spaces) {
        if (spaces.empty()) throw input_error{"reduced spaces", "", "one or more", "none"};
        modules_type all;
        for (const auto& s : spaces) {
            if (!(sorted_values(s) == sorted_values(spaces.front())))
                throw input_error{"reduced spaces", "", "the same values outside of the units in all of them", "others"};
            for (std::size_t u = 0; u < unit_count; ++u)
                for (const auto& m : s.modules(u))
                    if (std::none_of(all[u].begin(), all[u].end(), [&](const unit_module<S>& other) { return other.values == m.values; }))
                        all[u].push_back(m);
        }
        return reduced_space{std::move(all), spaces.front().values()};
    }

private:
    struct content {
        content(modules_type m, std::vector<parameter_values> v) : modules{std::move(m)}, values{std::move(v)} {}
        modules_type modules;
        std::vector<parameter_values> values;
    };

    static std::vector<std::pair<std::size_t, std::vector<std::size_t>>> sorted_values(const reduced_space& s) {
        std::vector<std::pair<std::size_t, std::vector<std::size_t>>> sorted;
        for (const auto& v : s.values()) {
            sorted.emplace_back(v.parameter, v.indices);
            std::sort(sorted.back().second.begin(), sorted.back().second.end());
        }
        std::sort(sorted.begin(), sorted.end());
        return sorted;
    }

    /// First values for all that is not of the unit.
    static modules_type cleaned(modules_type modules) {
        for (std::size_t u = 0; u < unit_count; ++u) {
            const auto unit = "unit " + std::to_string(u + 1) + " (" + std::string{units_of<S>[u].prefix} + ')';
            if (modules[u].empty()) throw input_error{"reduced space", unit, "at least one module", "none"};
            std::vector<point<S>> met;
            for (auto& m : modules[u]) {
                for (std::size_t p = 0; p < parameter_count<S>; ++p)
                    if (unit_of_parameter<S>[p] != u) m.values[p] = 0;
                met.push_back(m.values);
            }
            std::sort(met.begin(), met.end());
            if (std::adjacent_find(met.begin(), met.end()) != met.end())
                throw input_error{"reduced space", unit, "each module once", "one that stands there twice"};
        }
        return modules;
    }

    static std::vector<allowed_combinations<S>> bundles(const content& c) {
        std::vector<allowed_combinations<S>> all;
        for (std::size_t u = 0; u < unit_count; ++u) {
            auto& b = all.emplace_back();
            b.parameters = unit_parameters<S>(u);
            for (const auto& m : c.modules[u]) b.combinations.push_back(m.values);
        }
        for (const auto& v : c.values) {
            if (v.parameter >= parameter_count<S> || unit_of_parameter<S>[v.parameter] != unit_count)
                throw input_error{"reduced space", "", "values of parameters outside of the units", std::to_string(v.parameter)};
            auto& b = all.emplace_back();
            b.parameters = {static_cast<std::uint32_t>(v.parameter)};
            for (const auto i : v.indices) {
                if (i >= view_of<S>.domain_size(v.parameter))
                    throw input_error{"reduced space", view_of<S>.name(v.parameter), "one of " + domain_text(view_of<S>, v.parameter),
                                      "value " + std::to_string(i)};
                b.combinations.emplace_back()[v.parameter] = static_cast<typename point<S>::index_type>(i);
            }
        }
        return all;
    }

    std::shared_ptr<const content> content_;
    space_part<S> part_;
};

/// The `keep` best of scored modules: by score, of equal ones the earlier.
/// @throws input_error where `keep` is 0 or more than there are, or a score is NaN or infinite
template <search_space S>
[[nodiscard]] std::vector<unit_module<S>> best_modules(std::span<const unit_module<S>> scored, std::size_t keep, std::string_view unit = "modules") {
    if (keep == 0 || keep > scored.size())
        throw input_error{"best modules", unit, "from 1 to " + std::to_string(scored.size()) + " modules to keep", std::to_string(keep)};
    std::vector<std::size_t> order(scored.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (std::isnan(scored[i].score))
            throw input_error{"best modules", unit, "a score for each module", "none for module " + std::to_string(i + 1)};
        if (std::isinf(scored[i].score))
            throw input_error{"best modules", unit, "finite scores",
                              std::string{scored[i].score > 0 ? "inf" : "-inf"} + " for module " + std::to_string(i + 1)};
        order[i] = i;
    }
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return scored[a].score != scored[b].score ? scored[a].score > scored[b].score : a < b; });
    std::vector<unit_module<S>> best;
    for (std::size_t i = 0; i < keep; ++i) best.push_back(scored[order[i]]);
    return best;
}

/// The space reduced to the best modules of each unit. @param keep how many: one number for all units, or one for each
/// @throws input_error as `best_modules`, and for another number of numbers
template <search_space S>
[[nodiscard]] reduced_space<S> reduced_to_best(const typename reduced_space<S>::modules_type& scored, std::span<const std::size_t> keep) {
    constexpr auto units = reduced_space<S>::unit_count;
    if (keep.size() != 1 && keep.size() != units)
        throw input_error{"best modules", "", "one number of modules, or " + std::to_string(units) + " for the units", std::to_string(keep.size())};
    typename reduced_space<S>::modules_type best;
    for (std::size_t u = 0; u < units; ++u)
        best[u] = best_modules<S>(std::span<const unit_module<S>>{scored[u]}, keep.size() == 1 ? keep[0] : keep[u], "unit " + std::to_string(u + 1));
    return reduced_space<S>{std::move(best)};
}

} // namespace verdant
