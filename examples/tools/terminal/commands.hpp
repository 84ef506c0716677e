// What a command of a program is that has several.
#pragma once

#include <CLI/CLI.hpp>

#include <concepts>
#include <tuple>

namespace terminal {

/// A command: its name, a line about it, its options, and what it does. A struct whose members are its settings.
template <class C>
concept command = requires(C& c, CLI::App& app) {
    { C::name } -> std::convertible_to<const char*>;
    { C::about } -> std::convertible_to<const char*>;
    c.add_options(app);
    { c.run() } -> std::same_as<int>; // the exit status
};

/// The commands of the program, of which its user calls one.
template <command... C>
class commands {
public:
    explicit commands(CLI::App& app) {
        app.require_subcommand(1);
        each([&app](auto& c) { c.add_options(*app.add_subcommand(c.name, c.about)); });
    }
    /// Runs the one that was called. @return the exit status
    [[nodiscard]] int run(const CLI::App& app) {
        int status = 1;
        each([&](auto& c) {
            if (app.got_subcommand(c.name)) status = c.run();
        });
        return status;
    }

private:
    template <class Do>
    void each(const Do& what) {
        std::apply([&what](auto&... c) { (what(c), ...); }, all_);
    }

    std::tuple<C...> all_{};
};

} // namespace terminal
