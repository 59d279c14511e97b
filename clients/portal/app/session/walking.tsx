/** The page of walking with a session. */

import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { HostRefused, type MemberSession } from 'warifu';

import { WalkingPage } from '../pages/walking.tsx';
import type { ContestRecord, WalkingActions, WalkingRecord } from '../records/walking.ts';
import { daysBefore } from './days.ts';
import { HealthFile } from './health-file.tsx';
import { Loading } from './loading.tsx';

const DAYS_SHOWN = 14;

export function Walking({ session, today }: { session: MemberSession; today: string }) {
  const queries = useQueryClient();
  const actions = useMemo(() => actionsOf(session, () => queries.invalidateQueries({ queryKey: ['walking'] })), [session, queries]);
  return (
    <Loading<WalkingRecord> name={['walking']} session={session} changes read={() => readWalking(session, today)}>
      {(record) => (
        <>
          <WalkingPage record={record} today={today} actions={actions} />
          <HealthFile session={session} today={today} />
        </>
      )}
    </Loading>
  );
}

async function readWalking(session: MemberSession, today: string): Promise<WalkingRecord> {
  const [contests, own, days, chosen, installs] = await Promise.all([
    session.contests(), session.ownContests(), session.steps(daysBefore(today, DAYS_SHOWN - 1), today), session.stepSource(), session.installations(),
  ]);
  const mates = new Map(await Promise.all(own.map(async ({ contest, excused }) => [contest, excused ? [] : await matesOf(session, contest)] as const)));
  const shared = session.sharedInstallation;
  return {
    contests: contests.map((contest): ContestRecord => ({
      contest,
      own: own.find((one) => one.contest === contest.id) ?? null,
      mates: mates.get(contest.id) ?? [],
    })),
    days: days.map((one) => ({ day: one.day, steps: one.steps, typed: one.manual_steps ?? 0 })).sort((one, other) => (one.day < other.day ? -1 : 1)),
    sources: [{ id: shared, isShared: true }, ...installs.filter((id) => id !== shared).map((id) => ({ id, isShared: false }))],
    chosen,
  };
}

async function matesOf(session: MemberSession, contest: string): Promise<string[]> {
  try {
    return await session.teammates(contest);
  } catch (error) {
    // Of a contest that one has left meanwhile.
    if (error instanceof HostRefused && error.type === 'entry-refused') return [];
    throw error;
  }
}

function actionsOf(session: MemberSession, anew: () => Promise<void>): WalkingActions {
  const nicknamed = (nickname: string): { nickname?: string } => (nickname ? { nickname } : {});
  return {
    enter: async (contest, { nickname, teamName, code }) => {
      const made = teamName ? await session.formTeam(contest, teamName, nicknamed(nickname)) : null;
      if (!teamName) await session.enterContest(contest, { ...nicknamed(nickname), ...(code && { code }) });
      await anew();
      return made;
    },
    rename: async (contest, nickname) => {
      await session.enterContest(contest, nicknamed(nickname));
      await anew();
    },
    leave: async (contest) => {
      await session.leaveContest(contest);
      await anew();
    },
    excuse: async (contest, excused) => {
      await session.excuseFromContest(contest, excused);
      await anew();
    },
    follow: (contest, told, failed) => {
      const listening = new AbortController();
      void listen(session, contest, listening.signal, told, failed);
      return () => listening.abort();
    },
    page: (contest, league, page) => session.ranking(contest, league, page),
    type: async ({ day, steps, typed }) => {
      const [result] = await session.putSteps([{ day, steps, manualSteps: typed }]);
      if (result?.result === 'rejected') throw new HostRefused('programs', 'malformed', 422);
      await anew();
    },
    choose: async (source) => {
      await session.chooseStepSource(source);
      await anew();
    },
  };
}

async function listen(
  session: MemberSession, contest: string, signal: AbortSignal, told: Parameters<WalkingActions['follow']>[1], failed: (error: unknown) => void,
): Promise<void> {
  try {
    for await (const ranking of session.followRanking(contest, signal)) {
      if (signal.aborted) return;
      told(ranking);
    }
  } catch (error) {
    if (!signal.aborted) failed(error);
  }
}
