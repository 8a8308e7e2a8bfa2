#!/bin/sh
# Puts the version of deploy-marker that this orb was released with on PATH for the later steps of the job.
# Plain POSIX sh: where an image has no bash, which all other steps need, this step is the one that says so.

# Patterns then match bytes, and other programs' messages are English.
export LC_ALL=C

# fail CODE EXIT MESSAGE HINT
fail() {
  printf 'error: %s\n  hint: %s\n  code: %s (exit %s)\n' "$3" "$4" "$1" "$2" >&2
  exit "$2"
}

# Unlike echo, which in some shells reads backslashes.
say() { printf '%s\n' "$1"; }

have() { command -v "$1" >/dev/null 2>&1; }

# Does the command start, and is it exactly this version?
is_version() { [ "$("$2" --version 2>/dev/null </dev/null)" = "$1" ]; }

# A parameter's value, after CircleCI's own program has filled in its variables, with those that earlier steps left in BASH_ENV.
value_of() {
  value=$2
  case $value in
    *\$*)
      program=circleci
      have circleci || program=circleci-agent
      have "$program" || fail PROGRAM_MISSING 2 \
        "the parameter $1 holds a \$, and there is no circleci or circleci-agent to fill it in" \
        'give a value without variables'
      # Only bash reads BASH_ENV, and what is said there is no part of the value.
      value=$(printf '%s' "$value" | bash -c 'exec "$0" env subst >&3' "$(command -v "$program")" 3>&1 >/dev/null) || fail USAGE 2 \
        "\`$program env subst\` refused the value of the parameter $1" 'correct the variables in it'
      [ -n "$value" ] || fail USAGE 2 "the parameter $1 is $2, which is empty" 'set the variable before, or leave the parameter out'
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
  have curl || have wget || fail PROGRAM_MISSING 2 'there is neither curl nor wget' \
    'add one to the image, or give a file with the parameter tarball'
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

# shellcheck disable=SC2120 # the package's part gives files
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

# fetch SOURCE SHA512 KEPT: sets packed to the npm tarball that holds against the checksum: the kept one, or else a fresh one.
fetch() {
  have sha512sum || have shasum || have openssl || fail PROGRAM_MISSING 2 \
    'there is no sha512sum, shasum or openssl' 'add one to the image'
  have tar || fail PROGRAM_MISSING 2 'there is no tar' 'add it to the image'
  packed=$3 from=$1
  [ ! -f "$packed" ] || ! is_sum "$packed" "$2" || return 0
  packed=$tmp/tarball
  case $1 in
    /*) { [ -f "$1" ] && cat <"$1" >"$packed"; } || fail INPUT_UNREADABLE 2 "cannot read the tarball $1" 'name a readable file or a URL' ;;
    *) from=$(redact "$1") && download "$1" ;;
  esac
  is_sum "$packed" "$2" || fail CHECKSUM_MISMATCH 7 "the SHA-512 of $from is $actual and should be $2" \
    'find out who serves another file there'
}

# unpack [MEMBER]. Not tar -C, where GNU tar reads backslashes in the name.
# shellcheck disable=SC2120 # the package's part gives a member
unpack() {
  (cd "$tmp" && tar -xzof - "$@") <"$packed" || fail FILE_UNWRITABLE 5 "cannot unpack $from in $install_dir" 'see the message above'
}

# Steps find the tool by the first file, whatever becomes of the second; users' own steps by the second.
put_on_path() {
  (umask 077 && printf '%s\n' "$launcher" >"$BASH_ENV.deploy-marker") || fail FILE_UNWRITABLE 5 \
    "cannot write beside the file \$BASH_ENV, $BASH_ENV" 'make its folder writable'
  [ "$(command -v deploy-marker)" != "$launcher" ] || return 0
  line="export PATH=$(quote "${launcher%/*}"):\"\$PATH\" # deploy-marker"
  ! grep -Fqxe "$line" "$BASH_ENV" 2>/dev/null || return 0
  # Credentials may follow in this file. What is in it already may lack its last line break, or end in a backslash.
  (umask 077 && printf '\n\n%s\n' "$line" >>"$BASH_ENV") || fail FILE_UNWRITABLE 5 \
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
[ -n "${BASH_ENV:-}" ] || fail USAGE 2 'BASH_ENV is not set, by which later steps find deploy-marker' \
  'set BASH_ENV to the name of a file'

# A device or a FIFO would take this step with it.
[ ! -e "$BASH_ENV" ] || [ -f "$BASH_ENV" ] || fail FILE_UNWRITABLE 5 "cannot append to the file \$BASH_ENV, $BASH_ENV" 'it must be a regular file'

install_dir=$(value_of install_dir "${ORB_INSTALL_DIR:-}") || exit
install_dir=$(absolute "${install_dir:-~/.deploy-marker}")
case $install_dir in
  *:*) fail USAGE 2 "install_dir is $install_dir, and PATH cannot hold a folder with a colon" 'choose another folder' ;;
esac

noted=
[ ! -f "$BASH_ENV.deploy-marker" ] || read -r noted <"$BASH_ENV.deploy-marker" || :
# What this job put there by this step, or what the image has. What else lies in install_dir is kept, and so not to be believed.
for launcher in "$noted" "$(command -v deploy-marker)"; do
  # shellcheck disable=SC3013 # every sh that images have knows -ef
  [ "$launcher" = "$noted" ] || ! [ "$launcher" -ef "$install_dir/bin/deploy-marker" ] || continue
  is_version "$ORB_VERSION" "$launcher" || continue
  put_on_path
  say "deploy-marker $ORB_VERSION is there already: $launcher"
  exit 0
done
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
fetch "$tarball" "$ORB_TARBALL_SHA512" "$install_dir/$ORB_VERSION.tgz"
# shellcheck disable=SC2119 # none
unpack
# The rest ships in the package, which has held against the checksum.
[ -f "$tmp/package/dist/orb/install.sh" ] || fail USAGE 2 "the tarball holds no dist/orb/install.sh" 'give that of deploy-marker '"$ORB_VERSION"
# shellcheck source=/dev/null
. "$tmp/package/dist/orb/install.sh"
