import type { Option, OptionTable } from '../config/option.ts';
import { ASSUME_ROLE_FLAGS } from './assume-role/assume-role.flags.ts';
import { AUDIT_FLAGS } from './audit/audit.flags.ts';
import { DOCTOR_FLAGS } from './doctor/doctor.flags.ts';
import { EMIT_FLAGS } from './emit/emit.flags.ts';
import { INVESTIGATE_FLAGS } from './investigate/investigate.flags.ts';
import { QUERY_FLAGS } from './query/query.flags.ts';
import { SESSION_NAME_FLAGS } from './session-name.flags.ts';
import { TEMPLATE_FLAGS } from './template.flags.ts';
import { TRACE_FLAGS } from './trail/trace.flags.ts';
import { VALIDATE_FLAGS } from './validate.flags.ts';

const EVERY = 'Every command:';

/** Flags that every command has. */
export const COMMON_FLAGS = {
  json: {
    type: 'boolean',
    group: EVERY,
    configurable: false,
    describe: 'Print one JSON object on stdout, and an error as one on stderr.',
  },
  quiet: { type: 'boolean', group: EVERY, configurable: false, describe: 'Leave out notes, not warnings.' },
  debug: {
    type: 'boolean',
    group: EVERY,
    configurable: false,
    describe: 'Tell details on stderr, and the stack of an error.',
  },
  color: {
    type: 'string',
    value: 'WHEN',
    group: EVERY,
    configurable: false,
    choices: ['auto', 'always', 'never'],
    default: 'auto',
    describe: 'Colour results; auto does on a terminal, and heeds NO_COLOR and FORCE_COLOR.',
  },
  config: {
    type: 'string',
    value: 'FILE',
    group: EVERY,
    configurable: false,
    describe: 'Read settings from this JSON file.',
    unset: 'deploy-marker.json, where it is',
  },
  help: { type: 'boolean', group: EVERY, configurable: false, describe: 'Show this help, and do nothing.' },
  version: {
    type: 'boolean',
    group: EVERY,
    configurable: false,
    describe: 'Show the version, and do nothing.',
  },
} as const satisfies OptionTable;

/** The flags of each command, in the order in which a deploy meets them. */
export const FLAGS = {
  'session-name': SESSION_NAME_FLAGS,
  'assume-role': ASSUME_ROLE_FLAGS,
  emit: EMIT_FLAGS,
  validate: VALIDATE_FLAGS,
  trace: TRACE_FLAGS,
  audit: AUDIT_FLAGS,
  investigate: INVESTIGATE_FLAGS,
  query: QUERY_FLAGS,
  template: TEMPLATE_FLAGS,
  doctor: DOCTOR_FLAGS,
} as const satisfies Readonly<Record<string, OptionTable>>;

/** Every setting that the configuration file may hold, of all commands. */
export function allSettings(): OptionTable {
  const settings: Record<string, Option> = {};
  // A flag can be a setting of one command and say what a single call of another one asks for.
  for (const options of Object.values<OptionTable>(FLAGS)) {
    for (const [name, option] of Object.entries(options)) {
      if (option.configurable !== false) settings[name] = { ...option, ...settings[name] };
    }
  }
  return settings;
}
