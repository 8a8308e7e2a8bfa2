#!/usr/bin/env bash
# One call of deploy-marker with the parameters of a step, which come as variables:
#
#   ORB_COMMAND    the tool's command
#   ORB_STR_X      becomes --x=VALUE, unless it is empty
#   ORB_LIST_X     becomes --x=LINE for every line
#   ORB_BOOL_X     becomes --x if it is 1 or true
#   ORB_WHEN       when this step runs, from which emit derives a status that is not given
#   ORB_PHASE      begin or failed: what the steps of deploy do besides
#   ORB_DEPLOY     tells the deploys of one job apart, with ORB_PHASE
set -euo pipefail

fail() {
  printf 'error: %s\n  hint: %s\n  code: USAGE (exit 2)\n' "$1" "$2" >&2
  exit 2
}

to_flag() {
  printf -- '--%s' "$1" | tr '[:upper:]_' '[:lower:]-'
}

# Prints the parameter that variable $1 holds, with $VARIABLES replaced as users of orbs expect.
read_parameter() {
  local program text=${!1}
  if [[ $text == *'$'* ]]; then
    program=$(command -v circleci || command -v circleci-agent) ||
      fail "the variables in $(to_flag "${1#ORB_*_}") cannot be replaced: there is no circleci or circleci-agent on PATH" \
        'write the value itself, or put the program on PATH'
    # By stdin, since an argument that begins with a hyphen would be taken for a flag.
    text=$(printf '%s' "$text" | "$program" env subst) ||
      fail "the variables in $(to_flag "${1#ORB_*_}") cannot be replaced: circleci env subst failed" \
        "write them as \$NAME or \${NAME}"
  fi
  # What CircleCI makes of a pipeline value that is absent.
  [[ $text == '<nil>' ]] || printf '%s' "$text"
}

read_parameters() {
  local name text line
  for name in "${!ORB_STR_@}"; do
    text=$(read_parameter "$name")
    [[ -z $text ]] || arguments+=("$(to_flag "${name#ORB_STR_}")=$text")
  done
  for name in "${!ORB_LIST_@}"; do
    text=$(read_parameter "$name")
    while IFS= read -r line; do
      [[ -z $line ]] || arguments+=("$(to_flag "${name#ORB_LIST_}")=$line")
    done <<<"$text"
  done
  for name in "${!ORB_BOOL_@}"; do
    [[ ${!name} != 1 && ${!name} != true ]] || arguments+=("$(to_flag "${name#ORB_BOOL_}")")
  done
}

# Without a status, the moment at which the step runs tells it.
derive_status() {
  [[ -z ${ORB_STR_STATUS:-} ]] || return 0
  case ${ORB_WHEN:-} in
    on_success) ORB_STR_STATUS=success ;;
    on_fail) ORB_STR_STATUS=failed ;;
    *) fail 'a marker with when: always needs a status, since the job may have failed or not' \
      'pass status, or use emit twice, with when: on_success and with when: on_fail' ;;
  esac
}

# Leaves a trace that this deploy began, for the step that runs when the job has failed.
note_begin() {
  DEPLOY_MARKER_STARTED_AT=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  export DEPLOY_MARKER_STARTED_AT
  printf 'export DEPLOY_MARKER_STARTED_AT=%q DEPLOY_MARKER_ORB_DEPLOY=%q\n' \
    "$DEPLOY_MARKER_STARTED_AT" "$ORB_DEPLOY" >>"$BASH_ENV"
}

main() {
  local arguments=("$ORB_COMMAND")
  if [[ ${ORB_PHASE:-} == failed && ${DEPLOY_MARKER_ORB_DEPLOY:-} != "$ORB_DEPLOY" ]]; then
    # Something else in the job failed, perhaps before the tool was there, perhaps another deploy.
    echo 'no marker: this deploy did not begin'
    return
  fi
  command -v deploy-marker >/dev/null ||
    fail 'deploy-marker is not on PATH' 'use the command install before this one, or leave its parameter install true'
  if [[ ${ORB_PHASE:-} == begin ]]; then note_begin; fi
  if [[ $ORB_COMMAND == emit ]]; then derive_status; fi
  read_parameters
  deploy-marker "${arguments[@]}"
}

if [[ ${ORB_PHASE:-} == begin ]]; then
  # In a shell of its own, since set -e would not hold inside a condition.
  (main) &
  wait $! || echo 'the deploy goes on without its marker of status running' >&2
else
  main
fi
