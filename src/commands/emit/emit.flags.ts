import type { OptionTable } from '../../config/option.ts';
import { MAX_RATE } from '../../core/delivery/rate.ts';
import { MARKER_KINDS, MARKER_STATUSES } from '../../core/marker/marker.ts';
import { SINK_FLAGS } from '../sinks/sinks.flags.ts';

/** Flags of `emit`. */
export const EMIT_FLAGS = {
  env: {
    type: 'string',
    value: 'ENV',
  },
  component: {
    type: 'list',
    refusesEmpty: true,
    value: 'NAME',
  },
  stack: {
    type: 'list',
    isNames: true,
    refusesEmpty: true,
    value: 'NAME',
  },
  status: {
    type: 'string',
    value: 'STATUS',
    choices: MARKER_STATUSES,
    default: 'success',
  },
  'git-sha': {
    type: 'string',
    value: 'SHA',
  },
  kind: {
    type: 'string',
    value: 'KIND',
    choices: MARKER_KINDS,
    default: 'deploy',
  },
  'started-at': {
    type: 'string',
    value: 'TIME',
  },
  'deployed-at': {
    type: 'string',
    value: 'TIME',
  },
  account: {
    type: 'string',
    value: 'ID',
  },
  region: {
    type: 'string',
    value: 'REGION',
  },
  'target-version': {
    type: 'string',
    value: 'TEXT',
  },
  'previous-git-sha': {
    type: 'string',
    value: 'SHA',
  },
  ...SINK_FLAGS,
  'on-error': {
    type: 'string',
    value: 'ACTION',
    choices: ['fail', 'warn', 'ignore'],
    default: 'fail',
  },
  timeout: {
    type: 'string',
    value: 'DURATION',
    default: '30s',
  },
  'max-attempts': {
    type: 'string',
    value: 'N',
  },
  'max-rate': {
    type: 'string',
    value: 'N',
    default: String(MAX_RATE.default),
  },
  spool: {
    type: 'string',
    value: 'DIR',
  },
  drain: {
    type: 'string',
    refusesEmpty: true,
    value: 'DIR',
    configurable: false,
  },
  actor: {
    type: 'string',
    value: 'NAME',
  },
  workflow: {
    type: 'string',
    value: 'NAME',
  },
  job: { type: 'string', value: 'NAME' },
  'session-name': {
    type: 'string',
    value: 'NAME',
    alsoFrom: 'ROLE_SESSION_NAME',
  },
  'role-arn': {
    type: 'string',
    value: 'ARN',
  },
  reason: {
    type: 'string',
    value: 'TEXT',
  },
  'approved-by': {
    type: 'string',
    value: 'NAME',
  },
  url: {
    type: 'string',
    value: 'URL',
  },
  label: {
    type: 'list',
    value: 'K=V',
  },
  'deploy-id': {
    type: 'string',
    value: 'ID',
  },
  'idempotency-key': {
    type: 'string',
    value: 'TEXT',
  },
  explains: {
    type: 'string',
    value: 'EVENT_ID',
    configurable: false,
  },
  from: {
    type: 'string',
    refusesEmpty: true,
    value: 'FILE',
    configurable: false,
  },
  'keep-going': {
    type: 'boolean',
    configurable: false,
  },
} as const satisfies OptionTable;
