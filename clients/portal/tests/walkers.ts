/** Visibly fictional contests. */

import type { ContestRecord, Ranking, Row } from '../app/records/walking.ts';

type Contest = ContestRecord['contest'];

const STAGES = [{ name: '日本橋', metres: 0 }, { name: '品川', metres: 7900 }, { name: '川崎', metres: 18_200 }, { name: '神奈川', metres: 28_000 }];

export function contest(own: Partial<Contest> = {}): Contest {
  return {
    id: 'c1', title: '架空の歩活', teams: 'units', first: '2026-11-15', last: '2026-12-15', enter_from: '2026-11-01', enter_until: '2026-12-01',
    active_days: 1, active_steps: 1, daily_cap: 30_000, largest_team: 10, leagues: [], manual: false, score: 'average', stages: STAGES, thresholds: [50, 70, 90],
    ...own,
  };
}

/** One that somebody takes part in. */
export function entered(own: Partial<Contest> = {}): ContestRecord {
  const made = contest(own);
  return { contest: made, own: { contest: made.id, team: 'own', captain: false, excused: false, nickname: '歩く人', steps: 81_234, held: [] }, mates: ['歩く人', '架空の人'] };
}

interface Standing {
  readonly place: number;
  readonly league?: number;
  readonly missing?: number | null;
  readonly threshold?: number | null;
  /** Those that have teams, where there are several. */
  readonly leagues?: readonly number[];
}

/** A first page of fifty teams, and the own one, wherever it stands. */
export function ranking({ place, league = 1, missing = null, threshold = null, leagues = [league] }: Standing): Ranking {
  const row = (at: number, team: string): Row => ({
    team, name: `第${at}チーム (架空)`, place: at, score: league === 0 ? null : 9000 - at * 10, active_average: null, participation: 60, stage: league === 0 ? null : 2, corrected: at === 2,
  });
  const rows = Array.from({ length: 50 }, (_, at) => row(at + 1, at + 1 === place ? 'own' : `t${at + 1}`));
  return {
    own: row(place, 'own'),
    participation: { active: 12, eligible: 20, missing, threshold },
    page: { contest: 'c1', league, leagues: [...leagues], page: 0, teams: 80, rows, computed_at: 1_764_133_200, final: false, generation: 7 },
  };
}
