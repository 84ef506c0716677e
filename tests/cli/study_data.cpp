// What the test of study reads is made as for that of report.
#include <verdant/study/sqlite_storage.hpp>
#include <verdant/study/sqlite_study.hpp>

#include "report_data.cpp" // NOLINT(bugprone-suspicious-include)
