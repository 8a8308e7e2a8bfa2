/** Services whose changes are read if nobody says otherwise. */
export const DEFAULT_SERVICES = ['lambda', 'cloudformation'] as const;
