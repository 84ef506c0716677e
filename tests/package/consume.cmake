# cmake -D PROJECT=... -D FOLDER=... -D COMPILER=... -D SOURCE=... -D VERSION=... [-D PREFIX=...] [-D COMPONENTS=...] -P consume.cmake
# Configures, builds and runs one consumer project of tests/package/ in a fresh folder.

file(REMOVE_RECURSE "${FOLDER}")
string(REPLACE "," ";" COMPONENTS "${COMPONENTS}")
execute_process(
  COMMAND ${CMAKE_COMMAND} -G Ninja -S "${SOURCE}/tests/package/${PROJECT}" -B "${FOLDER}"
    "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_PREFIX_PATH=${PREFIX}" "-DVERDANT_SOURCE=${SOURCE}" "-DFORBIDDEN_FOLDER=${SOURCE}"
    "-DEXPECTED_VERSION=${VERSION}" "-DCOMPONENTS=${COMPONENTS}" --no-warn-unused-cli
  COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build "${FOLDER}" COMMAND_ERROR_IS_FATAL ANY)
# Where it builds its program in several ways, all of them print the same.
foreach(program IN ITEMS consumer alone by_hand)
  if(EXISTS "${FOLDER}/${program}")
    execute_process(COMMAND "${FOLDER}/${program}" COMMAND_ERROR_IS_FATAL ANY OUTPUT_VARIABLE printed)
    if(program STREQUAL "consumer")
      set(expected "${printed}")
    elseif(NOT printed STREQUAL expected)
      message(FATAL_ERROR "${program} prints\n${printed}\nand consumer\n${expected}")
    endif()
  endif()
endforeach()
