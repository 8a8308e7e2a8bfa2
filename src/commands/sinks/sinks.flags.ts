import type { OptionTable } from '../../config/option.ts';

/** Flags of `emit` that say where markers go, and how that is reached. */
export const SINK_FLAGS = {
  'channel-arn': {
    type: 'string',
    value: 'ARN',
  },
  'log-group': {
    type: 'string',
    value: 'NAME',
  },
  bucket: {
    type: 'string',
    value: 's3://BUCKET/PREFIX',
  },
  file: {
    type: 'string',
    value: 'PATH',
  },
  sink: {
    type: 'list',
    isNames: true,
    value: 'SINK',
    choices: ['lake', 'logs', 's3', 'file'],
  },
  'dry-run': {
    type: 'boolean',
    configurable: false,
  },
  'log-stream': {
    type: 'string',
    value: 'NAME',
  },
  'sink-role-arn': {
    type: 'string',
    refusesEmpty: true,
    value: 'ARN',
  },
  'external-id': {
    type: 'string',
    secret: true,
    value: 'TEXT',
  },
  'event-source': {
    type: 'string',
    value: 'NAME',
  },
} as const satisfies OptionTable;
