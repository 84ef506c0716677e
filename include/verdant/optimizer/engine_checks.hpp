#pragma once

#include <verdant/goal/pending_trial.hpp>
#include <verdant/goal/trial.hpp>
#include <verdant/optimizer/concept.hpp>
#include <verdant/optimizer/saved_state.hpp>

#include <span>
#include <string>
#include <string_view>
#include <type_traits>

/// Whether a search can call what an engine may have besides `ask` and `tell`. A member that it cannot call would be passed over without a word: a
/// resumed search would be replayed from its beginning, a correction not reach the engine, points be proposed twice.
namespace verdant::detail {

/// Stands for an argument of any type, where it only matters how many there are.
struct any_member_argument {
    template <class T>
    operator T&() const noexcept; // NOLINT(google-explicit-constructor)
    template <class T>
    operator T&&() const noexcept; // NOLINT(google-explicit-constructor)
};

template <class Engine>
concept asked_by_three_arguments = requires(Engine& e, const any_member_argument& some) { e.ask(some, some, some); };

/// The address of a member function, or of a static one.
template <class Address>
concept address_of_function = std::is_member_function_pointer_v<Address> || std::is_function_v<std::remove_pointer_t<Address>>;

// A member that is one function has an address; templates and overloads have none that could be asked for, but can be called. One that a constraint
// rules out has neither, and is as good as not there.

template <class Engine>
concept names_save =
    requires { requires address_of_function<decltype(&Engine::save)>; } || requires(Engine& e) { e.save(); } || requires(Engine& e, const any_member_argument& some) { e.save(some); };
template <class Engine>
concept names_restore = requires { requires address_of_function<decltype(&Engine::restore)>; } || requires(Engine& e, const any_member_argument& some) { e.restore(some); } ||
                        requires(Engine& e, const any_member_argument& some) { e.restore(some, some); } ||
                        requires(Engine& e, const any_member_argument& some) { e.restore(some, some, some); };
template <class Engine>
concept names_correct = requires { requires address_of_function<decltype(&Engine::correct)>; } || requires(Engine& e, const any_member_argument& some) { e.correct(some); } ||
                        requires(Engine& e, const any_member_argument& some) { e.correct(some, some); };

/// A selection of an evolution that is saved with it.
template <class Selection>
concept saved_selection = requires(Selection& s, const Selection& c, state_writer& out, state_reader& in) {
    c.save(out);
    s.restore(in);
};
/// One with a state that the engine could not save.
template <class Engine>
concept forgets_selection = requires { typename Engine::checked_selection; } && !saved_selection<typename Engine::checked_selection> &&
                            (names_save<typename Engine::checked_selection> || names_restore<typename Engine::checked_selection>);

// What is wrong. The members are looked for only where the right ones are not there: a call of a template with a deduced type would compile its body.

template <class Engine, class Space, class Goals>
concept asks_otherwise = !pending_optimizer<Engine, Space, Goals> && asked_by_three_arguments<Engine>;
template <class Engine, class Space, class Goals>
concept saves_otherwise = !savable_engine<Engine, Space, Goals> && (names_save<Engine> || names_restore<Engine>);
template <class Engine, class Space, class Goals>
concept corrects_otherwise = !correctable_engine<Engine, Space, Goals> && names_correct<Engine>;

/// The engine whose members are looked at: where one stands around another, its `checked_inner_engine`, the inner one, whose right members it has.
template <class Engine>
struct checked_engine {
    using type = Engine;
};
template <class Engine>
    requires requires { typename Engine::checked_inner_engine; }
struct checked_engine<Engine> : checked_engine<typename Engine::checked_inner_engine> {};

/// Made where an engine is named, so that compilers list few steps between the mistake and the user's line. One mistake is reported at a time.
/// @tparam Engine models `optimizer`
template <class Engine, class Space, class Goals>
struct engine_members {
    static constexpr bool asks = !asks_otherwise<Engine, Space, Goals>;
    static_assert(asks, "verdant: the engine of the optimizer has an ask of three arguments that is not the one for pending trials; write "
                        "std::vector<point<Space>> ask(random_stream&, std::size_t, std::span<const pending_trial<Space>>)");
    static constexpr bool selects = !forgets_selection<Engine>;
    static_assert(!asks || selects,
                  "verdant: the selection of the optimizer has a member save or restore and not the two that resume a search; write both, "
                  "void save(state_writer&) const and void restore(state_reader&), or neither");
    static constexpr bool saves = !saves_otherwise<Engine, Space, Goals>;
    static_assert(
        !asks || !selects || saves,
        "verdant: the engine of the optimizer has a member save or restore and not the two that resume a search; write both, std::string save() "
        "const and void restore(std::string_view, std::span<const trial<Space, Goals>>), or neither");
    static constexpr bool corrects = !corrects_otherwise<Engine, Space, Goals>;
    static_assert(!asks || !selects || !saves || corrects,
                  "verdant: the engine of the optimizer has a member correct that is not the one for corrected trials; write void "
                  "correct(const trial<Space, Goals>&)");
    static constexpr bool good = asks && selects && saves && corrects;
    static constexpr bool value = true; // a false one would add a second error below the first
};

} // namespace verdant::detail
