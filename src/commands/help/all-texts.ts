import type { FLAGS } from '../all-settings.ts';
import { ASSUME_ROLE_TEXT } from './assume-role-text.ts';
import { AUDIT_TEXT } from './audit-text.ts';
import { DOCTOR_TEXT } from './doctor-text.ts';
import { EMIT_TEXT } from './emit-text.ts';
import { INVESTIGATE_TEXT } from './investigate-text.ts';
import { QUERY_TEXT } from './query-text.ts';
import { SESSION_NAME_TEXT } from './session-name-text.ts';
import { TEMPLATE_TEXT } from './template-text.ts';
import type { CommandText } from './text.ts';
import { TRACE_TEXT } from './trace-text.ts';
import { VALIDATE_TEXT } from './validate-text.ts';

/** What help says of each command. */
export const TEXTS: { readonly [Name in keyof typeof FLAGS]: CommandText<(typeof FLAGS)[Name]> } = {
  'session-name': SESSION_NAME_TEXT,
  'assume-role': ASSUME_ROLE_TEXT,
  emit: EMIT_TEXT,
  validate: VALIDATE_TEXT,
  trace: TRACE_TEXT,
  audit: AUDIT_TEXT,
  investigate: INVESTIGATE_TEXT,
  query: QUERY_TEXT,
  template: TEMPLATE_TEXT,
  doctor: DOCTOR_TEXT,
};
