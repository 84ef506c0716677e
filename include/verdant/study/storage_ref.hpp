#pragma once

#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/search/storage.hpp>
#include <verdant/search/storage_checks.hpp>
#include <verdant/search/stored_study.hpp>
#include <verdant/study/study_difference.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace verdant::detail {

/// A storage whose type is forgotten; does not own it.
class storage_ref {
public:
    template <storage S>
    explicit storage_ref(S& s) : storage_{&s}, calls_{&calls_of<S>} {
        static_assert(storage_members<S>::value);
    }

    [[nodiscard]] std::optional<stored_study> load() const { return calls_->load(storage_); }
    void create(const study_description& d) const { calls_->create(storage_, d); }
    void begin(const stored_ask& a, const stored_state& s) const { calls_->begin(storage_, a, s); }
    void add(const stored_trial& t) const { calls_->add(storage_, t); }
    [[nodiscard]] std::string name() const { return calls_->name(storage_); }
    [[nodiscard]] bool keeps_pending() const { return calls_->submit != nullptr; }
    void submit(const stored_pending& one) const { calls_->submit(storage_, one); }
    [[nodiscard]] bool corrects() const { return calls_->replace != nullptr; }
    void replace(const stored_trial& t) const { calls_->replace(storage_, t); }
    [[nodiscard]] bool revises() const { return calls_->revise != nullptr; }
    void revise(const stored_trial& t, const stored_correction& one) const { calls_->revise(storage_, t, one); }
    [[nodiscard]] bool keeps_evaluations() const { return calls_->measure != nullptr; }
    void measure(const stored_evaluation& one) const { calls_->measure(storage_, one); }
    [[nodiscard]] bool meters() const { return calls_->consumed != nullptr; }
    void consumed(std::uint64_t run, const search_consumption& one) const { calls_->consumed(storage_, run, one); }

private:
    struct calls {
        std::optional<stored_study> (*load)(void*);
        void (*create)(void*, const study_description&);
        void (*begin)(void*, const stored_ask&, const stored_state&);
        void (*add)(void*, const stored_trial&);
        std::string (*name)(const void*);
        void (*submit)(void*, const stored_pending&); ///< null for one that keeps no pending trials
        void (*replace)(void*, const stored_trial&);  ///< null for one that takes no corrections
        void (*revise)(void*, const stored_trial&, const stored_correction&); ///< null for one that keeps none
        void (*measure)(void*, const stored_evaluation&);                     ///< null for one that keeps none
        void (*consumed)(void*, std::uint64_t, const search_consumption&);    ///< null for one that does not keep it
    };
    template <class S>
    [[nodiscard]] static constexpr auto submit_of() -> void (*)(void*, const stored_pending&) {
        if constexpr (pending_storage<S>) return [](void* s, const stored_pending& one) { static_cast<S*>(s)->submit(one); };
        else return nullptr;
    }
    template <class S>
    [[nodiscard]] static constexpr auto replace_of() -> void (*)(void*, const stored_trial&) {
        if constexpr (correcting_storage<S>) return [](void* s, const stored_trial& t) { static_cast<S*>(s)->replace(t); };
        else return nullptr;
    }
    template <class S>
    [[nodiscard]] static constexpr auto revise_of() -> void (*)(void*, const stored_trial&, const stored_correction&) {
        if constexpr (revising_storage<S>)
            return [](void* s, const stored_trial& t, const stored_correction& one) { static_cast<S*>(s)->revise(t, one); };
        else return nullptr;
    }
    template <class S>
    [[nodiscard]] static constexpr auto measure_of() -> void (*)(void*, const stored_evaluation&) {
        if constexpr (evaluation_storage<S>) return [](void* s, const stored_evaluation& one) { static_cast<S*>(s)->measure(one); };
        else return nullptr;
    }
    template <class S>
    [[nodiscard]] static constexpr auto consumed_of() -> void (*)(void*, std::uint64_t, const search_consumption&) {
        if constexpr (metered_storage<S>)
            return [](void* s, std::uint64_t run, const search_consumption& one) { static_cast<S*>(s)->consumed(run, one); };
        else return nullptr;
    }
    template <class S>
    static constexpr calls calls_of{
        [](void* s) { return static_cast<S*>(s)->load(); },
        [](void* s, const study_description& d) { static_cast<S*>(s)->create(d); },
        [](void* s, const stored_ask& a, const stored_state& state) { static_cast<S*>(s)->begin(a, state); },
        [](void* s, const stored_trial& t) { static_cast<S*>(s)->add(t); },
        [](const void* s) { return std::string{static_cast<const S*>(s)->name()}; },
        submit_of<S>(),
        replace_of<S>(),
        revise_of<S>(),
        measure_of<S>(),
        consumed_of<S>(),
    };

    void* storage_;
    const calls* calls_;
};

/// The study of a storage, or nothing where it is begun. Throws input_error where the storage holds another one.
template <class = instantiated_when_used>
[[nodiscard]] std::optional<stored_study> opened_study(const storage_ref& storage, const study_description& description) {
    auto study = storage.load();
    if (study) require_same_study(study->description, description, storage.name());
    else storage.create(description);
    return study;
}
VERDANT_DEFINED_ONCE(std::optional<stored_study> opened_study<>(const storage_ref&, const study_description&));

} // namespace verdant::detail
