import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { HostUnavailable } from 'warifu';

import { ConsentsPage } from '../app/pages/own/consents.tsx';
import { ErasurePage } from '../app/pages/own/erasure.tsx';
import { FamilyPage } from '../app/pages/own/family.tsx';
import { FormerPage } from '../app/pages/own/former.tsx';
import { GuidancePage } from '../app/pages/own/guidance.tsx';
import { MessagesPage } from '../app/pages/own/messages.tsx';
import { NotesPage } from '../app/pages/own/notes.tsx';
import { OpeningsPage } from '../app/pages/own/openings.tsx';
import { Participation } from '../app/pages/own/participation.tsx';
import { ProfilePage } from '../app/pages/own/profile.tsx';
import { StatementPage } from '../app/pages/own/statement.tsx';
import { WaysPage } from '../app/pages/own/ways.tsx';
import type { ConsentRecord } from '../app/records/consents.ts';
import type { OpeningsRecord } from '../app/records/openings.ts';
import type { WayRecord } from '../app/records/ways.ts';

const ALL = ['gateway', 'keyvault', 'identity'] as const;
const GOOD: OpeningsRecord = {
  openings: [{ day: '2026-11-26', kind: 'release', own: true, hosts: ALL, missing: [] }],
  good: true, alarms: [], unavailable: [], unvouched: [], begun: [],
};

test('openings that are proved are good, and none is strange', () => {
  render(<OpeningsPage record={GOOD} />);
  screen.getByText(/三つの記録は一致し/);
  screen.getByText('今のログイン');
  expect(screen.queryByText('心当たりのないログインがあるとき')).toBeNull();
});

test('what does not fit is said by place, and what to do about it', () => {
  const missing = { day: '2026-11-20', kind: 'release', own: false, hosts: ['gateway', 'keyvault'], missing: ['identity'] } as const;
  const record: OpeningsRecord = {
    openings: [...GOOD.openings, missing], good: false,
    alarms: [{ host: 'keyvault', trouble: 'not-in-log' }], unavailable: [], unvouched: [{ host: 'gateway', other: 'identity' }],
    begun: [{ host: 'identity', day: '2026-11-21' }],
  };
  render(<OpeningsPage record={record} />);
  const said = screen.getByRole('alert').textContent;
  expect(said).toContain('2026年11月20日の「ログイン（鍵の提供）」が、名前の保管庫の記録にありません。');
  expect(said).toContain('鍵の保管庫は記録にあると言いながら、証明できません。');
  expect(said).toContain('ログイン窓口の記録を、名前の保管庫がまだ確認していません。');
  screen.getByText(/名前の保管庫は復元され、2026年11月21日に新しい記録を始めました。/);
  screen.getByText('心当たりのないログインがあるとき');
});

test('a consent to an older text is asked again, in the version that is shown', async () => {
  const consent: ConsentRecord = {
    purpose: 'analysis', title: '架空の分析', body: '一行目\n二行目', version: 3, state: 'again', history: [{ day: '2026-01-02', version: 2, given: true }],
  };
  const decide = vi.fn(async () => {});
  render(<ConsentsPage consents={[consent]} onDecide={decide} />);
  screen.getByText('文面が変わりました。もう一度お読みください');
  screen.getByText('第3版');
  await userEvent.click(screen.getByRole('button', { name: 'この文面に同意する' }));
  expect(decide).toHaveBeenCalledWith(consent, true);
  await userEvent.click(screen.getByRole('button', { name: '同意を取り消す' }));
  expect(decide).toHaveBeenLastCalledWith(consent, false);
});

test('what stands below a consent is shown while it is given', () => {
  const consent: ConsentRecord = { purpose: 'analysis', title: '架空の分析', body: '一行目', version: 2, state: 'given', history: [] };
  const below = { analysis: '下にあるもの' };
  const { rerender } = render(<ConsentsPage consents={[consent]} onDecide={async () => {}} below={below} />);
  screen.getByText('下にあるもの');
  rerender(<ConsentsPage consents={[{ ...consent, state: 'none' }]} onDecide={async () => {}} below={below} />);
  expect(screen.queryByText('下にあるもの')).toBeNull();
});

test('a half-year is told once, and not while programs have just been written to', async () => {
  const [half, tell] = [{ first: '2026-04-01', last: '2026-09-30' }, vi.fn(async () => {})];
  const earlier = [{ first: '2025-10-01', level: 'regular' }] as const;
  const { rerender } = render(<Participation record={{ half, told: earlier, state: 'open' }} onTell={tell} />);
  screen.getByText('2025年10月からの半年: 91日以上');
  await userEvent.click(screen.getByRole('button', { name: '2026年4月〜2026年9月の分を伝える' }));
  expect(tell).toHaveBeenCalledOnce();
  rerender(<Participation record={{ half, told: [{ first: '2026-04-01', level: 'some' }, ...earlier], state: 'told' }} onTell={tell} />);
  screen.getByText('伝えました。');
  expect(screen.queryByRole('button')).toBeNull();
  rerender(<Participation record={{ half, told: earlier, state: 'later' }} onTell={tell} />);
  screen.getByText(/次のログインで最初に伝えてください/);
  expect(screen.queryByRole('button')).toBeNull();
});

test('a message is marked as read when it is opened, once', async () => {
  const read = vi.fn(async () => {});
  const message = { id: 'a', sent: '2026-11-01', title: '架空のお知らせ', body: '本文', link: null, read: false, translated: true };
  render(<MessagesPage record={{ allowed: true, messages: [message] }} onRead={read} />);
  expect(screen.queryByText('本文')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: '読む' }));
  screen.getByText('本文');
  expect(read).toHaveBeenCalledExactlyOnceWith('a');
});

test('without the consent it is said why there are no messages', () => {
  render(<MessagesPage record={{ allowed: false, messages: [] }} onRead={async () => {}} />);
  expect(screen.getByRole('link', { name: '同意のページへ' }).getAttribute('href')).toBe('/consents');
});

test('a note that could not be stored stays as it was typed', async () => {
  const save = vi.fn(() => Promise.reject(new HostUnavailable('anon-data')));
  render(<NotesPage notes={[]} today="2026-11-26" onSave={save} />);
  await userEvent.click(screen.getByRole('button', { name: '保存する' }));
  screen.getByText('何か書いてください。');
  await userEvent.type(screen.getByRole('textbox', { name: '内容' }), '架空のメモ');
  await userEvent.click(screen.getByRole('button', { name: '保存する' }));
  expect(save).toHaveBeenCalledWith('2026-11-26', '架空のメモ');
  expect((await screen.findByRole('alert')).textContent).toContain('つながりませんでした。');
  expect((screen.getByRole('textbox', { name: '内容' }) as HTMLTextAreaElement).value).toBe('架空のメモ');
});

test('a view needs a PIN that is long enough, and its code is shown once', async () => {
  const give = vi.fn(async () => ({ code: 'WV1-AAAA', until: '2027-02-01' }));
  const until = { least: '2026-11-26', offered: '2027-02-01', most: '2027-12-01' };
  const nothing = async (): Promise<never> => Promise.reject(new Error());
  render(<FamilyPage given={[]} allowed until={until} onGive={give} onEnd={nothing} />);
  const pin = screen.getAllByLabelText('PIN')[0]!;
  await userEvent.type(pin, '12345');
  await userEvent.click(screen.getByRole('button', { name: 'コードを作る' }));
  screen.getByText('PINは6文字以上です。');
  expect(give).not.toHaveBeenCalled();
  await userEvent.type(pin, '6');
  await userEvent.click(screen.getByRole('radio', { name: '両方' }));
  await userEvent.click(screen.getByRole('button', { name: 'コードを作る' }));
  expect(give).toHaveBeenCalledWith(['checkups', 'costs'], '123456', '2027-02-01');
  expect((await screen.findByRole('alert')).textContent).toContain('WV1-AAAA');
});

const PROFILE = {
  member_number: '架空:1', name: '架空 花子', kana: 'カクウ ハナコ', birth_date: '1979-05-01', sex: 'female', relation: 'insured', postcode: '', address: '架空県',
  telephone: '', email: '', site: '', department: '',
};

test('a wish says what is different, and nothing else', async () => {
  const wish = vi.fn(async () => {});
  render(<ProfilePage profile={PROFILE} onWish={wish} />);
  screen.getByText('女性');
  await userEvent.click(screen.getByRole('button', { name: '変更を頼む' }));
  screen.getByText('変わったところがありません。');
  await userEvent.type(screen.getByRole('textbox', { name: '電話番号' }), '03-0000-0000');
  await userEvent.click(screen.getByRole('button', { name: '変更を頼む' }));
  expect(wish).toHaveBeenCalledExactlyOnceWith({ telephone: '03-0000-0000' });
});

const CARD: WayRecord = { id: 'c', kind: 'card', label: '財布', confirmed: true, waitsUntil: null, expires: null, guardian: false };
const WAITING: WayRecord = { ...CARD, id: 'w', kind: 'letter', label: null, waitsUntil: 1_800_000_000 };

function ways(all: readonly WayRecord[], prove = vi.fn(async () => {})) {
  const nothing = async (): Promise<void> => {};
  render(
    <WaysPage
      record={{ ways: all, takeovers: [{ store: 'programs', day: '2026-12-01' }], installations: ['abcdefgh'] }}
      proving={{ groups: [], passkeys: true }} passkeys faultOf={() => null} onMake={nothing} onCard={() => ({ text: 'WF1-CARD', qr: 'WF1CARD' })} onProve={prove} onRefuse={nothing} onRevoke={nothing}
      onNewKeys={nothing} onEverywhere={nothing}
    />,
  );
  return prove;
}

test('the last way to sign in cannot be removed', () => {
  ways([CARD]);
  expect(screen.queryByRole('button', { name: '外す' })).toBeNull();
  expect(screen.getByRole('alert').textContent).toContain('歩数とポイントが別の鍵に引き継がれます');
});

test('what waits is cancelled once somebody proves who they are', async () => {
  const prove = ways([CARD, WAITING]);
  await userEvent.click(screen.getByRole('button', { name: '取り消す' }));
  expect(prove).not.toHaveBeenCalled();
  screen.getByText('再登録を取り消すには、本人確認をしてください。');
  await userEvent.click(screen.getByRole('button', { name: 'パスキーでログイン' }));
  expect(prove).toHaveBeenCalledWith({ cancel: 'w' }, { way: 'passkey' }, expect.any(AbortSignal));
  await screen.findByText('再登録を取り消しました。');
});

test('a card is shown to be written down before anybody is asked to store it', async () => {
  const prove = ways([CARD]);
  const fill = async (pin: string, again: string): Promise<void> => {
    await userEvent.clear(screen.getByLabelText('PIN'));
    await userEvent.type(screen.getByLabelText('PIN'), pin);
    await userEvent.clear(screen.getByLabelText('PINをもう一度'));
    await userEvent.type(screen.getByLabelText('PINをもう一度'), again);
    await userEvent.click(screen.getByRole('button', { name: 'カードを作る' }));
  };
  await userEvent.type(screen.getByLabelText('カードの名前'), '財布');
  await fill('12345', '123456');
  screen.getByText('PINは6文字以上です。');
  screen.getByText('二つのPINが違います。');
  await fill('123456', '123456');
  screen.getByText('WF1-CARD');
  await userEvent.click(screen.getByRole('button', { name: '書き写しました' }));
  expect(prove).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole('button', { name: 'パスキーでログイン' }));
  expect(prove).toHaveBeenCalledWith({ card: '財布', pin: '123456' }, { way: 'passkey' }, expect.any(AbortSignal));
});

test('a statement adds up, and marks what is estimated', () => {
  const row = { month: '2026-03-01', institution: '架空医院', category: '診療・治療', paid: 1500, estimated: true };
  const statement = { year: 2026, name: '架空 花子', rows: [row, { ...row, paid: 800, estimated: false }], total: 2300, csv: '' };
  render(<StatementPage statement={statement} years={[2026]} onYear={() => {}} onSave={() => {}} />);
  const table = within(screen.getByRole('table'));
  table.getByText('1,500円*');
  table.getByText('2,300円');
});

test('what was corrected is shown before and after', () => {
  const checkup = {
    day: '2026-06-01', replaced: '2026-07-01', institution: '架空クリニック', changes: [{ label: '体重', before: '16.5 kg', after: '61.5 kg' }],
  };
  const claim = { month: '2026-03-01', replaced: '2026-05-01', institution: null, before: 1500, after: null };
  render(<FormerPage record={{ checkups: [checkup], claims: [claim] }} />);
  screen.getByText('61.5 kg');
  screen.getByText('1,500円の請求が取り消されました');
});

test('guidance shows level and results', () => {
  const report = { day: '2026-06-01', level: 'intensive', institution: '架空支援', results: [{ label: '腹囲', text: '90 cm' }] } as const;
  render(<GuidancePage reports={[report]} years={[]} />);
  screen.getByText('積極的支援 / 架空支援');
  screen.getByText('90 cm');
  expect(screen.queryByText(/担当者/)).toBeNull();
});

test('what those who guide told is shown by year, in words, with points of active support alone', () => {
  const done = [{ kind: 'telephone', times: 2 }, { kind: 'first-on-the-day', times: 1 }] as const;
  const active = { year: 2026, level: 'active', step: 'begun', done, points: { reached: 80, needed: 180 } } as const;
  const other = { year: 2025, level: null, step: 'begun', done: [{ kind: 'mail', times: 1 }], points: null } as const;
  render(<GuidancePage reports={[]} years={[active, other, { ...active, year: 2024, step: 'target', done: [] }]} />);
  const shown = within(screen.getByRole('region', { name: '2026年度の保健指導' }));
  shown.getByText('積極的支援 / 支援中');
  shown.getByRole('img', { name: '支援のポイント: 80 / 180ポイント' });
  expect(shown.getAllByRole('listitem').map((one) => one.textContent)).toEqual(['電話2回', '健診当日の初回面接']);
  const earlier = within(screen.getByRole('region', { name: '2025年度の保健指導' }));
  earlier.getByText('支援中');
  expect(earlier.queryByRole('img')).toBeNull();
  screen.getByText('支援の記録はまだありません。');
});

test('nothing is erased before the word was typed', async () => {
  const counts = { vitals: 3, notes: 1, steps: 0, views: 0, installations: 0, programs: 0, consents: 2, kept: 4 };
  const erase = vi.fn(async () => counts);
  render(<ErasurePage onErase={erase} onLeave={async () => {}} />);
  await userEvent.type(screen.getByRole('textbox'), '消す');
  await userEvent.click(screen.getByRole('button', { name: '消去する' }));
  expect(erase).not.toHaveBeenCalled();
  await userEvent.clear(screen.getByRole('textbox'));
  await userEvent.type(screen.getByRole('textbox'), '消去');
  await userEvent.click(screen.getByRole('button', { name: '消去する' }));
  await screen.findByText('消去しました。');
  screen.getByText(/4件残っています/);
});
