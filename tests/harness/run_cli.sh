#!/bin/sh
# run_cli.sh SCRIPT PROGRAM FOLDER [HELPER]: runs the test of a program's command line in an empty folder.
# The script sees the program as $1, the folder, which is its working directory, as $2, and the helper as $3; its exit status decides.
set -eu
rm -rf "$3"
mkdir -p "$3"
cd "$3"
exec sh -eu "$1" "$2" "$3" "${4:-}"
