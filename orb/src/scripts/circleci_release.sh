#!/usr/bin/env bash
# Keeps CircleCI's own deploy marker, a page in its UI, in step with ours. Best effort: it never fails the job.
# https://circleci.com/docs/guides/deploy/configure-deploy-markers/
#
#   MARKER_ORB_STATUS   RUNNING, SUCCESS or FAILED
#   MARKER_ORB_ENV, MARKER_ORB_COMPONENT, MARKER_ORB_VERSION, MARKER_ORB_DEPLOY   parameters of deploy
set +e -uo pipefail

program=$(command -v circleci || command -v circleci-agent) || {
  echo "no program circleci to tell: CircleCI's own deploy marker stays as it is"
  exit 0
}

substitute() {
  local text=$1
  if [[ $text == *'$'* ]]; then text=$(printf '%s' "$text" | "$program" env subst); fi
  [[ $text == '<nil>' ]] || printf '%s' "$text"
}

update() {
  local component=$1 environment version plan commit=${CIRCLE_SHA1:-unknown}
  environment=$(substitute "$MARKER_ORB_ENV")
  version=$(substitute "$MARKER_ORB_VERSION")
  # Plans are told apart by a name that is unique in the workflow, so the job is part of it; the sum tells apart what tr makes equal.
  plan=$(printf 'deploy-%s-%s-%s' "$environment" "$component" "${CIRCLE_WORKFLOW_JOB_ID:-}" | LC_ALL=C tr -c 'A-Za-z0-9_.' '-')
  plan=$plan-$(printf '%s' "$component" | cksum | cut -d ' ' -f 1)
  if [[ $MARKER_ORB_STATUS == RUNNING ]]; then
    "$program" run release plan "$plan" --environment-name="$environment" --component-name="${component##*:}" \
      --target-version="${version:-${commit:0:7}}" || return
  fi
  "$program" run release update "$plan" --status="$MARKER_ORB_STATUS" || return
  echo "CircleCI's own deploy marker $plan: $MARKER_ORB_STATUS"
}

# A job that failed before this deploy began has no plan to update.
if [[ $MARKER_ORB_STATUS == FAILED && ${MARKER_ORB_BEGUN:-} != "$MARKER_ORB_DEPLOY" ]]; then exit 0; fi

while IFS= read -r component; do
  [[ -z $component ]] || update "$component" || printf "CircleCI's own deploy marker of %q was not updated\n" "$component" >&2
done <<<"$(substitute "$MARKER_ORB_COMPONENT")"
exit 0
