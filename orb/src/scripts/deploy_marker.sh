#!/usr/bin/env bash
# One call of deploy-marker with the parameters of a step, which come as variables:
#
#   MARKER_ORB_COMMAND   the tool's command
#   MARKER_ORB_STR_X     becomes --x=VALUE, unless it is empty
#   MARKER_ORB_LIST_X    becomes --x=LINE for every line
#   MARKER_ORB_BOOL_X    becomes --x if it is 1 or true
#   MARKER_ORB_WHEN      when this step runs, from which emit derives a status that is not given
#   MARKER_ORB_PHASE     check, begin, failed or succeeded in the steps of deploy, replay in those of replay, else empty
#   MARKER_ORB_DEPLOY    tells the deploys of one job apart, in those steps
#   MARKER_ORB_JSON      file for the result as JSON, in place of the log; only audit's step has it
set -euo pipefail

fail() {
  printf 'error: %s\n  hint: %s\n  code: USAGE (exit 2)\n' "$1" "$2" >&2
  exit 2
}

to_flag() {
  printf -- '--%s' "${1#MARKER_ORB_*_}" | LC_ALL=C tr '[:upper:]_' '[:lower:]-'
}

# Prints the parameter that variable $1 holds, with $VARIABLES replaced as users of orbs expect.
read_parameter() {
  local program text=${!1}
  # The webhook itself would be an argument, which others can read.
  if [[ $text == *'$'* && $1 != MARKER_ORB_STR_NOTIFY_SLACK_ENV ]]; then
    program=$(command -v circleci || command -v circleci-agent) ||
      fail "the variables in $(to_flag "$1") cannot be replaced: there is no circleci or circleci-agent on PATH" \
        'write the value itself, or put the program on PATH'
    # By stdin, since an argument that begins with a hyphen would be taken for a flag.
    text=$(printf '%s' "$text" | "$program" env subst) ||
      fail "the variables in $(to_flag "$1") cannot be replaced: circleci env subst failed" \
        "write them as \$NAME or \${NAME}"
  fi
  # What CircleCI makes of a pipeline value that is absent.
  [[ $text == '<nil>' ]] || printf '%s' "$text"
}

read_parameters() {
  local name text line
  for name in "${!MARKER_ORB_STR_@}"; do
    text=$(read_parameter "$name")
    case $name in
      # Found out here, this stops the job before its deploy.
      MARKER_ORB_STR_SPOOL) [[ -z $text ]] || (umask 077 && mkdir -p -- "$text" && [[ -w $text ]]) 2>/dev/null ||
        fail "cannot write to the spool $text" 'name another folder' ;;
      # A replay of nothing must not become a marker of its own.
      MARKER_ORB_STR_DRAIN) [[ -n $text || $MARKER_ORB_PHASE != replay ]] || fail 'spool is empty' 'name the folder to replay' ;;
    esac
    [[ -z $text ]] || arguments+=("$(to_flag "$name")=$text")
  done
  for name in "${!MARKER_ORB_LIST_@}"; do
    text=$(read_parameter "$name")
    while IFS= read -r line; do
      [[ -z $line ]] || arguments+=("$(to_flag "$name")=$line")
    done <<<"$text"
  done
  for name in "${!MARKER_ORB_BOOL_@}"; do
    [[ ${!name} != 1 && ${!name} != true ]] || arguments+=("$(to_flag "$name")")
  done
}

# Without a status, the moment at which the step runs tells it.
derive_status() {
  [[ -z ${MARKER_ORB_STR_STATUS:-} ]] || return 0
  case ${MARKER_ORB_WHEN:-} in
    on_success) MARKER_ORB_STR_STATUS=success ;;
    on_fail) MARKER_ORB_STR_STATUS=failed ;;
    *) fail 'a marker with when: always needs a status, since the job may have failed or not' \
      'pass status, or use emit twice, with when: on_success and with when: on_fail' ;;
  esac
}

# Leaves a trace that this deploy began, for the steps that follow it.
note_begin() {
  MARKER_ORB_STARTED_AT=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  printf 'export MARKER_ORB_STARTED_AT=%q MARKER_ORB_BEGUN=%q\n' "$MARKER_ORB_STARTED_AT" "$MARKER_ORB_DEPLOY" >>"$BASH_ENV"
}

main() {
  local arguments=("$MARKER_ORB_COMMAND") json=${MARKER_ORB_JSON:-}
  if [[ $MARKER_ORB_PHASE == failed && ${MARKER_ORB_BEGUN:-} != "$MARKER_ORB_DEPLOY" ]]; then
    # Something else in the job failed, perhaps before the tool was there, perhaps another deploy.
    echo 'no marker: there is no trace that this deploy began'
    return
  fi
  command -v deploy-marker >/dev/null ||
    fail 'deploy-marker is not on PATH' 'use the command install before this one, or leave its parameter install true'
  if [[ $MARKER_ORB_COMMAND == emit && $MARKER_ORB_PHASE != replay ]]; then derive_status; fi
  read_parameters
  if [[ $MARKER_ORB_PHASE == check ]]; then
    deploy-marker "${arguments[@]}" --dry-run --quiet >/dev/null
    echo 'the deploy marker holds; nothing was sent'
    return
  fi
  if [[ $MARKER_ORB_PHASE == begin ]]; then note_begin; fi
  # Of this very deploy, whatever the job did before it.
  if [[ -n $MARKER_ORB_PHASE && -n ${MARKER_ORB_STARTED_AT:-} ]]; then arguments+=("--started-at=$MARKER_ORB_STARTED_AT"); fi
  if [[ -z $json || $json == '<nil>' ]]; then
    deploy-marker "${arguments[@]}"
    return
  fi
  { mkdir -p -- "$(dirname -- "$json")" && : >"$json"; } 2>/dev/null || fail "cannot write the report $json" 'name another file'
  deploy-marker "${arguments[@]}" --json >"$json"
}

if [[ $MARKER_ORB_PHASE == begin ]]; then
  # In a shell of its own, since set -e would not hold inside a condition.
  (main) &
  wait $! || echo 'the deploy goes on without its marker of status running' >&2
else
  main
fi
