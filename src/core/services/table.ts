import { ACCESS_SERVICES } from './access.ts';
import { ANALYTICS_SERVICES } from './analytics.ts';
import { APP_SERVICES } from './apps.ts';
import { CODE_SERVICES } from './code.ts';
import { CONTAINER_SERVICES } from './containers.ts';
import { DATA_SERVICES } from './data.ts';
import { INTEGRATION_SERVICES } from './integration.ts';
import { MACHINE_SERVICES } from './machines.ts';
import { NETWORK_SERVICES } from './network.ts';
import type { Service } from './service.ts';

/** Every service of which it is known what names the things that its calls change. */
export const SERVICES: readonly Service[] = [
  ...CODE_SERVICES,
  ...CONTAINER_SERVICES,
  ...INTEGRATION_SERVICES,
  ...DATA_SERVICES,
  ...ACCESS_SERVICES,
  ...NETWORK_SERVICES,
  ...MACHINE_SERVICES,
  ...APP_SERVICES,
  ...ANALYTICS_SERVICES,
];

const BY_NAME: ReadonlyMap<string, Service> = new Map(SERVICES.map(service => [service.name, service]));
const BY_ARN_NAME: ReadonlyMap<string, Service> = new Map(
  SERVICES.map(service => [service.arnName ?? service.name, service]),
);

/** The service as `eventSource` has it, without `.amazonaws.com`. */
export function serviceNamed(name: string): Service | undefined {
  return BY_NAME.get(name);
}

/** The service as ARNs have it. */
export function serviceInArns(name: string): Service | undefined {
  return BY_ARN_NAME.get(name);
}
