#!/bin/sh
# Runs this step by the program that install has proved: found by its folder, whatever PATH and BASH_ENV became.
set +e; export MARKER_ORB_NODE_OPTIONS="${NODE_OPTIONS-}" MARKER_ORB_PATH="$PATH"; tool='' at=${BASH_ENV:-/}.deploy-marker
[ ! -f "$at" ] || read -r tool <"$at"
[ -x "$tool" ] || tool=$(command -v deploy-marker)
if [ "$tool" ]; then NODE_OPTIONS='' "$tool" orb-step
elif [ "${MARKER_ORB_PHASE-}${MARKER_ORB_BEGUN-}" = failed ] && [ ! -f "$at-begun" ]; then echo 'no marker: there is no trace that this deploy began'
else printf 'error: deploy-marker is not on PATH\n  hint: use the command install before this one\n  code: USAGE (exit 2)\n' >&2; (exit 127); fi
code=$?
case $code,$MARKER_ORB_COMMAND,${MARKER_ORB_PHASE-},${MARKER_ORB_STR_ON_ERROR-} in
  0,*) ;;
  *,emit,begin,* | *,emit,failed,[wi]* | *,emit,succeeded,[wi]* | [19],emit,,[wi]* | 1??,emit,,[wi]*) echo "warning: the job goes on all the same (exit $code)" >&2 ;;
  127,*) exit 2 ;;
  *) exit "$code" ;;
esac
