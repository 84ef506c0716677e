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

# What a translation unit of ours is compiled with, as a response file.
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
  "-std=c++20\n${warnings}\n-I${PROJECT_SOURCE_DIR}/include\n$<$<BOOL:${folders}>:-isystem$<JOIN:${folders},\n-isystem>>\n")

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

# tests/must_not_compile/<folder>/<name>.cpp
file(GLOB_RECURSE sources CONFIGURE_DEPENDS must_not_compile/*.cpp)
verdant_usable_sources(sources ${sources})
foreach(source IN LISTS sources)
  cmake_path(RELATIVE_PATH source BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" OUTPUT_VARIABLE name)
  string(REGEX REPLACE "\\.cpp$" "" name "${name}")
  string(REPLACE "/" "." name "${name}")
  verdant_compiler_check(${name} must_not_compile check_rejection.sh "${source}")
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
set_tests_properties(headers.listed headers.layers PROPERTIES LABELS header)
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
foreach(header IN LISTS headers)
  string(REGEX REPLACE "^verdant/|\\.hpp$" "" name "${header}")
  string(REPLACE "/" "." name "${name}")
  foreach(compiler command IN ZIP_LISTS check_names check_commands)
    if(compiler STREQUAL "clang" AND NOT unlike)
      add_test(NAME header.${name}.clang COMMAND "${budget}" --check-with "${check_flags}" "${header}")
      set_tests_properties(header.${name}.clang PROPERTIES LABELS "header;budget" ENVIRONMENT "VERDANT_CLANG=${command}")
    else()
      add_test(NAME header.${name}.${compiler}
        COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/harness/check_header.sh" "${command}" "${check_flags}" "${header}")
      set_tests_properties(header.${name}.${compiler} PROPERTIES LABELS header)
    endif()
  endforeach()
endforeach()
