# Settings of our own tests, examples and benchmarks; nothing of this reaches a user's target.

option(VERDANT_WARNINGS_AS_ERRORS "Treat warnings of our own build as errors" ${PROJECT_IS_TOP_LEVEL})
option(VERDANT_SANITIZE "Build our own targets with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(VERDANT_COVERAGE "Build our own targets with coverage counters" OFF)

set(CMAKE_CXX_EXTENSIONS OFF)
set(verdant_warnings -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
if(VERDANT_WARNINGS_AS_ERRORS)
  list(APPEND verdant_warnings -Werror)
endif()

add_library(verdant_own_build INTERFACE)
target_compile_options(verdant_own_build INTERFACE ${verdant_warnings})
# g++ looks for unused memory whenever its heap has grown by a half, which is a tenth of its time here; up to 2 GiB it need not.
target_compile_options(verdant_own_build INTERFACE "$<$<CXX_COMPILER_ID:GNU>:SHELL:--param ggc-min-heapsize=2097152>")
if(VERDANT_SANITIZE)
  target_compile_options(verdant_own_build INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>) # g++ 12 is wrong about <regex> and others once they are instrumented
  target_link_options(verdant_own_build INTERFACE -fsanitize=address,undefined)
endif()
if(VERDANT_COVERAGE)
  target_compile_options(verdant_own_build INTERFACE --coverage)
  target_link_options(verdant_own_build INTERFACE --coverage)
endif()

# verdant_components_of(<variable> <source>...): the components whose headers the sources include.
function(verdant_components_of variable)
  set(found "")
  foreach(source IN LISTS ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${source}")
    file(STRINGS "${source}" lines REGEX "^[ ]*#[ ]*include[ ]*<verdant/")
    foreach(line IN LISTS lines)
      string(REGEX REPLACE ".*<(verdant/[^>]*)>.*" "\\1" header "${line}")
      foreach(component IN LISTS verdant_known_components)
        if(header IN_LIST verdant_${component}_headers)
          list(APPEND found ${component})
        endif()
      endforeach()
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES found)
  set(${variable} ${found} PARENT_SCOPE)
endfunction()

# verdant_usable_sources(<variable> <source>...): those whose components this build provides; the others are named and left out.
function(verdant_usable_sources variable)
  set(usable "")
  foreach(source IN LISTS ARGN)
    verdant_components_of(components "${source}")
    set(missing ${components})
    list(REMOVE_ITEM missing "" ${verdant_components})
    if(missing)
      cmake_path(RELATIVE_PATH source BASE_DIRECTORY "${PROJECT_SOURCE_DIR}" OUTPUT_VARIABLE path)
      message(STATUS "verdant: ${path} left out (needs the component ${missing})")
    else()
      list(APPEND usable "${source}")
    endif()
  endforeach()
  set(${variable} ${usable} PARENT_SCOPE)
endfunction()

# verdant_own_target(<target> <source>...): warnings, sanitizers, the library, and the components that the sources use.
function(verdant_own_target target)
  verdant_components_of(components ${ARGN})
  list(TRANSFORM components PREPEND verdant::)
  target_link_libraries(${target} PRIVATE verdant_own_build verdant::verdant ${components})
endfunction()

# What does not depend on a program's own types, compiled once for all tests and examples. Of the examples README's, the tutorial's and the tools
# clip_accelerator and study compile it themselves, as programs of users do who ask for nothing; so do the tests of packages, and what scripts/demo builds.
foreach(component IN ITEMS core ${verdant_components})
  add_library(verdant_separate_${component} STATIC EXCLUDE_FROM_ALL "${verdant_separate_folder}/${component}.cpp")
  target_link_libraries(verdant_separate_${component} PRIVATE verdant_own_build)
  target_compile_definitions(verdant_separate_${component} PUBLIC VERDANT_SEPARATE_COMPILATION)
  set(others ${verdant_${component}_depends})
  if(component STREQUAL "core")
    target_link_libraries(verdant_separate_core PUBLIC verdant::verdant)
  else()
    list(APPEND others core)
    list(TRANSFORM others PREPEND verdant_separate_)
    target_link_libraries(verdant_separate_${component} PUBLIC verdant::${component} ${others})
  endif()
endforeach()

# verdant_compiled_once(<target> <source>...): takes the definitions from there, of the core and of the components that the sources use.
function(verdant_compiled_once target)
  verdant_components_of(components ${ARGN})
  list(TRANSFORM components PREPEND verdant_separate_)
  target_link_libraries(${target} PRIVATE verdant_separate_core ${components})
endfunction()
