#pragma once

// Files: whole or not at all, and tables of comma-separated values. JSON is an optional part: <verdant/io/json.hpp>.

#include <verdant/io/atomic_file.hpp>
#include <verdant/io/csv.hpp>
#include <verdant/io/read_file.hpp>
