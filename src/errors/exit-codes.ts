/** Exit codes, the most telling first: when several failures happened, the first of these counts. */
export const EXIT_PRIORITY: readonly number[] = [1, 6, 2, 7, 3, 5, 9, 8, 4, 10];
