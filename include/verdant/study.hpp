#pragma once

/// The room study/. Searches that are kept and resumed: in memory, in SQLite, in PostgreSQL; folders of results.

#include <verdant/study/kept_domain.hpp>
#include <verdant/study/kept_session.hpp>
#include <verdant/study/memory_storage.hpp>
#include <verdant/study/merge_studies.hpp>
#include <verdant/study/postgres/postgres_options.hpp>
#include <verdant/study/result_folder.hpp>
#include <verdant/study/storage_ref.hpp>
#include <verdant/study/stored_constraint.hpp>
#include <verdant/study/stored_study_of.hpp>
#include <verdant/study/study_columns.hpp>
#include <verdant/study/study_csv.hpp>
#include <verdant/study/study_description.hpp>
#include <verdant/study/study_difference.hpp>
#include <verdant/study/study_file.hpp>
#include <verdant/study/study_keeper.hpp>
#include <verdant/study/study_result.hpp>
#include <verdant/study/verify_study.hpp>
