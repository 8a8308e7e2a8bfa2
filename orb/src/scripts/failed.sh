#!/bin/sh
# As deploy_marker.sh, for the step of deploy that runs after any failure of its job: where nothing began, a tool that is not there is no fault.
set +e; at=${BASH_ENV:-/}.deploy-marker tool=
[ ! -f "$at" ] || read -r tool <"$at"
[ -x "$tool" ] || tool=$(command -v deploy-marker)
# shellcheck disable=SC2097,SC2098 # the old value is what is handed on
if [ "$tool" ]; then MARKER_ORB_NODE_OPTIONS=${NODE_OPTIONS-} NODE_OPTIONS='' "$tool" orb-step
elif [ -z "${MARKER_ORB_BEGUN-}" ] && [ ! -f "$at-begun" ]; then echo 'no marker: there is no trace that this deploy began'
else printf 'error: deploy-marker is not on PATH\n  hint: use install before\n  code: USAGE (exit 2)\n' >&2; (exit 127); fi
code=$?
case $code,${MARKER_ORB_STR_ON_ERROR-} in
  0,*) ;;
  *,[wi]*) echo "warning: the job goes on all the same (exit $code)" >&2 ;;
  127,*) exit 2 ;;
  *) exit "$code" ;;
esac
