#!/bin/sh
# check_recipes.sh ROOT: the recipes of vcpkg and Conan in cmake/packaging say of every part that CMakeLists.txt may take along whether it is to be there, so that no package has
# one because its library happened to be where it was made; and they name nothing else.
set -eu
cd "$1"
port=cmake/packaging/vcpkg/verdant/portfile.cmake
features=cmake/packaging/vcpkg/verdant/vcpkg.json
recipe=cmake/packaging/conan/conanfile.py
status=0
complain() {
  echo "$1"
  status=1
}

parts=$(sed -n 's/^verdant_add_component(\([a-z0-9_]*\).*/\1/p; s/^set(VERDANT_WITH_\([A-Z0-9_]*\) .*/\1/p' CMakeLists.txt | tr '[:upper:]' '[:lower:]' | sort)
offered=$(sed -n 's/^foreach(component IN ITEMS \([a-z0-9_ ]*\))$/\1/p' $port)
of_port=$(printf '%s\n' $offered $(grep -o 'DVERDANT_WITH_[A-Z0-9_]*=' $port | sed 's/DVERDANT_WITH_//; s/=//' | tr '[:upper:]' '[:lower:]') | sort -u)
options=$(sed -n '/^COMPONENTS = {/,/^}/s/^    "\([a-z0-9_]*\)":.*/\1/p' $recipe)
never=$(sed -n 's/^        for name in (\(".*"\)):$/\1/p' $recipe | tr -d '",')
of_recipe=$(printf '%s\n' $options $never | sort -u)
[ -n "$parts" ] && [ -n "$offered" ] && [ -n "$options" ] && [ -n "$never" ] || complain "parts are not found; are the patterns of check_recipes.sh still right?"

# known WHAT LIST: whether a list has a word
known() {
  for one in $2; do [ "$one" != "$1" ] || return 0; done
  return 1
}
option() { echo "VERDANT_WITH_$(echo "$1" | tr '[:lower:]' '[:upper:]')"; }
compare() { # RECIPE PARTS
  for part in $parts; do known "$part" "$2" || complain "$1 says nothing of $(option "$part")"; done
  for part in $2; do known "$part" "$parts" || complain "$1 names $(option "$part"), which is nothing of CMakeLists.txt"; done
}
compare $port "$of_port"
compare $recipe "$of_recipe"
for part in $offered; do grep -q "^    \"$part\": {" $features || complain "$features has no feature $part, which $port offers"; done
for part in $(sed -n '/"features"/,$s/^    "\([a-z0-9_]*\)": {.*/\1/p' $features); do known "$part" "$offered" || complain "$features has the feature $part, which $port does not offer"; done
exit $status
