import { ACCESS_SERVICES } from './groups/access.ts';
import { ANALYTICS_SERVICES } from './groups/analytics.ts';
import { APP_SERVICES } from './groups/apps.ts';
import { CODE_SERVICES } from './groups/code.ts';
import { CONTAINER_SERVICES } from './groups/containers.ts';
import { DATA_SERVICES } from './groups/data.ts';
import { INTEGRATION_SERVICES } from './groups/integration.ts';
import { MACHINE_SERVICES } from './groups/machines.ts';
import { NETWORK_SERVICES } from './groups/network.ts';
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
