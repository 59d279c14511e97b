/** Pages with which members govern their own data, each with what it needs. */

import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { MemberSession } from 'warifu';

import { ConsentsPage } from '../../pages/own/consents.tsx';
import { ErasurePage } from '../../pages/own/erasure.tsx';
import { ExportPage } from '../../pages/own/export.tsx';
import { FamilyPage } from '../../pages/own/family.tsx';
import { FormerPage } from '../../pages/own/former.tsx';
import { GuidancePage } from '../../pages/own/guidance.tsx';
import { MessagesPage } from '../../pages/own/messages.tsx';
import { NotesPage } from '../../pages/own/notes.tsx';
import { OpeningsPage } from '../../pages/own/openings.tsx';
import { OwnPage } from '../../pages/own/overview.tsx';
import { Participation } from '../../pages/own/participation.tsx';
import { ProfilePage } from '../../pages/own/profile.tsx';
import { StatementPage } from '../../pages/own/statement.tsx';
import { PageLink } from '../../parts/link.tsx';
import { saveFile } from '../../parts/saving.ts';
import type { ErasureRecord } from '../../records/erasure.ts';
import type { DataPath } from '../../records/own-data.ts';
import { dayOf, daysAfter } from '../days.ts';
import type { House } from '../house.ts';
import { Loading } from '../loading.tsx';
import { useChanged, type Own } from './own.ts';
import { readConsents, readFamily, readFormer, readGuidance, readMessages, readNotes, readOpenings, readParticipation, readStatement } from './reading.ts';
import { Ways } from './ways.tsx';

interface Props {
  readonly path: '/own' | DataPath;
  readonly session: MemberSession;
  readonly house: House;
}

const PAGES: Record<Props['path'], (own: Own) => ReactNode> = {
  '/own': OwnPage,
  '/messages': Messages,
  '/consents': Consents,
  '/family': Family,
  '/notes': Notes,
  '/openings': Openings,
  '/guidance': Guidance,
  '/former': Former,
  '/statement': Statement,
  '/profile': Profile,
  '/ways': Ways,
  '/export': Export,
  '/erasure': Erasure,
};

export function OwnPages({ path, session, house }: Props) {
  const { t, i18n } = useTranslation();
  const Page = PAGES[path];
  return (
    <>
      {path !== '/own' && (
        <PageLink to="/own" className="inline-flex min-h-11 min-w-11 items-center font-bold text-key-900 underline print:hidden">
          <span aria-hidden>‹&nbsp;</span>
          {t('pages./own')}
        </PageLink>
      )}
      <Page session={session} house={house} language={i18n.language === 'en' ? 'en' : 'ja'} today={dayOf(house.now())} />
    </>
  );
}

function Messages({ session, language }: Own) {
  const changed = useChanged();
  return (
    <Loading name={['messages', language]} session={session} read={() => readMessages(session, language)}>
      {(record) => <MessagesPage record={record} onRead={(id) => session.markRead(id).then(() => changed('messages'))} />}
    </Loading>
  );
}

function Consents({ session, language, today }: Own) {
  const changed = useChanged();
  return (
    <Loading name={['consents', language]} session={session} read={() => readConsents(session, language)}>
      {(consents) => (
        <ConsentsPage
          consents={consents}
          onDecide={async ({ purpose, version }, given) => {
            await (given ? session.giveConsent({ purpose, version }) : session.withdrawConsent(purpose));
            await changed('consents', 'messages', 'family', 'participation');
          }}
          below={{ analysis: <Told session={session} today={today} /> }}
        />
      )}
    </Loading>
  );
}

function Told({ session, today }: Pick<Own, 'session' | 'today'>) {
  const changed = useChanged();
  const tell = async (): Promise<void> => {
    await session.tellParticipation(today);
    await changed('participation');
  };
  return (
    <Loading name={['participation']} session={session} changes read={() => readParticipation(session, today)}>
      {(record) => <Participation record={record} onTell={tell} />}
    </Loading>
  );
}

const [VIEW_DAYS, MOST_VIEW_DAYS] = [90, 400];

function Family({ session, today }: Own) {
  const changed = useChanged();
  return (
    <Loading name={['family']} session={session} read={readFamily}>
      {(record) => (
        <FamilyPage
          {...record}
          until={{ least: today, offered: daysAfter(today, VIEW_DAYS!), most: daysAfter(today, MOST_VIEW_DAYS! - 1) }}
          onGive={async (shows, pin, until) => {
            const { code } = await session.giveView(shows, pin, until);
            await changed('family');
            return { code: code.text, until };
          }}
          onEnd={(handle) => session.endView(handle).then(() => changed('family'))}
        />
      )}
    </Loading>
  );
}

function Notes({ session, today }: Own) {
  const changed = useChanged();
  return (
    <Loading name={['notes']} session={session} read={readNotes}>
      {(notes) => <NotesPage notes={notes} today={today} onSave={(day, text) => session.putNote(day, text).then(() => changed('notes'))} />}
    </Loading>
  );
}

function Openings({ session }: Own) {
  return (
    <Loading name={['openings']} session={session} read={readOpenings}>
      {(record) => <OpeningsPage record={record} />}
    </Loading>
  );
}

function Guidance({ session }: Own) {
  return (
    <Loading name={['guidance']} session={session} read={readGuidance}>
      {(records) => <GuidancePage {...records} />}
    </Loading>
  );
}

function Former({ session }: Own) {
  return (
    <Loading name={['former']} session={session} read={readFormer}>
      {(record) => <FormerPage record={record} />}
    </Loading>
  );
}

/** Five years back a deduction may still be claimed. */
const STATEMENT_YEARS = 6;

function Statement({ session, today }: Own) {
  const newest = Number(today.slice(0, 4));
  const [year, setYear] = useState(newest);
  const years = Array.from({ length: STATEMENT_YEARS }, (_, at) => newest - at);
  return (
    <Loading name={['statement', String(year)]} session={session} read={() => readStatement(session, year)}>
      {(statement) => (
        <StatementPage
          statement={statement}
          years={years}
          onYear={setYear}
          onSave={() => saveFile(`medical-costs-${year}.csv`, statement.csv, 'text/csv;charset=utf-8')}
        />
      )}
    </Loading>
  );
}

function Export({ session, house, today }: Own) {
  const save = async (): Promise<void> => {
    const { exportArchive } = await import('warifu/archive');
    saveFile(`warifu-archive-${today}.zip`, await exportArchive(session, new Date(house.now())), 'application/zip');
  };
  return <ExportPage onExport={save} />;
}

function Erasure({ session }: Own) {
  const queries = useQueryClient();
  const erase = async (): Promise<ErasureRecord> => {
    const erased = await session.eraseOwn();
    queries.clear();
    return erased;
  };
  return <ErasurePage onErase={erase} onLeave={async () => void (await session.logOffEverywhere())} />;
}

function Profile({ session }: Own) {
  return <ProfilePage profile={session.profile} onWish={(wishes) => session.wish(wishes)} />;
}
