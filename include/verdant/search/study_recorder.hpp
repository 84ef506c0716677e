#pragma once

#include <verdant/search/job.hpp>
#include <verdant/search/question.hpp>
#include <verdant/search/run_metering.hpp>
#include <verdant/search/search_consumption.hpp>
#include <verdant/units.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace verdant {

/// Records a search while it runs, so that a later one can go on where it ended.
///
/// Semantics: `open` begins a record, or brings a new session to where the recorded one was before its last question, and gives how many questions on
/// end had held nothing but known points. Before each question `next` says how many points to ask for (`n` where nothing is to be made up for) and
/// records that it comes, with the state of the session before it. `asked` takes the question: its fresh trials are pending; it gives the sink those
/// of them that an earlier search has completed, which are pending no more. `completed` records a pending trial; it comes in any order, one at a
/// time, on any thread, and once more where it has thrown. `recorded` says whether the trial of a number came from an earlier search, `resumed` how
/// many did. All but the last two may throw, which ends the search. A recorder may have `amend(session)`, which is called before each trial that is
/// told and before each question: there it corrects trials as they were corrected before. It may have
/// `consumed(search_consumption) -> search_consumption`, which is called now and then with what this run has consumed, as `completed` is, and gives
/// that of all runs (or takes a span of it: the run, and the shares of its workers in other processes),
/// and `emitted_before() -> si::mass`, what earlier runs emitted, without workers in other processes.
/// @tparam Session `search_session<...>`
template <class R, class Session>
concept study_recorder =
    requires(R& r, const R& c, Session& session, const Session& before, const typename Session::optimizer_type::options& options,
             std::uint64_t number, std::size_t n, const question<typename Session::space_type>& q,
             const completed_job<typename Session::goals_type>& done, const completion_sink<typename Session::goals_type>& known) {
        { r.open(session, options, number, n) } -> std::same_as<std::size_t>; // options of the optimizer, seed, points asked for at once
        { r.next(before, n, n, n) } -> std::same_as<std::size_t>; // points wanted, trials wanted in all, questions without a new point
        { r.asked(q, known) } -> std::same_as<void>;
        { r.completed(done) } -> std::same_as<void>;
        { c.recorded(number) } -> std::same_as<bool>;
        { c.resumed() } -> std::same_as<std::size_t>;
    };

/// The recorder of a search that is not kept.
template <class Session>
struct no_recorder {
    using goals_type = typename Session::goals_type;

    std::size_t open(const Session&, const typename Session::optimizer_type::options&, std::uint64_t, std::size_t) { return 0; }
    std::size_t next(const Session&, std::size_t n, std::size_t, std::size_t) { return n; }
    void asked(const question<typename Session::space_type>&, const completion_sink<goals_type>&) {}
    void completed(const completed_job<goals_type>&) {}
    [[nodiscard]] bool recorded(std::uint64_t) const { return false; }
    [[nodiscard]] std::size_t resumed() const { return 0; }
};

/// The recorder over a storage. Defined in study_keeper.hpp: searches that are not kept need not compile it.
template <class Session>
class study_keeper;

namespace detail {

template <class Keeper>
inline constexpr bool keeper_is_here = requires { sizeof(Keeper); };

/// A recorder whose type is forgotten.
template <class Session>
class any_recorder {
public:
    using optimizer_options = typename Session::optimizer_type::options;
    using completed_type = completed_job<typename Session::goals_type>;
    using sink_type = completion_sink<typename Session::goals_type>;
    using question_type = question<typename Session::space_type>;

    virtual std::size_t open(Session& session, const optimizer_options& o, std::uint64_t seed, std::size_t batch) = 0;
    virtual std::size_t next(const Session& session, std::size_t n, std::size_t total, std::size_t stale) = 0;
    virtual void asked(const question_type& q, const sink_type& known) = 0;
    virtual void completed(const completed_type& done) = 0;
    virtual void amend(Session& session) = 0;
    virtual search_consumption consumed(const run_metering& of_run) = 0;
    [[nodiscard]] virtual si::mass emitted_before() const = 0;
    [[nodiscard]] virtual bool recorded(std::uint64_t number) const = 0;
    [[nodiscard]] virtual std::size_t resumed() const = 0;

protected:
    ~any_recorder() = default;
};

/// Whether a recorder takes a run and the shares of its workers.
template <class R, class Row = search_consumption>
concept takes_rows = requires(R& r, std::span<const Row> rows) { r.consumed(rows); };

template <class Session, study_recorder<Session> R>
class recorder_ref final : public any_recorder<Session> {
    using any = any_recorder<Session>;

public:
    explicit recorder_ref(R& r) : recorder_{r} {}
    std::size_t open(Session& session, const typename any::optimizer_options& o, std::uint64_t seed, std::size_t batch) override {
        return recorder_.open(session, o, seed, batch);
    }
    std::size_t next(const Session& session, std::size_t n, std::size_t total, std::size_t stale) override {
        return recorder_.next(session, n, total, stale);
    }
    void asked(const typename any::question_type& q, const typename any::sink_type& known) override { recorder_.asked(q, known); }
    void completed(const typename any::completed_type& done) override { recorder_.completed(done); }
    void amend([[maybe_unused]] Session& session) override {
        if constexpr (requires { recorder_.amend(session); }) recorder_.amend(session);
    }
    search_consumption consumed(const run_metering& of_run) override {
        if constexpr (std::same_as<R, no_recorder<Session>>) return of_run.sum();
        else if constexpr (takes_rows<R>)
            return of_run.give(&recorder_, [](void* recorder, const search_consumption* rows, std::size_t count) {
                return static_cast<R*>(recorder)->consumed({rows, count});
            });
        else if constexpr (requires(search_consumption one) { recorder_.consumed(one); }) return recorder_.consumed(of_run.sum());
        else return of_run.sum();
    }
    [[nodiscard]] si::mass emitted_before() const override {
        if constexpr (requires { std::as_const(recorder_).emitted_before(); }) return std::as_const(recorder_).emitted_before();
        else return {};
    }
    [[nodiscard]] bool recorded(std::uint64_t number) const override { return recorder_.recorded(number); }
    [[nodiscard]] std::size_t resumed() const override { return recorder_.resumed(); }

private:
    R& recorder_;
};

} // namespace detail

} // namespace verdant
