#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/search_consumption.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/study_keeper.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace verdant {

/// A storage that keeps a study in memory: for tests, and for searches that go on within one program. A copy is a study of its own, as it was when it
/// was copied.
template <class = instantiated_when_used>
class basic_memory_storage {
public:
    basic_memory_storage() = default;
    /// Goes on with a study that came from elsewhere.
    explicit basic_memory_storage(stored_study kept) : study_{std::move(kept)} {}

    [[nodiscard]] std::optional<stored_study> load();
    void create(const study_description& description);
    void begin(const stored_ask& ask, const stored_state& state);
    void submit(const stored_pending& one);
    void add(const stored_trial& t);
    void replace(const stored_trial& t);
    void revise(const stored_trial& t, const stored_correction& one);
    void measure(const stored_evaluation& one) { study_->evaluations.push_back(one); }
    void consumed(std::uint64_t run, const search_consumption& one);
    [[nodiscard]] std::string name() const { return "study in memory"; }

private:
    std::optional<stored_study> study_{};
};

/// A study in memory, as programs name it.
using memory_storage = basic_memory_storage<>;

template <class Deferred>
std::optional<stored_study> basic_memory_storage<Deferred>::load() {
    return study_;
}

template <class Deferred>
void basic_memory_storage<Deferred>::create(const study_description& description) {
    study_ = stored_study{.description = description};
}

template <class Deferred>
void basic_memory_storage<Deferred>::begin(const stored_ask& ask, const stored_state& state) {
    study_->asks.push_back(ask);
    study_->state = state;
    if (study_->description.order != "as_completed") study_->pending.clear();
}

template <class Deferred>
void basic_memory_storage<Deferred>::submit(const stored_pending& one) {
    auto at = study_->pending.end();
    while (at != study_->pending.begin() && (at - 1)->number >= one.number) --at;
    if (at != study_->pending.end() && at->number == one.number) *at = one; // of a question that is asked again
    else study_->pending.insert(at, one);
}

template <class Deferred>
void basic_memory_storage<Deferred>::add(const stored_trial& t) {
    std::erase_if(study_->pending, [&](const stored_pending& one) { return one.number == t.number; });
    auto at = study_->trials.end();
    while (at != study_->trials.begin() && (at - 1)->number > t.number) --at;
    study_->trials.insert(at, t);
}

template <class Deferred>
void basic_memory_storage<Deferred>::replace(const stored_trial& t) {
    for (auto& one : study_->trials)
        if (one.number == t.number) one = t;
}

template <class Deferred>
void basic_memory_storage<Deferred>::revise(const stored_trial& t, const stored_correction& one) {
    replace(t);
    study_->corrections.push_back(one);
}

template <class Deferred>
void basic_memory_storage<Deferred>::consumed(std::uint64_t run, const search_consumption& one) {
    if (study_->consumption.size() <= run) study_->consumption.resize(static_cast<std::size_t>(run) + 1);
    study_->consumption[static_cast<std::size_t>(run)] = one;
}
VERDANT_DEFINED_ONCE(class basic_memory_storage<>);

} // namespace verdant
