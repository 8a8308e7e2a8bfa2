import { type Command, defineCommand } from './command.ts';

/** Every command, in the order in which a deploy meets them. Help, the parser and the tables of README.md beside it are made from it; what they say of each stands in `help`. */
export const COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'session-name',
    loadOptions: async () => (await import('./session-name.flags.ts')).SESSION_NAME_FLAGS,
    load: () => import('./session-name.ts'),
  }),
  defineCommand({
    name: 'assume-role',
    loadOptions: async () => (await import('./assume-role/assume-role.flags.ts')).ASSUME_ROLE_FLAGS,
    load: () => import('./assume-role/assume-role.ts'),
  }),
  defineCommand({
    name: 'emit',
    loadOptions: async () => (await import('./emit/emit.flags.ts')).EMIT_FLAGS,
    load: () => import('./emit/emit.ts'),
  }),
  defineCommand({
    name: 'validate',
    positionals: '[file..]',
    loadOptions: async () => (await import('./validate.flags.ts')).VALIDATE_FLAGS,
    load: () => import('./validate.ts'),
  }),
  defineCommand({
    name: 'trace',
    positionals: '[component]',
    loadOptions: async () => (await import('./trail/trace.flags.ts')).TRACE_FLAGS,
    isJudgement: true,
    load: () => import('./trail/trace.ts'),
  }),
  defineCommand({
    name: 'audit',
    loadOptions: async () => (await import('./audit/audit.flags.ts')).AUDIT_FLAGS,
    isJudgement: true,
    load: () => import('./audit/audit.ts'),
  }),
  defineCommand({
    name: 'investigate',
    positionals: '<component>',
    loadOptions: async () => (await import('./investigate/investigate.flags.ts')).INVESTIGATE_FLAGS,
    isJudgement: true,
    load: () => import('./investigate/investigate.ts'),
  }),
  defineCommand({
    name: 'query',
    loadOptions: async () => (await import('./query/query.flags.ts')).QUERY_FLAGS,
    load: () => import('./query/query.ts'),
  }),
  defineCommand({
    name: 'template',
    positionals: '<name>',
    loadOptions: async () => (await import('./template.flags.ts')).TEMPLATE_FLAGS,
    listArguments: async () => (await import('./template-list.ts')).listTemplates(),
    load: () => import('./template.ts'),
  }),
  defineCommand({
    name: 'doctor',
    loadOptions: async () => (await import('./doctor/doctor.flags.ts')).DOCTOR_FLAGS,
    takesAllSettings: true,
    load: () => import('./doctor/doctor.ts'),
  }),
];
