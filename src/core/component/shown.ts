import { isAll, type ServiceChoice } from '../services/choice.ts';
import { KNOWN_SERVICES } from '../services/known.ts';
import { serviceOfComponent } from './spellings.ts';

/** Whether records of these services would show a change of the component. A kind of somebody's own is none that records could show. */
export function isShown(component: string, services: ServiceChoice): boolean {
  const service = serviceOfComponent(component);
  // A kind of somebody's own is none that records could show.
  return service !== undefined && (isAll(services) ? KNOWN_SERVICES : services).includes(service);
}
