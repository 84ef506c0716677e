#include "laws/study_recorder.hpp"
#include "catch.hpp"
#include "laws/storage.hpp"

#include <verdant/study/memory_storage.hpp>
#include <verdant/study/study_keeper.hpp>

namespace vd = verdant;
using keeper = vd::study_keeper<laws::law_session>;

TEST_CASE("the recorder that records nothing is one", "[search]") {
    laws::obeys_study_recorder_laws([] { return vd::no_recorder<laws::law_session>{}; }, laws::recording::is_forgotten);
}

TEST_CASE("so is the one over a storage in memory, which is a storage", "[search]") {
    vd::memory_storage kept, other;
    laws::obeys_study_recorder_laws([&] { return keeper{kept}; }, laws::recording::lasts);
    laws::obeys_storage_laws([&]() -> vd::memory_storage& { return other; });
    vd::memory_storage asynchronous;
    laws::keeps_the_order_told([&]() -> vd::memory_storage& { return asynchronous; });
}

namespace {

// A storage that keeps all but one thing.
template <class Lose>
struct forgetful : vd::memory_storage {
    void add(vd::stored_trial t) {
        Lose::of(t);
        vd::memory_storage::add(t);
    }
    void replace(vd::stored_trial t) {
        Lose::of(t);
        vd::memory_storage::replace(t);
    }
    void revise(const vd::stored_trial& t, const vd::stored_correction& one) {
        replace(t);
        if constexpr (!requires { Lose::corrections; }) vd::memory_storage::revise(t, one);
    }
};
struct times_lost {
    static void of(vd::stored_trial& t) { t.times = {}; }
};
struct origin_lost {
    static void of(vd::stored_trial& t) { t.origin = vd::trial_origin::optimizer; }
};
struct corrections_lost {
    static void of(vd::stored_trial&) {}
    static constexpr bool corrections = false;
};
template <class Lose>
void try_forgetful_storage() {
    forgetful<Lose> kept;
    laws::obeys_storage_laws([&]() -> forgetful<Lose>& { return kept; });
}

} // namespace

TEST_CASE("a storage without times breaks the laws of storages", "[search][!shouldfail]") { try_forgetful_storage<times_lost>(); }
TEST_CASE("a storage without origins breaks the laws of storages", "[search][!shouldfail]") { try_forgetful_storage<origin_lost>(); }
TEST_CASE("a storage without corrections breaks the laws of storages", "[search][!shouldfail]") { try_forgetful_storage<corrections_lost>(); }

TEST_CASE("what is pending is recorded, and ends with its completion", "[search]") {
    vd::memory_storage kept;
    keeper k{kept};
    const vd::nsga2<>::options options{.population = 6};
    laws::law_session session{5, options};
    k.open(session, options, 5, 6);
    const auto q = session.pose(k.next(session, 6, 40, 0));
    REQUIRE(laws::known_of(k, q).empty());
    REQUIRE((k.pending().size() == q.fresh.size() && kept.load()->pending.size() == q.fresh.size()));
    REQUIRE(kept.load()->pending[2].number == q.fresh[2].number);
    k.completed(laws::answer_to(q.fresh[2]));
    REQUIRE((k.pending().size() == q.fresh.size() - 1 && kept.load()->pending.size() == q.fresh.size() - 1));
    REQUIRE(kept.load()->pending[2].number == q.fresh[3].number);
    REQUIRE(kept.load()->trials.at(0).number == q.fresh[2].number);
    REQUIRE_THROWS_WITH(k.completed(laws::answer_to(q.fresh[2])), "verdant: study in memory, trial 2: expected a pending trial, found none");
}
