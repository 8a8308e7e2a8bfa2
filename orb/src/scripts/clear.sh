#!/usr/bin/env bash
# Takes back what the steps of deploy left for later ones. It never fails the job: after a deploy, a red step invites a second.
#
#   MARKER_ORB_ROLE_ARN   empty if deploy assumed no role, so that session and credentials of others stay
set +e -uo pipefail

echo "unset MARKER_ORB_BEGUN MARKER_ORB_STARTED_AT ${MARKER_ORB_ROLE_ARN:+ROLE_SESSION_NAME}" >>"$BASH_ENV"
if [[ -z $MARKER_ORB_ROLE_ARN ]]; then
  echo 'deploy assumed no role: there are no credentials to take back'
elif ! command -v deploy-marker >/dev/null; then
  echo 'deploy-marker is not on PATH: credentials that deploy may have left stay in BASH_ENV until the job ends' >&2
else
  deploy-marker assume-role --clear || echo 'the credentials stay in BASH_ENV until the job ends' >&2
fi
exit 0
