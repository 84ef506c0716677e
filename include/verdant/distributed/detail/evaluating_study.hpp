#pragma once

#include <verdant/distributed/program_identity.hpp>

namespace verdant::detail {

/// Whether something is a search: `search<...>`, or what has its members.
template <class Study>
concept evaluating_study = requires(const Study& s) {
    typename Study::space_type;
    typename Study::goals_type;
    s.limits();
    s.evaluators();
};

template <class Study>
struct evaluating_study_argument {
    static constexpr bool is_search = evaluating_study<Study>;
    static_assert(is_search, "verdant: what workers are to evaluate for is no search; write postgres_dispatcher workers{conninfo, name, study}; and "
                             "serve_postgres(study, conninfo, name); or sqlite_dispatcher workers{file, study}; and serve_sqlite(study, file); with "
                             "study an object of your search<...>, which has the evaluators");
    static constexpr bool value = is_search;
};

/// What program a search is.
template <class Study>
[[nodiscard]] program_identity identity_of_study(const Study& s) {
    static_assert(evaluating_study_argument<Study>::value || true);
    if constexpr (evaluating_study_argument<Study>::value)
        return identity_of<typename Study::space_type, typename Study::goals_type>(s.limits(), s.evaluators());
    else return {};
}

} // namespace verdant::detail
