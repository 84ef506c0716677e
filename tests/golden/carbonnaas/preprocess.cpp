#include "golden/golden.hpp"

#include <verdant/image/preprocess.hpp>
#include <verdant/io/tensor/npz.hpp>

#include <algorithm>

namespace io = verdant::io;

namespace {

io::rgb_image picture(const io::tensor_data& in) {
    const auto& shape = in.shape();
    if (shape.size() == 2) return io::rgb_image::from_gray(shape[1], shape[0], in.content());
    return {shape[1], shape[0], {in.content().begin(), in.content().end()}};
}

} // namespace

TEST_CASE("preprocessing equals OpenCLIP's on every picture, mode, filter and size", "[golden][io]") {
    for (const auto& f : golden::find_all("carbonnaas/preprocess/preprocess*.npz")) {
        const auto all = io::read_npz(f.path.string());
        golden::summary summary{f.name, 1e-6}; // 8-bit steps are 4e-3 / 0.27: one would be seen
        std::size_t inputs = 0;
        for (const auto& [name, expected] : all) {
            if (name.ends_with("/in")) {
                ++inputs;
                continue;
            }
            summary.next_row();
            const auto slash = name.find('/');
            const auto first = name.find('_', slash), second = name.find('_', first + 1);
            const auto mode = name.substr(slash + 1, first - slash - 1), filter = name.substr(first + 1, second - first - 1);
            REQUIRE((mode == "shortest" || mode == "longest" || mode == "squash"));
            REQUIRE((filter == "bicubic" || filter == "bilinear"));
            io::preprocessing how;
            how.size = std::stoul(name.substr(second + 1));
            how.mode = mode == "shortest" ? io::resize_mode::shortest : mode == "longest" ? io::resize_mode::longest : io::resize_mode::squash;
            how.filter = filter == "bicubic" ? io::resampling::bicubic : io::resampling::bilinear;
            const auto found = io::preprocess(picture(all.at(name.substr(0, slash) + "/in")), how);
            const auto wanted = expected.to<float>();
            REQUIRE(found.size() == wanted.size());
            std::size_t equal = 0;
            for (std::size_t i = 0; i < found.size(); ++i) {
                summary.compare(name, wanted[i], found[i]);
                equal += found[i] == wanted[i] ? 1 : 0;
            }
            CHECK(equal == found.size());
        }
        CHECK(summary.rows() + inputs == all.size());
    }
}
