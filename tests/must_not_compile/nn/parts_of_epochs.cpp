// expect: verdant: epochs_evaluator trains whole epochs, and its scale has parts of them
#include <verdant/nn/recipes/epochs_evaluator.hpp>
namespace vd = verdant;

struct pictures {
    [[nodiscard]] static std::size_t size() { return 1; }
    [[nodiscard]] static std::size_t classes() { return 2; }
    [[nodiscard]] static std::int64_t label(std::size_t) { return 0; }
    [[nodiscard]] static vd::io::rgb_image image(std::size_t) { return {}; }
};
struct build {};
#if defined(VERDANT_GOOD)
struct epochs : vd::fidelity_scale<"epochs", "epochs", 1, 9> {};
#else
struct epochs : vd::fidelity_scale<"epochs", "epochs", 0.5, 9.0> {};
#endif
[[maybe_unused]] constexpr auto bytes = sizeof(vd::nn::epochs_evaluator<epochs, build, pictures>);
