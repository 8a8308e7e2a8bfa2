#!/bin/sh
# Runs this step by the program that install has proved: found by its folder, whatever PATH and BASH_ENV became.
set +e; export MARKER_ORB_TOOL='' MARKER_ORB_PATH="$PATH"; at=${BASH_ENV:-/}.deploy-marker
[ ! -f "$at" ] || read -r MARKER_ORB_TOOL <"$at"
[ -x "$MARKER_ORB_TOOL" ] || MARKER_ORB_TOOL=$(command -v deploy-marker)
# shellcheck disable=SC2016 # A bash that has read BASH_ENV expands it, or this shell.
run='case ${NODE_OPTIONS-} in "") ;; *inspect*) false ;; *) "$MARKER_ORB_TOOL" --version >/dev/null 2>&1 ;; esac || unset NODE_OPTIONS
  exec "$MARKER_ORB_TOOL" orb-step'
if [ -n "$MARKER_ORB_TOOL" ]; then
  if [ -f "${BASH_ENV-}" ] && [ "$(bash -c 'echo y >&3' 3>&1 >/dev/null 2>&1 </dev/null)" = y ]; then bash -c "$run"
  else [ ! -e "${BASH_ENV-}" ] || echo 'warning: BASH_ENV is passed over, since bash does not go on after it' >&2; (eval "$run"); fi
elif [ "${MARKER_ORB_PHASE-}${MARKER_ORB_BEGUN-}" = failed ] && [ ! -f "$at-begun" ]; then echo 'no marker: there is no trace that this deploy began'
else printf '%s\n' 'error: deploy-marker is not on PATH, nor where install put it' '  hint: use the command install before this one, or leave its parameter install true' '  code: USAGE (exit 2)' >&2; (exit 127); fi
code=$?
case $code,$MARKER_ORB_COMMAND,${MARKER_ORB_PHASE-},${MARKER_ORB_STR_ON_ERROR-} in
  0,* | *,emit,begin,* | *,release,* | *,emit,failed,[wi]* | *,emit,succeeded,[wi]* | [19],emit,,[wi]* | [19]??,emit,,[wi]*) ;;
  127,*) exit 2 ;;
  *) exit "$code" ;;
esac
[ "$code" = 0 ] || echo "warning: the job goes on without what this step should have done (exit $code)" >&2
