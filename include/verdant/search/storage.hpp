#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>

/// What a storage of studies is, and the records that it keeps.
namespace verdant {

// Declared here and defined in stored_study.hpp: searches that are not kept ask what is a storage and need not compile what one holds.
struct study_description;
struct stored_ask;
struct stored_state;
struct stored_trial;
struct stored_pending;
struct stored_correction;
struct stored_evaluation;
struct search_consumption;
struct stored_study;

/// Where a study is kept: `study.run(options, storage)`. What `add` has returned from must survive the end of the process, with the question before
/// it; what `begin` has returned from may be kept with what comes next: a search that ends before asks the same again.
///
/// Semantics: `load` gives what is kept, nothing where there is no study yet; `create` starts one; `begin` keeps a question and replaces the state,
/// both or neither; `add` keeps a trial, of the last question, in any order but one at a time; `name` is what errors call it. All may throw. The
/// header of a storage includes `verdant/study/study_keeper.hpp`, which does the rest.
template <class S>
concept storage =
    requires(S& s, const S& c, const study_description& description, const stored_ask& ask, const stored_state& state, const stored_trial& t) {
        { s.load() } -> std::same_as<std::optional<stored_study>>;
        { s.create(description) } -> std::same_as<void>;
        { s.begin(ask, state) } -> std::same_as<void>;
        { s.add(t) } -> std::same_as<void>;
        { c.name() } -> std::convertible_to<std::string>;
    };

/// A storage that keeps pending trials, too: `submit` keeps one of the last question, and `add` of its number ends it. In a study that is told
/// generation by generation, `begin` ends all: a search asks its last question again and needs none of them. In one that is told as trials are
/// completed (`study_description::order`), `begin` ends none: the search asks while trials are pending and could not go on without, and each of its
/// trials is kept with its place in the order told.
template <class S>
concept pending_storage = storage<S> && requires(S& s, const stored_pending& one) {
    { s.submit(one) } -> std::same_as<void>;
};

/// A storage that takes corrections: `replace` keeps a trial in place of the one of its number, both or neither.
template <class S>
concept correcting_storage = storage<S> && requires(S& s, const stored_trial& t) {
    { s.replace(t) } -> std::same_as<void>;
};

/// A storage that keeps what was corrected, too: `revise` keeps a trial in place of the one of its number and adds the correction, both or neither.
/// With it any told trial can be corrected, since a later run can tell the optimizer first what it was told first; without it only those of the last
/// question.
template <class S>
concept revising_storage = correcting_storage<S> && requires(S& s, const stored_trial& t, const stored_correction& one) {
    { s.revise(t, one) } -> std::same_as<void>;
};

/// A storage that keeps measurements at fidelities: `measure` keeps one, behind those that it was given before; `load` gives them back in that order.
/// A trial may have any number of them, before and after `add` of its number.
template <class S>
concept evaluation_storage = storage<S> && requires(S& s, const stored_evaluation& one) {
    { s.measure(one) } -> std::same_as<void>;
};

/// A storage that keeps what runs consumed: `consumed` keeps that of a run, or of a worker of it, counted from 0, in place of what it kept under that
/// number before.
template <class S>
concept metered_storage = storage<S> && requires(S& s, std::uint64_t run, const search_consumption& one) {
    { s.consumed(run, one) } -> std::same_as<void>;
};

} // namespace verdant
