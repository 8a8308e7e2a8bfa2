#!/bin/sh
# Runs this step by the program that install has proved: found by its folder, whatever PATH and BASH_ENV became.
set +e; at=${BASH_ENV:-/}.deploy-marker tool=
[ ! -f "$at" ] || read -r tool <"$at"
[ -x "$tool" ] || tool=$(command -v deploy-marker)
# shellcheck disable=SC2097,SC2098 # the old value is what is handed on
if [ "$tool" ]; then MARKER_ORB_NODE_OPTIONS=${NODE_OPTIONS-} NODE_OPTIONS='' "$tool" orb-step
else printf 'error: deploy-marker is not on PATH\n  hint: use install before\n  code: USAGE (exit 2)\n' >&2; (exit 127); fi
code=$?
# Only emit has on_error: what it says of a deploy that took place holds for all that goes wrong, of other markers for a tool that dies.
case $code,${MARKER_ORB_PHASE-},${MARKER_ORB_STR_ON_ERROR-} in
  0,*) ;;
  *,[bfs]*,[wi]* | [19],,[wi]* | 1??,,[wi]*) echo "warning: the job goes on all the same (exit $code)" >&2 ;;
  127,*) exit 2 ;;
  *) exit "$code" ;;
esac
