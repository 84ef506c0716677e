#!/bin/sh
# check_demo.sh ROOT: what scripts/demo answers without a build, and how it puts options together.
set -eu
cd "$1"
fail() {
  printf '%s\n' "$1" >&2
  exit 1
}
says() { # EXPECTED ARGUMENT...
  expected=$1
  shift
  actual=$(scripts/demo "$@" 2>&1) || fail "scripts/demo $* fails: $actual"
  case $actual in *"$expected"*) ;; *) fail "scripts/demo $* does not say '$expected' but '$actual'" ;; esac
}
is() {
  expected=$1
  shift
  actual=$(scripts/demo "$@") || fail "scripts/demo $* fails"
  [ "$actual" = "$expected" ] || fail "scripts/demo $*: '$actual' and not '$expected'"
}

# Every program has a demo and its help; help needs no compiler, no CMake and no packages.
for program in examples/tools/*/*.cpp examples/demos/*/*.cpp; do
  folder=${program%/*}
  name=${folder##*/}
  [ "$program" = "$folder/$name.cpp" ] || fail "$program: a program is called as its folder"
  [ -f "$folder/demo.sh" ] || fail "$folder: no demo.sh"
  [ -f "$folder/help.txt" ] || fail "$folder: no help.txt"
  says "Usage: $name " "$name" --help
  says "build/demo/examples/$name" --commands "$name"
  for file in $(scripts/demo --commands "$name" | tr ' ' '\n' | grep '^examples/'); do [ -e "$file" ] || fail "$name: there is no $file"; done
done
says '  hardware ' --help
says '--use-intensity' hardware --help
says '--generations' moofa search --help
says 'Options of the demo: --config' moofa --help
! scripts/demo moofa search --help | grep -q -- '--stop-after' || fail 'the options of another command'

# Options are added; those that the demo has itself are replaced, with all their values.
program=build/demo/examples/clip_accelerator
is "$program --model ViT-B-16 --out results/clip_accelerator" --commands hardware
is "$program --model ViT-B-16 --out results/clip_accelerator" --commands clip_accelerator
is "$program --out results/clip_accelerator --trials 80 --model ViT-B-32" --commands hardware --trials 80 --model ViT-B-32
is "$program --out results/clip_accelerator --model=ViT-B-32" --commands hardware --model=ViT-B-32
says ' --metric carbon --accuracy-threshold 0.85' --commands --trials 3
says 'eval --dataset_root' --commands clip_benchmark --dataset wds/colours
says '{dataset}_{task}.json --dataset wds/colours' --commands clip_benchmark eval --dataset wds/colours
is 'build/demo/examples/clip_benchmark build a.json b.json' --commands clip_benchmark build a.json b.json

# Without reference data and a table by --data, autobuild measures networks first, with defaults of their size.
bare=$(mktemp -d)
trap 'rm -rf "$bare"' EXIT
mkdir "$bare/checkout"
cp -R scripts examples "$bare/checkout"
of_bare() { (cd "$bare/checkout" && scripts/demo --commands "$@"); }
measuring='build/demo/examples/fashion_networks --out results/fashion_networks.csv'
for command in '' all train; do
  # shellcheck disable=SC2086
  [ "$(of_bare autobuild $command --seed 7 | head -n 1)" = "$measuring" ] || fail "autobuild $command measures no networks where it has none"
  # shellcheck disable=SC2086
  case $(of_bare autobuild $command --seed 7) in *' --data results/fashion_networks.csv'*' --width 0.25 '*' --seed 7') ;; *) fail "autobuild $command: $(of_bare autobuild $command)" ;; esac
done
for table in '--data=mine.csv' '--data mine.csv' '--data results/fashion_networks.csv'; do
  # shellcheck disable=SC2086
  case $(of_bare autobuild all $table) in *fashion_networks\ *) fail "autobuild measures networks in spite of $table" ;; *" $table") ;; *) fail "autobuild all $table: $(of_bare autobuild all $table)" ;; esac
done
case $(of_bare autobuild --data mine.csv) in *' --width 1 '*) ;; *) fail 'a table of others has the width of published networks' ;; esac
case $(of_bare autobuild --data results/fashion_networks.csv) in *' --width 0.25 '*) ;; *) fail 'a table of fashion_networks has their width' ;; esac
[ "$(of_bare autobuild reduce)" = 'build/demo/examples/autobuild reduce --resolution 24 --out results/autobuild' ] || fail 'autobuild reduce needs no networks'
(cd "$bare/checkout" && scripts/demo autobuild --help) | grep -q -- '--data results/fashion_networks.csv' || fail 'help without reference data'
mkdir -p "$bare/shared/data/autobuild"
: >"$bare/shared/data/autobuild/mit_ofa_dev.csv"
case $(of_bare autobuild) in *fashion_networks*) fail 'autobuild measures networks beside reference data' ;; *' --data ../shared/data/autobuild/mit_ofa_dev.csv '*' --width 1 '*) ;; *) fail "autobuild: $(of_bare autobuild)" ;; esac

# What there is not, is said in a line.
for wrong in nothing 'moofa trian'; do
  code=0
  message=$(scripts/demo $wrong 2>&1) || code=$?
  [ "$code" -eq 2 ] || fail "exit code $code of scripts/demo $wrong"
  [ "$(printf '%s\n' "$message" | wc -l)" -eq 1 ] || fail "$message is not one line"
done
