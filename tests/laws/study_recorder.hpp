#pragma once

// What every model of the concept `study_recorder` keeps.

#include "catch.hpp"
#include "laws/optimizer.hpp"

#include <verdant/optimizer/evolution/nsga2.hpp>
#include <verdant/search/session.hpp>
#include <verdant/search/study_recorder.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace laws {

using law_session = verdant::search_session<law_space, law_goals, verdant::nsga2<>>;
using law_question = verdant::question<law_space>;
using law_completed = verdant::completed_job<law_goals>;

/// Whether a later search finds what was recorded.
enum class recording { lasts, is_forgotten };

inline law_completed answer_to(const verdant::pending_trial<law_space>& one) {
    const auto t = measured(one.point, one.number);
    return {one.number, {t.values, t.message}};
}
inline void answer_all(law_session& session, const law_question& q) {
    for (std::size_t next = 0; const auto& p : q.asked) {
        if (next < q.fresh.size() && p == q.fresh[next].point) session.tell(answer_to(q.fresh[next++]));
        else session.tell_known(p);
    }
}

template <class R>
std::vector<law_completed> known_of(R& r, const law_question& q) {
    std::vector<law_completed> known;
    const auto take = [&](law_completed one) { known.push_back(std::move(one)); };
    r.asked(q, verdant::completion_sink<law_goals>{take});
    return known;
}

/// @param make gives a recorder of the same study, as a program makes it that is started anew; at first nothing is recorded
template <class Make>
void obeys_study_recorder_laws(const Make& make, recording kind) {
    static_assert(verdant::study_recorder<decltype(make()), law_session>);
    const verdant::nsga2<>::options options{.population = 6};
    constexpr std::uint64_t seed = 5;
    constexpr std::size_t batch = 6, total = 40;

    law_session whole{seed, options}, session{seed, options};
    law_question last;
    std::size_t known = 0;
    {
        auto r = make();
        REQUIRE(r.open(session, options, seed, batch) == 0);
        REQUIRE(session.trials().empty());
        REQUIRE(r.resumed() == 0);
        REQUIRE_FALSE(r.recorded(0));
        for (int round = 0; round < 3; ++round) {
            const auto n = r.next(session, batch, total, 0);
            REQUIRE(n == batch);
            const auto q = session.pose(n);
            REQUIRE(q.asked == whole.pose(n).asked); // it changes nothing of the session
            REQUIRE(q.fresh.size() >= 3);
            REQUIRE(known_of(r, q).empty());
            // Pending trials are completed in any order: backwards, and of the last question two.
            last = q;
            for (std::size_t i = q.fresh.size(); i-- > (round < 2 ? 0 : q.fresh.size() - 2);) r.completed(answer_to(q.fresh[i]));
            for (const auto& one : q.fresh) REQUIRE_FALSE(r.recorded(one.number)); // by this search, not by an earlier one
            answer_all(whole, q);
            if (round == 2) break;
            answer_all(session, q);
        }
        known = session.trials().size() + 2;
    }
    // The program has ended; another one goes on.
    {
        auto r = make();
        law_session next{seed, options};
        REQUIRE(r.open(next, options, seed, batch) == 0);
        if (kind == recording::is_forgotten) {
            REQUIRE((r.resumed() == 0 && next.trials().empty()));
            return;
        }
        REQUIRE(r.resumed() == known);
        REQUIRE(next.trials() == session.trials());
        REQUIRE((next.random() != session.random() && next.repeated() == session.repeated())); // before the question, not behind it
        const auto q = next.pose(r.next(next, batch, total, 0));
        REQUIRE((q.asked == last.asked && q.fresh == last.fresh));
        const auto found = known_of(r, q);
        REQUIRE(found.size() == 2);
        const auto first = q.fresh.size() - 2;
        for (std::size_t i = 0; i < 2; ++i) REQUIRE(found[i] == answer_to(q.fresh[first + i]));
        for (std::size_t i = 0; i < q.fresh.size(); ++i) REQUIRE(r.recorded(q.fresh[i].number) == (i >= first));
        for (std::size_t i = 0; i < first; ++i) r.completed(answer_to(q.fresh[i]));
        answer_all(next, q);
        // One more question, of which nothing is completed.
        REQUIRE(next.pose(r.next(next, batch, total, 0)).asked == law_session{whole}.pose(batch).asked);
    }
    auto r = make();
    law_session next{seed, options};
    REQUIRE(r.open(next, options, seed, batch) == 0);
    REQUIRE((r.resumed() == whole.trials().size() && next.trials() == whole.trials() && next.random() == whole.random()));
    REQUIRE(next.pose(r.next(next, batch, total, 0)).asked == whole.pose(batch).asked);
}

} // namespace laws
