#!/usr/bin/env bash
# Keeps CircleCI's own deploy marker, a page in its UI, in step with ours. Best effort: it never fails the job.
# https://circleci.com/docs/guides/deploy/configure-deploy-markers/
#
#   ORB_STATUS   RUNNING, SUCCESS or FAILED
#   ORB_ENV, ORB_COMPONENT, ORB_TARGET_VERSION, ORB_DEPLOY   parameters of deploy
set -uo pipefail

program=$(command -v circleci || command -v circleci-agent) || {
  echo "no program circleci to tell: CircleCI's own deploy marker stays as it is"
  exit 0
}

substitute() {
  local text=$1
  if [[ $text == *'$'* ]]; then text=$(printf '%s' "$text" | "$program" env subst); fi
  [[ $text == '<nil>' ]] || printf '%s' "$text"
}

# Plans are told apart by a name that is unique in the workflow.
update() {
  local component=$1 environment version plan commit=${CIRCLE_SHA1:-unknown}
  environment=$(substitute "$ORB_ENV")
  version=$(substitute "$ORB_TARGET_VERSION")
  plan=$(printf '%s-%s' "$environment" "$component" | tr -cs 'A-Za-z0-9\n' '-')
  if [[ $ORB_STATUS == RUNNING ]]; then
    "$program" run release plan "$plan" --environment-name="$environment" --component-name="${component##*:}" \
      --target-version="${version:-${commit:0:7}}" || return
  fi
  "$program" run release update "$plan" --status="$ORB_STATUS" || return
  echo "CircleCI's own deploy marker of $component: $ORB_STATUS"
}

# A job that failed before this deploy began has no plan to update.
if [[ $ORB_STATUS == FAILED && ${DEPLOY_MARKER_ORB_DEPLOY:-} != "$ORB_DEPLOY" ]]; then exit 0; fi

while IFS= read -r component; do
  [[ -z $component ]] || update "$component" || echo "CircleCI's own deploy marker of $component was not updated" >&2
done <<<"$(substitute "$ORB_COMPONENT")"
