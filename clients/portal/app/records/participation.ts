/** What is told of half-years, by the consent `analysis`. Days are ISO 8601. */

export type Level = 'none' | 'some' | 'regular';

export interface ParticipationRecord {
  /** The last half-year that is over. */
  readonly half: { readonly first: string; readonly last: string };
  /** What was told, chance and all, by the first day of its half-year, the newest first. */
  readonly told: readonly { readonly first: string; readonly level: Level }[];
  /** `later`: this session has written to programs, and two hosts would see the same member at the same moment. */
  readonly state: 'open' | 'told' | 'later';
}
