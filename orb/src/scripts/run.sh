#!/bin/sh
# As deploy_marker.sh, for steps before a deploy or after it that fail as the tool does.
at=${BASH_ENV:-/}.deploy-marker tool=
[ ! -f "$at" ] || read -r tool <"$at" || :
[ -x "$tool" ] || tool=$(command -v deploy-marker) || {
  printf 'error: deploy-marker is not on PATH\n  hint: use install before\n  code: USAGE (exit 2)\n' >&2
  exit 2
}
# shellcheck disable=SC2097,SC2098 # the old value is what is handed on
MARKER_ORB_NODE_OPTIONS=${NODE_OPTIONS-} NODE_OPTIONS='' "$tool" orb-step
