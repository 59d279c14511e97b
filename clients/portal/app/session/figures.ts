/** What the first page says of today; what cannot be read is not said. */

import { useQuery } from '@tanstack/react-query';
import type { MemberSession } from 'warifu';

import type { Figures } from '../records/home.ts';
import { usable } from '../records/points.ts';

export function useFigures(session: MemberSession, today: string): Figures {
  const steps = useQuery({ staleTime: 0, queryKey: ['walking', 'today', today], queryFn: async () => (await session.steps(today, today))[0] ?? null });
  const points = useQuery({ staleTime: 0, queryKey: ['points', 'usable'], queryFn: async () => usable(await session.points()) });
  const walked = steps.data === undefined ? null : steps.data === null ? 0 : steps.data.steps + (steps.data.manual_steps ?? 0);
  return { steps: walked, points: points.data ?? null };
}
