// How a program with a command line ends: with what is wrong in one line of standard error, and the exit status 2 for what its user gave it, 1 for
// everything else.
#pragma once

#include "standard_output.hpp"
#include "validators.hpp"

#include <verdant/error.hpp>
#include <verdant/nn/processes/failed.hpp>
#include <verdant/parallel/launcher.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>

namespace terminal {

/// The exit status of an exception, and what is said of it. What comes from outside (options, files, limits that nothing satisfies) has the
/// status 2 and a text that names it; all other texts begin with the program.
[[nodiscard]] inline verdant::nn::failure failure_of(const std::exception_ptr& e, std::string_view program) {
    const auto of_program = [program](std::string_view text) { return std::string{program} + ": " + std::string{text}; };
    try {
        std::rethrow_exception(e);
    } catch (const verdant::nn::failed& f) { return {f.status(), f.text()}; } catch (const CLI::ParseError& wrong) {
        return {2, of_program(wrong.what())};
    } catch (const verdant::input_error& wrong) { return {2, wrong.what()}; } catch (const verdant::file_error& wrong) {
        return {2, wrong.what()};
    } catch (const verdant::infeasible_error& wrong) { return {2, wrong.what()}; } catch (const std::exception& wrong) {
        // LibTorch adds where its code was, over many lines.
        const std::string_view text = wrong.what();
        return {1, of_program(text.substr(0, text.find("\nException raised from ")))};
    }
}

/// Says what is wrong in one line, whatever the text holds; nothing where it is empty, since it was said already or another process says it.
/// @return the exit status
inline int complain(const verdant::nn::failure& f) {
    auto text = f.text;
    std::replace(text.begin(), text.end(), '\n', ' ');
    if (!text.empty()) std::cerr << text << std::endl;
    return f.status;
}

/// Which of several processes say what is wrong.
enum class speaking : unsigned char {
    all,   ///< each for itself
    first, ///< the first one, since all find the same: until they talk to each other
};

namespace detail {

/// Throws what CLI11 throws for `--name=` with nothing behind it, of which CLI11 itself makes the next argument the value.
inline void require_values_behind_signs(int argc, const char* const* argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--") return;
        if (!argument.starts_with("--") || argument.find('=') != argument.size() - 1) continue;
        const std::string name{argument.substr(0, argument.size() - 1)};
        throw CLI::ValidationError{name, "expected a value behind '=', found nothing; an empty one is written " + name + " ''"};
    }
}

template <class Work>
int run(CLI::App& app, int argc, char** argv, const Work& work, speaking who) {
    const bool speaks = who == speaking::all || verdant::parallel::speaks_for_all();
    try {
        require_plain_numbers(app);
        require_values_behind_signs(argc, argv);
        app.parse(argc, argv);
        return work();
    } catch (const CLI::Success& help) { return speaks ? app.exit(help) : 0; } catch (const verdant::nn::failed& f) {
        return complain({f.status(), f.text()}); // it has a text in the one process that is to say it
    } catch (...) {
        auto wrong = failure_of(std::current_exception(), app.get_name());
        if (!speaks) wrong.text.clear();
        return complain(wrong);
    }
}

} // namespace detail

/// Reads the command line, whose numbers are plain ones (`require_plain_numbers`), and does the work. Where standard output cannot be written to, that is said, and the status is not 0.
/// @param app  with its name, which complaints begin with
/// @param work gives the exit status
template <class Work>
int run(CLI::App& app, int argc, char** argv, const Work& work, speaking who = speaking::all) {
    reserve_descriptors();
    const int status = detail::run(app, argc, argv, work, who);
    const auto wrong = output_failure();
    if (wrong.empty()) return status;
    return complain({status == 0 ? 1 : status, app.get_name() + ": cannot write to standard output: " + wrong});
}

} // namespace terminal
