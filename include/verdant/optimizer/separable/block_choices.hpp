#pragma once

#include <verdant/error.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/program.hpp>
#include <verdant/space/space.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

/// The feasible combinations of the parameters of one block.
namespace verdant::detail {

/// Parameters of a block, or those that all share, with what constrains them once shared parameters have values.
template <class = instantiated_when_used>
class basic_block_choices {
public:
    static constexpr std::size_t most_choices = std::numeric_limits<std::uint16_t>::max();

    /// @param block of each parameter @param number of this block @param shared what stands for shared parameters in `block`
    basic_block_choices(const space_view& space, std::span<const std::size_t> block, std::size_t number, std::size_t shared);

    [[nodiscard]] const std::vector<std::size_t>& members() const noexcept { return members_; }
    /// Whether its choices depend on shared parameters.
    [[nodiscard]] bool depends_on_shared() const noexcept { return depends_; }

    /// Calls `f()` for each feasible combination, in lexicographic order, with its indices in place; afterwards they are 0.
    template <class Indices, class F>
    void for_each(Indices& indices, F&& f) const {
        walk(0, indices, f);
        for (const auto p : members_) indices[p] = 0;
    }

private:
    template <class Program>
    void depends(const Program& code, std::span<const std::size_t> block, std::size_t number, std::size_t shared) {
        for (const auto& step : code)
            if (step.code == opcode::variable && number != shared && block[static_cast<std::size_t>(step.operand)] == shared) depends_ = true;
    }

    template <class Indices, class F>
    void walk(std::size_t m, Indices& indices, F& f) const {
        if (m == members_.size()) return f();
        const auto p = members_[m];
        using index = std::remove_cvref_t<decltype(indices[p])>;
        const auto values = space_.active(p, indices) ? space_.domain_size(p) : std::size_t{1};
        for (std::size_t i = 0; i < values; ++i) {
            indices[p] = static_cast<index>(i);
            if (std::all_of(due_[m].begin(), due_[m].end(), [&](std::size_t c) { return space_.holds(c, indices); })) walk(m + 1, indices, f);
        }
        indices[p] = 0;
    }

    space_view space_;
    std::vector<std::size_t> members_;
    std::vector<std::vector<std::size_t>> due_; ///< of each member the constraints that its value decides
    bool depends_ = false;
};

template <class Deferred>
basic_block_choices<Deferred>::basic_block_choices(const space_view& space, std::span<const std::size_t> block, std::size_t number,
                                                   std::size_t shared)
    : space_{space} {
    std::vector<std::size_t> place(space.size(), space.size());
    for (std::size_t p = 0; p < space.size(); ++p)
        if (block[p] == number) {
            place[p] = members_.size();
            members_.push_back(p);
            if (space.conditional(p)) depends(space.guard(p), block, number, shared);
        }
    due_.resize(members_.size());
    for (std::size_t c = 0; c < space.constraint_count(); ++c) {
        std::size_t last = 0;
        bool own = false, foreign = false;
        for (const auto& step : space.constraint(c)) {
            if (step.code != opcode::variable) continue;
            const auto p = static_cast<std::size_t>(step.operand);
            if (block[p] == number) {
                own = true;
                last = std::max(last, place[p]);
            } else if (block[p] != shared || number == shared) foreign = true;
        }
        if (!own || foreign) continue;
        due_[last].push_back(c);
        depends(space.constraint(c), block, number, shared);
    }
}
VERDANT_DEFINED_ONCE(basic_block_choices<>::basic_block_choices(const space_view&, std::span<const std::size_t>, std::size_t, std::size_t));
using block_choices = basic_block_choices<>;

} // namespace verdant::detail
