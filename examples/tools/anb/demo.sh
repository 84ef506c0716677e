# For scripts/demo.
# shellcheck shell=bash disable=SC2034,SC2154
about='what the records of Accel-NASBench hold (another table: --data)'
packages=(nlohmann-json3-dev libcli11-dev libsqlitecpp-dev libsqlite3-dev)
commands='records'
: "${command:=records}"
# The records are of the project's reference data, which is no part of a checkout.
records=../shared/data/anb/anb_dataset.csv
prepare() {
  [ "$dry" = yes ] || [ -e "$records" ] || [[ " ${arguments[*]} " != *" $records "* ]] || die "there is no $records; give a table of yours by --data FILE"
}
defaults=(--data "$records")
