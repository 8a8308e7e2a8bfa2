import type { Option, OptionTable } from '../config/option.ts';
import { ASSUME_ROLE_FLAGS } from './assume-role/assume-role.flags.ts';
import { AUDIT_FLAGS } from './audit/audit.flags.ts';
import type { CommandName } from './command.ts';
import { DOCTOR_FLAGS } from './doctor/doctor.flags.ts';
import { EMIT_FLAGS } from './emit/emit.flags.ts';
import { INVESTIGATE_FLAGS } from './investigate/investigate.flags.ts';
import { QUERY_FLAGS } from './query/query.flags.ts';
import { SESSION_NAME_FLAGS } from './session-name.flags.ts';
import { TEMPLATE_FLAGS } from './template.flags.ts';
import { TRACE_FLAGS } from './trail/trace.flags.ts';
import { VALIDATE_FLAGS } from './validate.flags.ts';

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
} as const satisfies Readonly<Record<CommandName, OptionTable>>;

/** Every setting that the configuration file may hold, of all commands. */
export const SETTINGS: OptionTable = collectSettings();

function collectSettings(): OptionTable {
  const settings: Record<string, Option> = {};
  // A flag can be a setting of one command and say what a single call of another one asks for.
  for (const options of Object.values<OptionTable>(FLAGS)) {
    for (const [name, option] of Object.entries(options)) {
      const known = settings[name];
      if (option.configurable === false) continue;
      // Many are one and the same of several commands.
      if (known !== option) settings[name] = known === undefined ? option : { ...option, ...known };
    }
  }
  return settings;
}
