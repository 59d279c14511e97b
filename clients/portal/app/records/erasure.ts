/** How much was erased of each kind, and what is too old to be changed. */
export const ERASED = ['vitals', 'notes', 'steps', 'views', 'installations', 'programs', 'consents'] as const;
export type ErasureRecord = Readonly<Record<(typeof ERASED)[number] | 'kept', number>>;
