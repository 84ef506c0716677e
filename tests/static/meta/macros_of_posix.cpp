// alone: these headers come first
// Macros of POSIX's headers, of which there are many (si_value, st_mtime, major, minor), are no names of the library's.
#include <signal.h>
#include <sys/param.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <verdant/verdant.hpp>

#include <verdant/carbon.hpp>
#include <verdant/hardware.hpp>
#include <verdant/report.hpp>
#include <verdant/spaces.hpp>
#include <verdant/surrogate.hpp>
#include <verdant/tabular.hpp>
