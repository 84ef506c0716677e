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
if(EXISTS "${FOLDER}/consumer")
  execute_process(COMMAND "${FOLDER}/consumer" COMMAND_ERROR_IS_FATAL ANY)
endif()
