# Tests that call a compiler themselves, so that ctest runs them in parallel: headers alone, programs that must be rejected, snippets in
# documents, and the compile-time ledger. They use the compiler of the build and, where it is installed, the other one of g++ and clang.

set(check_names compiler)
set(check_commands "${CMAKE_CXX_COMPILER}")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(check_names gcc)
  find_program(VERDANT_OTHER_COMPILER NAMES clang++-19 clang++-20 clang++-18)
  set(other clang)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  set(check_names clang)
  find_program(VERDANT_OTHER_COMPILER NAMES g++ g++-12 g++-14)
  set(other gcc)
endif()
if(VERDANT_OTHER_COMPILER)
  list(APPEND check_names ${other})
  list(APPEND check_commands "${VERDANT_OTHER_COMPILER}")
endif()

set(other_names ${check_names})
list(POP_FRONT other_names)

# What a translation unit of ours is compiled with, as a response file; nothing is linked, so all headers may be included.
add_library(verdant_check_flags OBJECT EXCLUDE_FROM_ALL main.cpp)
verdant_own_target(verdant_check_flags)
foreach(component IN LISTS verdant_components)
  target_link_libraries(verdant_check_flags PRIVATE verdant::${component})
endforeach()
set(folders "$<TARGET_PROPERTY:verdant_check_flags,INCLUDE_DIRECTORIES>")
set(folders "$<REMOVE_DUPLICATES:$<FILTER:$<FILTER:${folders},EXCLUDE,^/usr/(lib/[.][.]/)?include/?$>,EXCLUDE,^${PROJECT_SOURCE_DIR}/include$>>")
list(JOIN verdant_warnings "\n" warnings)
set(check_flags "${CMAKE_CURRENT_BINARY_DIR}/check_flags.txt")
file(GENERATE OUTPUT "${check_flags}" CONTENT
  "-std=c++20\n${warnings}\n-DVERDANT_ALL_COMPONENTS\n-I${PROJECT_SOURCE_DIR}/include\n$<$<BOOL:${folders}>:-isystem$<JOIN:${folders},\n-isystem>>\n")

# verdant_compiler_check(<name> <label> <script> <argument>...): one test for each compiler.
function(verdant_compiler_check name label script)
  foreach(compiler command IN ZIP_LISTS check_names check_commands)
    add_test(NAME ${name}.${compiler}
      COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/harness/${script}" "${command}" "${check_flags}" ${ARGN})
    set_tests_properties(${name}.${compiler} PROPERTIES LABELS ${label})
  endforeach()
endfunction()

# These checks themselves: they fail when they should.
verdant_compiler_check(harness harness self_test.sh "${PROJECT_SOURCE_DIR}")

# tests/must_not_compile/<folder>/<name>.cpp. What many of them include is precompiled for those that include all of it. Both compilers must say what is
# wrong; that the repaired program is right is asked of the build's own.
file(GLOB_RECURSE sources CONFIGURE_DEPENDS must_not_compile/*.cpp)
list(FILTER sources EXCLUDE REGEX "/must_not_compile/programs/")
verdant_usable_sources(sources ${sources})
set(precompiled_search verdant/goal.hpp verdant/search.hpp)
set(precompiled_goal verdant/goal.hpp)
set(precompiled_space verdant/space.hpp)
foreach(set IN ITEMS search goal space)
  foreach(compiler command IN ZIP_LISTS check_names check_commands)
    set(precompiled_${set}_${compiler} "${CMAKE_CURRENT_BINARY_DIR}/precompiled/${set}.${compiler}")
    add_test(NAME precompiled.${set}.${compiler} COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/harness/precompile.sh"
      "${command}" "${check_flags}" "${precompiled_${set}_${compiler}}" ${precompiled_${set}})
    set_tests_properties(precompiled.${set}.${compiler} PROPERTIES LABELS must_not_compile FIXTURES_SETUP precompiled.${set}.${compiler})
  endforeach()
endforeach()
foreach(source IN LISTS sources)
  cmake_path(RELATIVE_PATH source BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" OUTPUT_VARIABLE name)
  string(REGEX REPLACE "\\.cpp$" "" name "${name}")
  string(REPLACE "/" "." name "${name}")
  verdant_compiler_check(${name} must_not_compile check_rejection.sh "${source}")
  file(STRINGS "${source}" included REGEX "^#include <")
  list(TRANSFORM included REPLACE "^#include <(.*)>.*" "\\1")
  foreach(compiler IN LISTS other_names)
    set_property(TEST ${name}.${compiler} APPEND PROPERTY ENVIRONMENT VERDANT_REPAIRED=no)
  endforeach()
  list(GET included 0 first)
  foreach(set IN ITEMS search goal space)
    set(others ${precompiled_${set}})
    list(POP_FRONT others wanted)
    list(REMOVE_ITEM others "" ${included})
    if(first STREQUAL wanted AND NOT others)
      foreach(compiler IN LISTS check_names)
        set_tests_properties(${name}.${compiler} PROPERTIES FIXTURES_REQUIRED precompiled.${set}.${compiler})
        set_property(TEST ${name}.${compiler} APPEND PROPERTY ENVIRONMENT "VERDANT_PRECOMPILED=${precompiled_${set}_${compiler}}")
      endforeach()
      break()
    endif()
  endforeach()
endforeach()

# tests/must_not_compile/programs/*.cpp: whole programs with one mistake each, all in one test a compiler.
foreach(compiler command IN ZIP_LISTS check_names check_commands)
  set(precompiled "${CMAKE_CURRENT_BINARY_DIR}/precompiled/programs.${compiler}")
  add_test(NAME precompiled.programs.${compiler} COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/harness/precompile.sh"
    "${command}" "${check_flags}" "${precompiled}" verdant/verdant.hpp iostream)
  set_tests_properties(precompiled.programs.${compiler} PROPERTIES LABELS must_not_compile FIXTURES_SETUP precompiled.programs.${compiler})
  add_test(NAME must_not_compile.programs.${compiler} COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/harness/check_programs.sh"
    "${command}" "${check_flags}" "${CMAKE_CURRENT_SOURCE_DIR}/must_not_compile/programs")
  set_tests_properties(must_not_compile.programs.${compiler} PROPERTIES LABELS must_not_compile PROCESSORS 2
    FIXTURES_REQUIRED precompiled.programs.${compiler} ENVIRONMENT "VERDANT_PRECOMPILED=${precompiled}")
  if(compiler IN_LIST other_names)
    set_property(TEST must_not_compile.programs.${compiler} APPEND PROPERTY ENVIRONMENT VERDANT_REPAIRED=no)
  endif()
endforeach()

# Snippets of README.md and docs/
file(GLOB documents CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/README.md" "${PROJECT_SOURCE_DIR}/CONTRIBUTING.md")
file(GLOB_RECURSE pages CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/docs/*.md")
list(APPEND documents ${pages})
foreach(document IN LISTS documents)
  string(REPLACE "/" "." name "${document}")
  add_test(NAME snippets.${name} COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/harness/check_snippets.sh"
    "${CMAKE_CXX_COMPILER}" "${check_flags}" "${PROJECT_SOURCE_DIR}" "${document}")
  set_tests_properties(snippets.${name} PROPERTIES LABELS snippets)
endforeach()

# Every header listed, in its layer, and alone; and the compile-time ledger, gated where clang 19 and the libraries are those that it was written
# with (see scripts/compile_budget). There one run of clang serves both.
add_test(NAME headers.listed COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/harness/check_header_list.sh" "${PROJECT_SOURCE_DIR}")
add_test(NAME headers.layers COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/harness/check_layers.sh" "${PROJECT_SOURCE_DIR}")
add_test(NAME headers.umbrellas COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/harness/check_umbrellas.sh" "${PROJECT_SOURCE_DIR}")
add_test(NAME headers.citations COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/harness/check_citations.sh" "${PROJECT_SOURCE_DIR}")
add_test(NAME headers.map COMMAND sh "${PROJECT_SOURCE_DIR}/scripts/header_map" --check)
set_tests_properties(headers.listed headers.layers headers.umbrellas headers.citations headers.map PROPERTIES LABELS header)

# The checks of .clang-tidy, over all headers of the core, over those of the components and over those of LibTorch.
add_test(NAME tidy.core COMMAND "${PROJECT_SOURCE_DIR}/scripts/tidy" --check)
set_tests_properties(tidy.core PROPERTIES LABELS "tidy;heavy" SKIP_RETURN_CODE 77)
if(verdant_components STREQUAL verdant_known_components)
  add_test(NAME tidy.components COMMAND "${PROJECT_SOURCE_DIR}/scripts/tidy" --check --components)
  set_tests_properties(tidy.components PROPERTIES LABELS "tidy;heavy" SKIP_RETURN_CODE 77)
  add_test(NAME tidy.torch COMMAND "${PROJECT_SOURCE_DIR}/scripts/tidy" --check --heavy)
  set_tests_properties(tidy.torch PROPERTIES LABELS "tidy;heavy" SKIP_RETURN_CODE 77)
endif()

# Every public name has a comment, and docs/api.md lists it. The headers of all components are read, so that all must be there; clang's module is for
# the system's Python.
if(verdant_components STREQUAL verdant_known_components AND EXISTS /usr/bin/python3)
  add_test(NAME reference.complete COMMAND /usr/bin/python3 "${PROJECT_SOURCE_DIR}/scripts/api_reference" --check)
  set_tests_properties(reference.complete PROPERTIES LABELS reference SKIP_RETURN_CODE 77)
endif()

# The table of HTML's names is that of the standard, which Python has.
if(EXISTS /usr/bin/python3)
  add_test(NAME reference.html_entities COMMAND /usr/bin/python3 "${PROJECT_SOURCE_DIR}/scripts/html_entities" --check)
  set_tests_properties(reference.html_entities PROPERTIES LABELS reference)
endif()

set(headers ${verdant_headers})
foreach(component IN LISTS verdant_components)
  list(APPEND headers ${verdant_${component}_headers})
endforeach()
set(budget "${PROJECT_SOURCE_DIR}/scripts/compile_budget")
add_test(NAME budget.rows COMMAND "${budget}" --rows)
set_tests_properties(budget.rows PROPERTIES LABELS budget)
execute_process(COMMAND "${budget}" --toolchain RESULT_VARIABLE unlike OUTPUT_VARIABLE reason OUTPUT_STRIP_TRAILING_WHITESPACE)
if(unlike)
  message(STATUS "verdant: compile-time ledger ${reason}")
else()
  add_test(NAME budget.linear COMMAND "${budget}" --linear)
  set_tests_properties(budget.linear PROPERTIES LABELS budget)
endif()
# Each header is alone with one compiler, clang where it is there; with the other all headers of a component are in one unit.
if("clang" IN_LIST check_names AND "gcc" IN_LIST check_names)
  list(FIND check_names gcc at)
  list(GET check_commands ${at} command)
  foreach(component IN ITEMS core ${verdant_components})
    set(members ${verdant_headers})
    if(NOT component STREQUAL "core")
      set(members ${verdant_${component}_headers})
    endif()
    add_test(NAME headers.${component}.gcc
      COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/harness/check_headers.sh" "${command}" "${check_flags}" ${members})
    set_tests_properties(headers.${component}.gcc PROPERTIES LABELS header)
  endforeach()
endif()
# What all of LibTorch's headers begin with is precompiled for them, as in scripts/compile_budget.
set(prelude "${CMAKE_CURRENT_BINARY_DIR}/precompiled/prelude")
set(beyond_prelude ${verdant_torch_headers} ${verdant_training_headers} ${verdant_mpi_headers})
list(REMOVE_ITEM beyond_prelude verdant/nn/core/prelude.hpp)
list(FILTER beyond_prelude EXCLUDE REGEX "^verdant/meta/")
# Where a header's first include is another of ours, that one stands alone if it does: the other's own test is left to `--label header`.
set(first_of_another "")
foreach(header IN LISTS headers)
  file(STRINGS "${PROJECT_SOURCE_DIR}/include/${header}" first REGEX "^#include " LIMIT_COUNT 1)
  string(REGEX REPLACE "^#include <(.*)>.*" "\\1" first "${first}")
  # What LibTorch's headers begin with is precompiled, so what they include of the other rooms is not first there.
  if(NOT header IN_LIST beyond_prelude OR first IN_LIST beyond_prelude)
    list(APPEND first_of_another "${first}")
  endif()
endforeach()
foreach(header IN LISTS headers)
  string(REGEX REPLACE "^verdant/|\\.hpp$" "" name "${header}")
  string(REPLACE "/" "." name "${name}")
  foreach(compiler command IN ZIP_LISTS check_names check_commands)
    if(compiler STREQUAL "clang" AND NOT unlike)
      add_test(NAME header.${name}.clang COMMAND "${budget}" --check-with "${check_flags}" "${header}")
      set_tests_properties(header.${name}.clang PROPERTIES LABELS "header;budget" ENVIRONMENT "VERDANT_CLANG=${command};VERDANT_PRELUDE=${prelude}")
      if(header IN_LIST beyond_prelude)
        if(NOT TEST precompiled.prelude.clang)
          add_test(NAME precompiled.prelude.clang
            COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/harness/precompile.sh" "${command}" "${check_flags}" "${prelude}" verdant/nn/core/prelude.hpp)
          set_tests_properties(precompiled.prelude.clang PROPERTIES LABELS header FIXTURES_SETUP precompiled.prelude.clang)
        endif()
        set_tests_properties(header.${name}.clang PROPERTIES FIXTURES_REQUIRED precompiled.prelude.clang)
      endif()
      if(header IN_LIST first_of_another)
        set_tests_properties(header.${name}.clang PROPERTIES LABELS "header;budget;heavy")
      endif()
    elseif(compiler STREQUAL "clang" OR NOT "clang" IN_LIST check_names)
      add_test(NAME header.${name}.${compiler}
        COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/harness/check_header.sh" "${command}" "${check_flags}" "${header}")
      set_tests_properties(header.${name}.${compiler} PROPERTIES LABELS header)
    endif()
  endforeach()
endforeach()
