/** Taking in a file of a health app with a session. */

import { useQueryClient } from '@tanstack/react-query';
import type { MemberSession } from 'warifu';

import type { Found } from '../health-files/found.ts';
import { HealthFileCard, type HealthFileActions } from '../pages/health-file.tsx';
import { daysBefore } from './days.ts';

/** What stores take, with a day to spare for whoever is east of the server. */
const [STEP_DAYS, VITAL_DAYS] = [13, 399];

export function HealthFile({ session, today }: { session: MemberSession; today: string }) {
  const queries = useQueryClient();
  const actions: HealthFileActions = {
    read: async (file, progress, stopped) => {
      const { readHealthFile } = await import('../health-files/read.ts');
      return readHealthFile(file, { steps: daysBefore(today, STEP_DAYS), vitals: daysBefore(today, VITAL_DAYS), last: today }, { progress, stopped });
    },
    take: async (found) => {
      const stored = await take(session, found);
      await Promise.all(['vitals', 'walking'].map((name) => queries.invalidateQueries({ queryKey: [name] })));
      return stored;
    },
  };
  return <HealthFileCard actions={actions} />;
}

/** What a person typed here stays: steps beside those of the file, vitals in their place. */
async function take(session: MemberSession, { steps, vitals }: Found): Promise<number> {
  const [first, last] = [steps[0]?.day, steps.at(-1)?.day];
  const known = first && last ? await session.steps(first, last) : [];
  const typedBefore = new Map(known.map((one) => [one.day, one.manual_steps ?? 0]));
  const counted = steps.map((one) => ({ day: one.day, steps: one.steps, manualSteps: Math.max(one.typed, typedBefore.get(one.day) ?? 0) }));
  const measured = vitals.map(({ day, kind, value, typed }) => ({ day, kind, value, source: typed ? ('typed' as const) : ('device' as const) }));
  const results = [...(await session.putSteps(counted)), ...(await session.syncVitals(measured))];
  return results.filter((one) => one.result === 'applied').length;
}
