#!/bin/sh
# Takes back what deploy or assume_role left for later steps, without a program if need be. It never fails the job: after a deploy, a red step
# invites a second. MARKER_ORB_ROLE_ARN is empty if no role was assumed, so that session and credentials of others stay.
set +e
tool='' names='MARKER_ORB_BEGUN MARKER_ORB_STARTED_AT' at=${BASH_ENV:-/}.deploy-marker
[ ! -f "$at" ] || read -r tool <"$at"
[ -x "$tool" ] || tool=$(command -v deploy-marker)
[ ! -f "$at-begun" ] || { : >"$at-begun"; rm -f "$at-begun"; }
if [ -z "$MARKER_ORB_ROLE_ARN" ]; then
  echo 'deploy assumed no role: there are no credentials to take back'
else
  names="$names ROLE_SESSION_NAME"
  if [ -z "$tool" ] || ! NODE_OPTIONS='' "$tool" assume-role --clear; then
    names="$names AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION DEPLOY_MARKER_ROLE_ARN DEPLOY_MARKER_STARTED_AT DEPLOY_MARKER_ASSUMED"
    # From where they stand, since what a deploy step left, such as a return or an open quote, may keep a shell from what is appended.
    kept=$([ -f "${BASH_ENV-}" ] && sed '/^# deploy-marker assume-role: begin/,/^# deploy-marker assume-role: end/d' "$BASH_ENV" && echo .)
    [ -z "$kept" ] || printf '%s' "${kept%.}" >"$BASH_ENV"
  fi
fi
# Not to a device or a FIFO, which might take the step with it; a line of its own, for the last one in the file may have no end, or go on.
if [ -f "${BASH_ENV-}" ]; then
  printf '\n\nunset %s\n' "$names" >>"$BASH_ENV" || echo 'BASH_ENV cannot be written: credentials may stay until the job ends' >&2
fi
exit 0
