import { type Command, defineCommand } from './command.ts';

/** Every command, in the order in which a deploy meets them. Help, the parser and README's tables are made from it. */
export const COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'session-name',
    summary: 'compose or check an STS session name',
    loadOptions: async () => (await import('./session-name.flags.ts')).SESSION_NAME_FLAGS,
    examples: [
      ['session-name --env prod', 'name this CI job'],
      ['session-name --env prod --export ROLE_SESSION_NAME', 'and set it for later steps'],
      ['session-name --check ci-prod-a1b2c3d', 'accept or refuse a name'],
    ],
    load: () => import('./session-name.ts'),
  }),
  defineCommand({
    name: 'assume-role',
    summary: "assume a role with the CI job's OIDC token",
    loadOptions: async () => (await import('./assume-role/assume-role.flags.ts')).ASSUME_ROLE_FLAGS,
    examples: [
      ['assume-role --role-arn arn:aws:iam::123456789012:role/deploy --env prod', 'for later steps'],
      [
        'assume-role --role-arn arn:aws:iam::123456789012:role/deploy --env prod --output env',
        'as export lines',
      ],
      ['assume-role --clear', 'take it all back'],
    ],
    load: () => import('./assume-role/assume-role.ts'),
  }),
  defineCommand({
    name: 'emit',
    summary: 'record a deploy: create markers and deliver them',
    loadOptions: async () => (await import('./emit/emit.flags.ts')).EMIT_FLAGS,
    examples: [
      ['emit --env prod --component lambda:resize-image --channel-arn "$CHANNEL_ARN"', 'after a deploy'],
      ['emit --env prod --component stack:billing --status failed --file deploys.jsonl', 'into a file'],
      ['emit --env dev --component lambda:a --channel-arn "$CHANNEL_ARN" --dry-run', 'send nothing'],
    ],
    load: () => import('./emit/emit.ts'),
  }),
  defineCommand({
    name: 'validate',
    summary: 'check markers and audit events offline',
    positionals: '[file..]',
    loadOptions: async () => (await import('./validate.flags.ts')).VALIDATE_FLAGS,
    examples: [
      ['validate deploys.jsonl', 'check a file'],
      ['validate < deploys.jsonl', 'check stdin'],
      ['validate --json deploys.jsonl', 'every problem as JSON'],
    ],
    load: () => import('./validate.ts'),
  }),
  defineCommand({
    name: 'trace',
    summary: 'say which deploy made a change, and what no deploy explains',
    positionals: '[component]',
    loadOptions: async () => (await import('./trail/trace.flags.ts')).TRACE_FLAGS,
    isJudgement: true,
    examples: [
      ['trace resize-image', 'who changed it in a week'],
      ['trace --git-sha a1b2c3d --markers deploys.jsonl --changes trail/', 'what a commit changed'],
      ['trace --since 24h --markers deploys.jsonl --html trace.html', 'all of a day, as a page'],
    ],
    load: () => import('./trail/trace.ts'),
  }),
  defineCommand({
    name: 'audit',
    summary: 'fail if something changed that no deploy explains',
    loadOptions: async () => (await import('./audit/audit.flags.ts')).AUDIT_FLAGS,
    isJudgement: true,
    examples: [
      ['audit --markers deploys.jsonl', 'a day'],
      [
        'audit --since last --state audit.json --markers deploys.jsonl --junit audit.xml',
        'from where it stopped',
      ],
      ['audit --markers deploys.jsonl --write-baseline baseline.json', 'accept what is found today'],
    ],
    load: () => import('./audit/audit.ts'),
  }),
  defineCommand({
    name: 'investigate',
    summary: 'say who changed a component, what exactly, and whether it was meant',
    positionals: '<component>',
    loadOptions: async () => (await import('./investigate/investigate.flags.ts')).INVESTIGATE_FLAGS,
    isJudgement: true,
    examples: [
      ['investigate lambda:resize-image --markers deploys.jsonl', 'what happened to it in a day'],
      ['investigate lambda:resize-image --markers deploys.jsonl --at 2h --drift', 'what was in force then'],
      ['investigate stack:billing --since 7d --html billing.html', 'a stack, as a page'],
    ],
    load: () => import('./investigate/investigate.ts'),
  }),
  defineCommand({
    name: 'query',
    summary: 'print or run SQL that ties changes to deploys, in CloudTrail Lake or Athena',
    loadOptions: async () => (await import('./query.flags.ts')).QUERY_FLAGS,
    examples: [
      ['query --marker-store "$MARKER_STORE" --change-store "$CHANGE_STORE"', 'print the statement'],
      [
        'query --marker-store "$MARKER_STORE" --change-store "$CHANGE_STORE" --since 24h --run',
        'run it, and print its rows',
      ],
      [
        'query --engine athena --marker-table deploys.markers --change-table deploys.trail',
        'the same for Athena',
      ],
    ],
    load: () => import('./query.ts'),
  }),
  defineCommand({
    name: 'template',
    summary: 'print a CloudFormation template of what an account needs',
    positionals: '<name>',
    loadOptions: async () => (await import('./template.flags.ts')).TEMPLATE_FLAGS,
    examples: [
      ['template lake > lake.yaml', 'a channel of CloudTrail Lake'],
      ['template logs --param RetentionDays=731 --out logs.yaml', 'a log group, with another default'],
      ['template circleci-role --json', 'its parameters, too'],
    ],
    listArguments: async () => (await import('./template-list.ts')).listTemplates(),
    load: () => import('./template.ts'),
  }),
  defineCommand({
    name: 'doctor',
    summary: 'show every setting and where it comes from, and check the chain',
    loadOptions: async () => (await import('./doctor/doctor.flags.ts')).DOCTOR_FLAGS,
    takesAllSettings: true,
    examples: [
      ['doctor --env prod --channel-arn "$CHANNEL_ARN"', 'what a deploy would meet here'],
      [
        'doctor --env prod --role-arn arn:aws:iam::123456789012:role/deploy --trust-policy trust.json',
        'whether the role lets this job in',
      ],
      ['doctor --online', 'ask AWS, too'],
    ],
    load: () => import('./doctor/doctor.ts'),
  }),
];
