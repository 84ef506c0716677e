#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/random/stream.hpp>
#include <verdant/space/elimination.hpp>
#include <verdant/space/index_view.hpp>
#include <verdant/space/structure.hpp>
#include <verdant/space/summed_group.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>

/// Counts of the feasible combinations of a group that is too large to enumerate.
namespace verdant::detail {

/// In how many ways a group can be completed. Behind a boundary, so that programs whose spaces have no constraints compile nothing of how it is
/// counted.
class group_counts {
public:
    virtual ~group_counts() = default;
    /// Whether any combination is feasible.
    [[nodiscard]] virtual bool feasible() const = 0;
    /// The exact number of feasible combinations, where no count on the way passed 2^53.
    [[nodiscard]] virtual std::optional<std::uint64_t> count() const = 0;
    /// For each value of a member: in how many ways, up to a factor, the later members can follow after the earlier ones in `indices`.
    /// Zero exactly where in none.
    [[nodiscard]] virtual std::span<const double> weights(std::size_t member, index_view indices) const = 0;
    /// Draws all members, uniformly over the feasible combinations. @pre feasible()
    virtual void sample(std::span<const std::uint32_t> members, index_writer indices, random_stream& random) const = 0;
};

/// By one method.
template <class Group>
class group_counts_of final : public group_counts {
public:
    explicit group_counts_of(Group group) : group_{std::move(group)} {}
    [[nodiscard]] bool feasible() const override { return group_.feasible(); }
    [[nodiscard]] std::optional<std::uint64_t> count() const override { return group_.count(); }
    [[nodiscard]] std::span<const double> weights(std::size_t member, index_view indices) const override { return group_.weights(member, indices); }
    void sample([[maybe_unused]] std::span<const std::uint32_t> members, index_writer indices, random_stream& random) const override {
        if constexpr (requires { group_.sample(members, indices, random); }) group_.sample(members, indices, random);
        else group_.sample(indices, random);
    }

private:
    Group group_;
};

using count_maker = std::shared_ptr<const group_counts> (*)(const space_view&, const structure_view&, std::size_t);

/// The counts of a group, by whichever method can make them; null where the constraints are too entangled for both.
template <class Deferred = instantiated_when_used>
[[nodiscard]] std::shared_ptr<const group_counts> make_group_counts(const space_view& space, const structure_view& structure, std::size_t group) {
    using eliminated = basic_eliminated_group<Deferred>;
    using summed = basic_summed_group<Deferred>;
    if (auto made = eliminated::make(space, structure, group)) return std::make_shared<const group_counts_of<eliminated>>(std::move(*made));
    if (auto made = summed::make(space, structure, group)) return std::make_shared<const group_counts_of<summed>>(std::move(*made));
    return nullptr;
}
VERDANT_DEFINED_ONCE(std::shared_ptr<const group_counts> make_group_counts<>(const space_view&, const structure_view&, std::size_t));

} // namespace verdant::detail
