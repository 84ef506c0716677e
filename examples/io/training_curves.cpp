// Curves of a training for TensorBoard, of one that is interrupted and goes on.
#include <verdant/io/tensorboard/event_file.hpp>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <string>

#include <unistd.h>

namespace io = verdant::io;

// [train]
void train(const std::string& folder, std::int64_t first, std::int64_t last) {
    io::event_file curves{folder, {.goes_on_at = first}}; // what an earlier run wrote of this step and later ones counts no more
    curves.text("settings", "learning rate **0.1**", first);
    for (auto step = first; step < last; ++step) curves.scalar("training/loss", std::exp(-0.01 * static_cast<double>(step)), step);
}
// [/train]

int main() {
    const auto folder = std::filesystem::temp_directory_path() / ("verdant-curves-" + std::to_string(::getpid()));
    train((folder / "run").string(), 0, 100);  // a kill, and a checkpoint of step 80
    train((folder / "run").string(), 80, 200); // tensorboard --logdir shows steps 0 to 79 of the first file, and the second one
    const std::filesystem::directory_iterator files{folder / "run"};
    std::cout << std::distance(begin(files), end(files)) << " files\n";
    std::filesystem::remove_all(folder);
}
