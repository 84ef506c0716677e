// Curves of a training for TensorBoard, which programs write where --tensorboard asks for them.
#pragma once

#include "paths.hpp"

#include <verdant/error.hpp>
#include <verdant/io/tensorboard/event_file.hpp>

#include <CLI/CLI.hpp>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

namespace terminal {

/// The same option for all programs.
inline void add_tensorboard(CLI::App& app, std::string& folder) {
    app.add_option("--tensorboard", folder, "a folder, in which each training gets one of its own with curves for TensorBoard")->check(path());
}

/// The curves of one training; of none where the folder is empty. A trouble with the folder ends a program before its training; one with its file later, such as a full
/// disk, is told once and ends the curves alone.
class curves {
public:
    /// @param folder of all trainings @param training its name
    /// @param first the step that comes next: curves of an earlier run are cut off there
    /// @param steps in all: of long trainings not each one is written @throws file_error
    curves(const std::string& folder, const std::string& training, std::int64_t first, std::int64_t steps) : every_{1 + steps / 10'000} {
        if (!folder.empty())
            file_ = std::make_unique<verdant::io::event_file>(folder + '/' + training, verdant::io::event_file_options{.goes_on_at = first});
    }

    /// Whether a step is one of those that are written.
    [[nodiscard]] bool takes(std::int64_t step) const noexcept { return file_ != nullptr && step % every_ == 0; }
    void add(const char* tag, double value, std::int64_t step) {
        if (file_ == nullptr) return;
        try {
            file_->scalar(tag, value, step);
        } catch (const verdant::file_error& wrong) {
            std::fprintf(stderr, "--tensorboard: %s; there are no more curves\n", wrong.what());
            file_.reset();
        }
    }

private:
    std::unique_ptr<verdant::io::event_file> file_;
    std::int64_t every_;
};

} // namespace terminal
