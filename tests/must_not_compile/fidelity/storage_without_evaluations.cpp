// expect: verdant: this storage keeps no measurements at fidelities
#include <verdant/fidelity.hpp>
#include <verdant/goal.hpp>
#include <verdant/optimizer/random.hpp>
#include <verdant/study/memory_storage.hpp>
namespace vd = verdant;

struct net : vd::space<vd::param<"depth", vd::range<2, 8>>> {};
struct epochs : vd::fidelity_scale<"epochs", "epochs", 1, 27> {};
using study = vd::search<net, vd::maximize<vd::accuracy>, vd::random_search>;
vd::metrics<vd::accuracy> train(const vd::point<net>&, vd::at_fidelity<epochs>);
#if defined(VERDANT_GOOD)
vd::memory_storage kept;
const auto found = vd::multi_fidelity<study, epochs, vd::asha>{train}.run({}, kept);
#else
struct plain {
    std::optional<vd::stored_study> load();
    void create(const vd::study_description&);
    void begin(const vd::stored_ask&, const vd::stored_state&);
    void add(const vd::stored_trial&);
    std::string name() const;
} kept;
const auto found = vd::multi_fidelity<study, epochs, vd::asha>{train}.run({}, kept);
#endif
