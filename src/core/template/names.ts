/** Names of the CloudFormation templates in this package, in the order in which an account is set up. */
export const TEMPLATE_NAMES = [
  'lake',
  'logs',
  'markers-bucket',
  'circleci-role',
  'github-role',
  'marker-role',
  'audit-role',
  'trail',
  'athena',
  'alerts',
  'config',
  'drift',
] as const;

/** The name of a template. */
export type TemplateName = (typeof TEMPLATE_NAMES)[number];
