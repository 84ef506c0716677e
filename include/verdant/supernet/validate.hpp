#pragma once

#include <verdant/error.hpp>
#include <verdant/nn/core/prelude.hpp>
#include <verdant/nn/evaluate/evaluate_images.hpp>
#include <verdant/nn/layers/recalibration.hpp>
#include <verdant/supernet/validation_grid.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace verdant::supernet {

/// What validation of a supernet found.
struct validation_result {
    struct row {
        std::string name; ///< `R224-D4-E6-K7-W0`
        nn::image_score score;
    };
    std::vector<row> rows;
    nn::image_score mean; ///< of the rows; `images` are those of one row
};

/// Validates a supernet (progressive_shrinking.py, validate): for each sub-network of the grid the statistics of its norms are measured anew, then
/// it is evaluated. The statistics that the supernet holds are those of the last one then, as in the originals.
/// @param calibration `calibration(size)`: a range of images [B, 3, size, size], such as those of `nn::recalibration_subset`; called once a size
/// @param tests       `tests(size)`: a range of labelled images
/// @throws error if the grid is empty, or there are no images
template <class Supernet, class Calibration, class Tests>
[[nodiscard]] validation_result validate(const Supernet& net, std::span<const validation_subnet<typename Supernet::space_type>> grid,
                                         const Calibration& calibration, const Tests& tests) {
    if (grid.empty()) throw error{"a supernet cannot be validated without sub-networks"};
    std::map<int, decltype(calibration(0))> images;
    validation_result out;
    for (const auto& v : grid) {
        const int size = v.arch.image_size;
        auto found = images.find(size);
        if (found == images.end()) found = images.emplace(size, calibration(size)).first;
        const auto active = net.active(v.arch);
        nn::recalibrate(active, found->second);
        out.rows.push_back({v.name, nn::evaluate(active, tests(size))});
    }
    const auto rows = static_cast<double>(out.rows.size());
    for (const auto& r : out.rows) {
        out.mean.loss += r.score.loss / rows;
        out.mean.top1 += r.score.top1 / rows;
        out.mean.top5 += r.score.top5 / rows;
    }
    out.mean.images = out.rows.front().score.images;
    return out;
}
template <class Supernet, class Calibration, class Tests>
[[nodiscard]] validation_result validate(const Supernet& net, const std::vector<validation_subnet<typename Supernet::space_type>>& grid,
                                         const Calibration& calibration, const Tests& tests) {
    return validate(net, std::span{grid}, calibration, tests);
}

} // namespace verdant::supernet
