// Makes the studies that the tests of report and study read: `report_data FILE TRIALS [DOMAIN]` writes one of TRIALS trials, repeated with other
// points of a wider space where these are more than 20; DOMAIN takes the place of that of `depth`. `report_data FILE --grow TRIALS MILLISECONDS` adds
// trials one by one, as a search does.
#include "../kept_study.hpp"

#include <verdant/search/stored_study.hpp>
#include <verdant/study/sqlite_storage.hpp>
#include <verdant/study/sqlite_study.hpp>

#include <chrono>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <thread>

namespace {

/// A space of 1000 x 40 x 4 points with three goals.
verdant::stored_study large(std::size_t trials) {
    auto study = kept::study();
    study.description.parameters = {{"width", "integer", "", ""}, {"depth", "integer", "", ""}, {"bits", "integer", "2, 4, 8, 16", ""}};
    for (int i = 0; i < 1000; ++i) study.description.parameters[0].domain += (i == 0 ? "" : ", ") + std::to_string(i);
    for (int i = 0; i < 40; ++i) study.description.parameters[1].domain += (i == 0 ? "" : ", ") + std::to_string(i);
    study.description.constraints.clear();
    study.description.goals.push_back({"minimize", "energy", "J", 1, 3, std::nan(""), std::nan("")});
    study.trials.clear();
    for (std::size_t i = 0; i < trials; ++i) {
        const auto at = i * 7919 % 160000; // 7919 and 160000 have no common factor: each point once
        const auto width = static_cast<double>(at % 1000), depth = static_cast<double>(at / 1000 % 40), bits = std::exp2(1.0 + static_cast<double>(at / 40000));
        verdant::stored_trial t{.number = i, .parameters = {std::to_string(at % 1000), std::to_string(at / 1000 % 40), std::to_string(2 << at / 40000)}};
        t.metrics = {1 - 1 / std::sqrt(2 + width * depth * bits / 64), 1e-6 * (1 + width) * (1 + depth) * (0.5 + bits / 32), 1e-5 * (1 + width) * (1 + depth) * bits};
        const auto began = 1.79e9 + static_cast<double>(i / 8);
        t.times = {began, began + 0.5 + static_cast<double>(at % 50) / 100, static_cast<std::uint32_t>(i % 8 + 1)};
        study.trials.push_back(std::move(t));
    }
    return study;
}

} // namespace

int main(int count, char** words) {
    const std::string path = words[1];
    if (std::string_view{words[2]} == "--grow") {
        const auto study = kept::study();
        verdant::sqlite_storage file{path};
        file.create(study.description);
        file.begin({.number = 0, .points = study.trials.size(), .wanted = study.trials.size()}, {});
        for (std::size_t i = 0; i < std::stoul(words[3]); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds{std::stoi(words[4])});
            file.add(study.trials[i]);
        }
        return 0;
    }
    const auto trials = std::stoul(words[2]);
    auto study = trials > 20 ? large(trials) : kept::study();
    for (auto& t : study.trials) // as its domain has it, so that files can be compared
        if (t.parameters.back() == "0.30000000000000004") t.parameters.back() = "0.3";
    if (trials < 20) study.trials.resize(trials);
    if (count > 3) study.description.parameters[0].domain = words[3];
    verdant::write_sqlite_study(path, study);
    return 0;
}
