import type { Request } from '../../core/investigate/request.ts';
import { describeShown } from '../../core/investigate/shown-value.ts';
import { type Markup, markup } from '../markup.ts';

/** What tells what changes asked for. */
export interface RequestSource {
  /** Undefined where nobody knows. */
  of(eventId: string): Request | undefined;
}

/** What a call asked for, a field a line. */
export function renderRequest({ fields, more }: Request): Markup {
  if (fields.length === 0) return markup`<p class="sub">Nothing.</p>`;
  const lines = fields.map(
    field => markup`<div><dt>${field.path}</dt><dd>${describeShown(field)}</dd></div>`,
  );
  const rest = more > 0 ? markup`<p class="sub">… and ${more} more</p>` : undefined;
  return markup`<dl class="fields k">${lines}</dl>${rest}`;
}
