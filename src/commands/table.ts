import { type Command, defineCommand } from './command.ts';

/** Every command, in the order in which a deploy meets them. Help, the parser and the tables of README.md beside it are made from it. */
export const COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'session-name',
    summary: 'Compose or check an STS session name that leads to one deploy.',
    loadOptions: async () => (await import('./session-name.flags.ts')).SESSION_NAME_FLAGS,
    examples: [
      ['session-name --env prod', 'Name the session of this CI job.'],
      ['session-name --env prod --export ROLE_SESSION_NAME', 'Set the name for later steps too.'],
      ['session-name --check ci-prod-a1b2c3d', 'Accept or refuse a name.'],
    ],
    load: () => import('./session-name.ts'),
  }),
  defineCommand({
    name: 'assume-role',
    summary: "Assume a role for later steps, by the CI job's OIDC token.",
    loadOptions: async () => (await import('./assume-role/assume-role.flags.ts')).ASSUME_ROLE_FLAGS,
    examples: [
      [
        'assume-role --role-arn arn:aws:iam::123456789012:role/deploy --env prod',
        'Leave credentials for later steps.',
      ],
      [
        'assume-role --role-arn arn:aws:iam::123456789012:role/deploy --env prod --output env',
        'Print them as export lines for a shell, instead.',
      ],
      ['assume-role --clear', 'Take it all back after the deploy.'],
    ],
    load: () => import('./assume-role/assume-role.ts'),
  }),
  defineCommand({
    name: 'emit',
    summary: 'Record a deploy: make markers and deliver them.',
    loadOptions: async () => (await import('./emit/emit.flags.ts')).EMIT_FLAGS,
    examples: [
      [
        'emit --env prod --component lambda:resize-image --channel-arn "$CHANNEL_ARN"',
        'Record a deploy in CloudTrail Lake.',
      ],
      [
        'emit --env prod --component stack:billing --status failed --file deploys.jsonl',
        'Record a failed one in a file; no account is needed.',
      ],
      [
        'emit --env dev --component lambda:a --channel-arn "$CHANNEL_ARN" --dry-run',
        'Check everything, and send nothing.',
      ],
    ],
    load: () => import('./emit/emit.ts'),
  }),
  defineCommand({
    name: 'validate',
    summary: 'Check markers and audit events in files, offline.',
    positionals: '[file..]',
    loadOptions: async () => (await import('./validate.flags.ts')).VALIDATE_FLAGS,
    examples: [
      ['validate deploys.jsonl', 'Check a file.'],
      ['validate < deploys.jsonl', 'Check what comes through a pipe.'],
      ['validate --json deploys.jsonl', 'Tell every problem as JSON.'],
    ],
    load: () => import('./validate.ts'),
  }),
  defineCommand({
    name: 'trace',
    summary: 'Say which deploy made a change, and what no deploy explains.',
    positionals: '[component]',
    loadOptions: async () => (await import('./trail/trace.flags.ts')).TRACE_FLAGS,
    tellsSettings: 'note',
    examples: [
      ['trace resize-image', 'Who changed this function in a week?'],
      [
        'trace --git-sha a1b2c3d --markers deploys.jsonl --changes trail/',
        'What did a commit change? Offline, from a folder of logs.',
      ],
      ['trace --since 24h --markers deploys.jsonl --html trace.html', 'All of a day, as a page.'],
    ],
    load: () => import('./trail/trace.ts'),
  }),
  defineCommand({
    name: 'audit',
    summary: 'Fail if something changed that no deploy explains.',
    loadOptions: async () => (await import('./audit/audit.flags.ts')).AUDIT_FLAGS,
    tellsSettings: 'warning',
    examples: [
      ['audit --markers deploys.jsonl', 'Judge the last 24 hours.'],
      [
        'audit --since last --state audit.json --markers deploys.jsonl --junit audit.xml',
        'Go on from where the run before stopped.',
      ],
      [
        'audit --markers deploys.jsonl --write-baseline baseline.json',
        'Accept what is found today, for a first adoption.',
      ],
    ],
    load: () => import('./audit/audit.ts'),
  }),
  defineCommand({
    name: 'investigate',
    summary: 'Say who changed a component, how, and whether it was meant.',
    positionals: '<component>',
    loadOptions: async () => (await import('./investigate/investigate.flags.ts')).INVESTIGATE_FLAGS,
    tellsSettings: 'note',
    examples: [
      ['investigate resize-image --markers deploys.jsonl', 'What happened to it in a day?'],
      [
        'investigate lambda:resize-image --markers deploys.jsonl --at 2h --drift',
        'What was in force two hours ago, and what is now?',
      ],
      ['investigate stack:billing --since 7d --html billing.html', 'A week of a stack, as a page.'],
    ],
    load: () => import('./investigate/investigate.ts'),
  }),
  defineCommand({
    name: 'query',
    summary: 'Print or run SQL that ties changes to deploys (Lake, Athena).',
    loadOptions: async () => (await import('./query/query.flags.ts')).QUERY_FLAGS,
    examples: [
      [
        'query --marker-store "$MARKER_STORE" --change-store "$CHANGE_STORE"',
        'Print the statement for CloudTrail Lake.',
      ],
      [
        'query --marker-store "$MARKER_STORE" --change-store "$CHANGE_STORE" --since 24h --run',
        'Run it, and print its rows.',
      ],
      [
        'query --engine athena --marker-table deploys.markers --change-table deploys.trail',
        'Print the statement for Athena.',
      ],
    ],
    load: () => import('./query/query.ts'),
  }),
  defineCommand({
    name: 'template',
    summary: 'Print a CloudFormation template of what an account needs.',
    positionals: '<name>',
    loadOptions: async () => (await import('./template.flags.ts')).TEMPLATE_FLAGS,
    examples: [
      ['template lake > lake.yaml', 'A channel of CloudTrail Lake.'],
      ['template logs --param RetentionDays=731 --out logs.yaml', 'A log group, with another default.'],
      ['template circleci-role --json', 'A role, with its parameters, as JSON.'],
    ],
    listArguments: async () => (await import('./template-list.ts')).listTemplates(),
    load: () => import('./template.ts'),
  }),
  defineCommand({
    name: 'doctor',
    summary: 'Show each setting with its source, and check the whole chain.',
    loadOptions: async () => (await import('./doctor/doctor.flags.ts')).DOCTOR_FLAGS,
    takesAllSettings: true,
    examples: [
      ['doctor --env prod --channel-arn "$CHANNEL_ARN"', 'What would a deploy meet here?'],
      [
        'doctor --env prod --role-arn arn:aws:iam::123456789012:role/deploy --trust-policy trust.json',
        'Does the role let this job in?',
      ],
      ['doctor --online', 'Ask AWS, too.'],
    ],
    load: () => import('./doctor/doctor.ts'),
  }),
];
