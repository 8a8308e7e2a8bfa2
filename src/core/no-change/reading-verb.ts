const VERBS = /^(?:Admin|Batch)?(?:Describe|Get|Head|List|Lookup|Search)(?![a-z])/;

/** Whether the name of an action begins like that of one that only reads. */
export function soundsLikeReading(action: string): boolean {
  return VERBS.test(action);
}
