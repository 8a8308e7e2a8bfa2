/** An object type without its undefined values: fields that may be undefined become optional. */
export type WithoutUndefined<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };

/** A copy without the fields whose value is undefined, so that "not given" has one form. */
export function withoutUndefined<T extends object>(value: T): WithoutUndefined<T>;
export function withoutUndefined(value: object): object {
  const given: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) if (field !== undefined) given[name] = field;
  return given;
}
