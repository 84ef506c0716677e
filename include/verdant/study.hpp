#pragma once

/// The room study/. Searches that are kept and resumed: in memory, in SQLite; folders of results.

#include <verdant/study/kept_session.hpp>
#include <verdant/study/memory_storage.hpp>
#include <verdant/study/result_folder.hpp>
#include <verdant/study/storage_ref.hpp>
#include <verdant/study/study_description.hpp>
#include <verdant/study/study_difference.hpp>
#include <verdant/study/study_keeper.hpp>
#include <verdant/study/study_result.hpp>
