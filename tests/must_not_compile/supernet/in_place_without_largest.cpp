// expect: verdant: in-place distillation takes the first sub-network of a step for the largest
#include <verdant/spaces/once_for_all/moofa.hpp>
#include <verdant/supernet/elastic_supernet.hpp>
#include <verdant/supernet/train_supernet.hpp>

namespace sn = verdant::supernet;
struct no_images {
    static std::int64_t size() { return 0; }
    verdant::nn::labelled_images operator()(std::int64_t, std::int64_t) const { return {}; }
};
void train(sn::supernet<verdant::spaces::moofa_v3>& net, verdant::nn::sgd& optimizer) {
    sn::distil_in_place<> distillation;
#if defined(VERDANT_GOOD)
    const sn::sandwich sampling{};
#else
    const sn::random_subnets sampling{};
#endif
    sn::train_phase(net, optimizer, sn::moofa_phases[4], no_images{}, sampling, distillation, [](const sn::shrinking_progress&) {});
}
