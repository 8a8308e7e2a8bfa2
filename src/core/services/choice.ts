/** Whose changes count: those of these services, by the names that change records have, or of all. */
export type ServiceChoice = readonly string[] | 'all';

/** Whether the choice is of all services. */
export function isAll(choice: ServiceChoice): choice is 'all' {
  return choice === 'all';
}

/** Makes a test whether a service is chosen. */
export function chosenTest(choice: ServiceChoice): (service: string) => boolean {
  if (isAll(choice)) return () => true;
  const chosen = new Set(choice);
  return service => chosen.has(service);
}

/** The choice with a service more. */
export function withService(choice: ServiceChoice, service: string | undefined): ServiceChoice {
  if (service === undefined || chosenTest(choice)(service)) return choice;
  return [...choice, service];
}
