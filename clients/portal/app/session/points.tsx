/** The page of points with a session. */

import type { MemberSession } from 'warifu';

import { PointsPage } from '../pages/points.tsx';
import type { PointsRecord } from '../records/points.ts';
import { Loading } from './loading.tsx';

export function Points({ session, today }: { session: MemberSession; today: string }) {
  return (
    <Loading<PointsRecord> name={['points', 'statement']} session={session} changes read={() => readPoints(session)}>
      {(record) => <PointsPage record={record} today={today} />}
    </Loading>
  );
}

async function readPoints(session: MemberSession): Promise<PointsRecord> {
  const [points, rules] = await Promise.all([session.points(), session.pointRules()]);
  return { points, rules };
}
