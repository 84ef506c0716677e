// expect: verdant: this objective cannot be spread over processes
#include <verdant/nn/train/distributed_gradients.hpp>

struct own_loss {
    void begin(std::span<const verdant::nn::image_text_batch>) {}
    at::Tensor operator()(const verdant::nn::clip_model& m, const verdant::nn::clip_features& f) const { return m.logit_scale * f.image.sum(); }
};
#if defined(VERDANT_GOOD)
using processes = verdant::nn::single_process;
#else
struct processes : verdant::nn::single_process {};
#endif
double step(const verdant::nn::clip_model& m, std::span<const verdant::nn::image_text_batch> batches, own_loss& loss) {
    return verdant::nn::accumulate_gradients(processes{}, m, batches, loss);
}
