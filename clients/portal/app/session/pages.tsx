/** Pages of whoever is signed in, each with what it needs. */

import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { HostRefused, type MemberSession } from 'warifu';

import type { Language } from '../display.ts';
import { HomePage } from '../pages/home.tsx';
import type { HomeRecord } from '../records/home.ts';
import { isData } from '../records/own-data.ts';
import type { Kind, VitalLine } from '../records/vitals.ts';
import type { OpenPath, Path } from '../routing.ts';
import { useFigures } from './figures.ts';
import type { House } from './house.ts';
import { Loading } from './loading.tsx';
import { dayOf } from './days.ts';

const CheckupsPage = lazy(async () => ({ default: (await import('../pages/checkups.tsx')).CheckupsPage }));
const CostsPage = lazy(async () => ({ default: (await import('../pages/costs.tsx')).CostsPage }));
const OwnPages = lazy(async () => ({ default: (await import('./own/pages.tsx')).OwnPages }));
const VitalsPage = lazy(async () => ({ default: (await import('../pages/vitals.tsx')).VitalsPage }));
const HealthFile = lazy(async () => ({ default: (await import('./health-file.tsx')).HealthFile }));
const Walking = lazy(async () => ({ default: (await import('./walking.tsx')).Walking }));
const Programs = lazy(async () => ({ default: (await import('./programs.tsx')).Programs }));
const Points = lazy(async () => ({ default: (await import('./points.tsx')).Points }));
const Exchange = lazy(async () => ({ default: (await import('./exchange.tsx')).Exchange }));
/** The rules of checkups are the largest part of the portal: they come with the first page that shows records. */
const reading = (): Promise<typeof import('./reading.ts')> => import('./reading.ts');

interface Props {
  readonly path: Exclude<Path, OpenPath>;
  readonly session: MemberSession;
  readonly house: House;
}

export function SignedPages({ path, session, house }: Props) {
  const { t, i18n } = useTranslation();
  const language: Language = i18n.language === 'en' ? 'en' : 'ja';
  const today = dayOf(house.now());
  return (
    <Suspense fallback={<p role="status">{t('loading')}</p>}>
      {path === '/' && <Home session={session} today={today} />}
      {path === '/checkups' && (
        <Loading name={['checkups', language]} session={session} read={async () => (await reading()).readCheckups(session, language)}>
          {(found) => <CheckupsPage {...found} />}
        </Loading>
      )}
      {path === '/costs' && (
        <Loading name={['costs']} session={session} read={async () => (await reading()).readCosts(session, today)}>
          {(record) => <CostsPage record={record} />}
        </Loading>
      )}
      {path === '/vitals' && <Vitals session={session} today={today} />}
      {path === '/walking' && <Walking session={session} today={today} />}
      {path === '/programs' && <Programs session={session} today={today} />}
      {path === '/points' && <Points session={session} today={today} />}
      {path === '/exchange' && <Exchange session={session} />}
      {isData(path) && <OwnPages path={path} session={session} house={house} />}
    </Suspense>
  );
}

function Home({ session, today }: { session: MemberSession; today: string }) {
  return <HomePage record={homeOf(session)} figures={useFigures(session, today)} />;
}

function Vitals({ session, today }: { session: MemberSession; today: string }) {
  const queries = useQueryClient();
  const save = async (kind: Kind, value: number): Promise<void> => {
    const [result] = await session.putVitals([{ day: today, kind, value: String(value) }]);
    if (result?.result === 'rejected') throw new HostRefused('anon-data', 'malformed', 422);
    await queries.invalidateQueries({ queryKey: ['vitals'] });
  };
  return (
    <Loading<VitalLine[]> name={['vitals']} session={session} read={async () => (await reading()).readVitals(session, today)}>
      {(vitals) => (
        <>
          <VitalsPage vitals={vitals} today={today} onSave={save} />
          <HealthFile session={session} today={today} />
        </>
      )}
    </Loading>
  );
}

function homeOf(session: MemberSession): HomeRecord {
  const takeovers = [...session.mailboxRecoveries.values()].sort();
  return { name: session.profile.name, recoveries: session.recoveries.length, takeover: takeovers[0] ?? null };
}
