#pragma once

#include <verdant/optimizer/engine_checks.hpp>
#include <verdant/search/storage.hpp>

/// Whether a study can call what a storage may have besides the members that every storage has. A member that it cannot call would be passed over
/// without a word: pending trials, corrections or measurements would not be kept.
namespace verdant::detail {

/// Made where `run` is called, so that compilers list few steps between the mistake and the user's line. One mistake is reported at a time.
template <class Part>
struct storage_members {
    static constexpr bool value = true;
};
template <storage S>
struct storage_members<S> {
    static constexpr bool submits = pending_storage<S> || !requires { requires address_of_function<decltype(&S::submit)>; };
    static_assert(submits, "verdant: a storage has a member submit that is not the one for pending trials; write void submit(const stored_pending&)");
    static constexpr bool replaces = correcting_storage<S> || !requires { requires address_of_function<decltype(&S::replace)>; };
    static_assert(!submits || replaces,
                  "verdant: a storage has a member replace that is not the one for corrected trials; write void replace(const stored_trial&)");
    static constexpr bool revises = revising_storage<S> || !requires { requires address_of_function<decltype(&S::revise)>; };
    static_assert(!submits || !replaces || revises,
                  "verdant: a storage has a member revise that is not the one for corrections, or no replace beside it; write "
                  "void revise(const stored_trial&, const stored_correction&) and void replace(const stored_trial&)");
    static constexpr bool measures = evaluation_storage<S> || !requires { requires address_of_function<decltype(&S::measure)>; };
    static_assert(
        !submits || !replaces || !revises || measures,
        "verdant: a storage has a member measure that is not the one for measurements at fidelities; write void measure(const stored_evaluation&)");
    static constexpr bool consumes = metered_storage<S> || !requires { requires address_of_function<decltype(&S::consumed)>; };
    static_assert(!submits || !replaces || !revises || !measures || consumes,
                  "verdant: a storage has a member consumed that is not the one for what runs consumed; write "
                  "void consumed(std::uint64_t, const search_consumption&)");
    static constexpr bool value = true; // a false one would add a second error below the first
};

} // namespace verdant::detail
