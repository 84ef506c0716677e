#pragma once

#include <verdant/meta/component/postgres.hpp>

#include <verdant/error.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/numeric/option_checks.hpp>
#include <verdant/study/detail/study_tables.hpp>
#include <verdant/study/postgres/postgres_options.hpp>
#include <verdant/study/postgres/postgres_text.hpp>

#include <string>
#include <vector>

/// Names of studies in PostgreSQL, and how connections to them begin.
namespace verdant::detail::postgres {

/// Throws input_error where studies cannot have a name, since PostgreSQL keeps it for itself or would cut it.
template <class = instantiated_when_used>
[[nodiscard]] std::string checked_name(const std::string& study) {
    const auto small = tables::small_letters(study);
    if (study.empty() || study.size() > 63 || !is_plain_text(study) || small.starts_with("pg_") || small == "public" ||
        small == "information_schema" || small == "$user") // which search_path reads as the name of the user, in quotation marks, too
        throw input_error{"postgres", "name of a study", "1 to 63 bytes of UTF-8, not of PostgreSQL's own schemas", '\'' + study + '\''};
    return study;
}

/// The name as SQL takes it.
[[nodiscard]] inline std::string schema_of(const std::string& study) { return tables::quoted_name(study); }

/// What each connection of a study begins with.
template <class = instantiated_when_used>
[[nodiscard]] std::vector<std::string> first_statements(const std::string& study) {
    return {"SET client_min_messages = warning", "SET lock_timeout = '2s'", "SET extra_float_digits = 1", "SET search_path TO " + schema_of(study)};
}

template <class = instantiated_when_used>
[[nodiscard]] const postgres_options& checked(const postgres_options& o) {
    require_not_negative("postgres", "patience", o.patience);
    require_positive("postgres", "silence", o.silence);
    return o;
}

} // namespace verdant::detail::postgres
