import { act, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { HostRefused } from 'warifu';

import { ProgramsPage } from '../app/pages/programs.tsx';
import { WalkingPage } from '../app/pages/walking.tsx';
import type { Program, ProgramActions } from '../app/records/programs.ts';
import type { Ranking, WalkingActions, WalkingRecord } from '../app/records/walking.ts';
import { contest, entered, ranking } from './walkers.ts';

const TODAY = '2026-11-26';
const nothing = async (): Promise<void> => {};

/** Actions that do nothing, and what the page listens with. */
function actions(own: Partial<WalkingActions> = {}): WalkingActions & { tell: (ranking: Ranking) => void; stopped: () => boolean } {
  let told: (ranking: Ranking) => void = () => {};
  let stopped = false;
  const follow: WalkingActions['follow'] = (_, listener) => {
    told = listener;
    return () => {
      stopped = true;
    };
  };
  const given = { enter: async () => null, rename: nothing, leave: nothing, excuse: nothing, page: async () => ranking({ place: 0 }).page!, type: nothing, choose: nothing, follow };
  return { ...given, ...own, tell: (one) => act(() => told(one)), stopped: () => stopped };
}

function record(own: Partial<WalkingRecord> = {}): WalkingRecord {
  return { contests: [], days: [], sources: [{ id: 'shared', isShared: true }], chosen: null, ...own };
}

test('the own team is always in sight, with how many more are needed', () => {
  const given = actions();
  const page = render(<WalkingPage record={record({ contests: [entered()] })} today={TODAY} actions={given} />);
  given.tell(ranking({ place: 61, missing: 2, threshold: 70 }));
  screen.getByText('あと2人で70%');
  screen.getByText('61位', { selector: 'p b' });
  expect(screen.getAllByRole('listitem').filter((one) => one.textContent?.includes('（あなたのチーム）')).length).toBe(1);
  screen.getByText('いま: 品川');
  screen.getByText('次: 川崎（出発から18.2 km）');
  given.tell(ranking({ place: 3, missing: null, threshold: null }));
  expect(screen.queryByText(/あと/)).toBeNull();
  screen.getByText('3位', { selector: 'p b' });
  page.unmount();
  expect(given.stopped()).toBe(true);
});

test('a ranking without numbers says why', () => {
  const given = actions();
  render(<WalkingPage record={record({ contests: [entered()] })} today={TODAY} actions={given} />);
  given.tell(ranking({ place: 1, league: 0 }));
  screen.getByText('歩いた人が10人に満たないチームは、順位だけを出します。');
  expect(screen.queryByRole('img', { name: /道のり/ })).toBeNull();
});

test('another league is looked at, and asked for anew when a ranking is published', async () => {
  const page = vi.fn(async (_contest: string, league: number) => ({ ...ranking({ place: 0, league }).page!, teams: 50 }));
  const given = actions({ page });
  render(<WalkingPage record={record({ contests: [entered({ leagues: [30, 100] })] })} today={TODAY} actions={given} />);
  const told = ranking({ place: 61, league: 2, leagues: [0, 1, 2, 3] });
  given.tell(told);
  const choice = screen.getByLabelText('リーグ');
  expect(within(choice).getAllByRole('option').map((one) => one.textContent)).toEqual([
    '歩いた人が10人未満のチーム', '30人未満のチーム', '30〜99人のチーム（あなたのチーム）', '100人以上のチーム',
  ]);
  expect(page).not.toHaveBeenCalled();
  await userEvent.selectOptions(choice, '100人以上のチーム');
  expect(page).toHaveBeenCalledExactlyOnceWith('c1', 3, 0);
  expect(screen.queryByText('（あなたのチーム）', { selector: 'li *' })).toBeNull();
  given.tell({ ...told, page: { ...told.page!, generation: 8 } });
  await vi.waitFor(() => expect(page).toHaveBeenCalledTimes(2));
  given.tell({ ...told, page: { ...told.page!, leagues: [2] } });
  expect(screen.queryByLabelText('リーグ')).toBeNull();
  screen.getByText('（あなたのチーム）', { selector: 'li *' });
});

test('a captain is shown the code once, and a code is read however it was written down', async () => {
  const enter = vi.fn(async (_contest: string, as: { teamName?: string }) => (as.teamName ? 'abcdefgh234567ab' : null));
  const free = { contest: contest({ teams: 'free' }), own: null, mates: [] };
  const given = actions({ enter });
  const page = render(<WalkingPage record={record({ contests: [free] })} today={TODAY} actions={given} />);
  const join = screen.getByRole('button', { name: '参加する' });
  await userEvent.type(screen.getByLabelText('招待コード'), 'short');
  await userEvent.click(join);
  screen.getByText('コードは、英字と数字あわせて16文字です。');
  expect(enter).not.toHaveBeenCalled();
  await userEvent.clear(screen.getByLabelText('招待コード'));
  await userEvent.type(screen.getByLabelText('招待コード'), 'ＡＢＣＤ-efgh 2345-67AB');
  await userEvent.click(join);
  expect(enter).toHaveBeenLastCalledWith('c1', { nickname: '', code: 'abcdefgh234567ab' });
  await userEvent.click(screen.getByRole('radio', { name: /チームを作る/ }));
  await userEvent.type(screen.getByLabelText('チームの名前'), '架空の仲間');
  await userEvent.click(join);
  expect(enter).toHaveBeenLastCalledWith('c1', { nickname: '', teamName: '架空の仲間' });
  screen.getByText('abcd-efgh-2345-67ab');
  page.rerender(<WalkingPage record={record({ contests: [entered({ teams: 'free' })] })} today={TODAY} actions={given} />);
  screen.getByText('abcd-efgh-2345-67ab');
});

test('what was typed stays when one cannot enter', async () => {
  const enter = async (): Promise<null> => Promise.reject(new HostRefused('programs', 'entry-refused', 409));
  render(<WalkingPage record={record({ contests: [{ contest: contest(), own: null, mates: [] }] })} today={TODAY} actions={actions({ enter })} />);
  const nickname = screen.getByLabelText(/ニックネーム/);
  await userEvent.type(nickname, '架空の人');
  await userEvent.click(screen.getByRole('button', { name: '参加する' }));
  expect((await screen.findByRole('alert')).textContent).toContain('招待コードをお確かめください。');
  expect((nickname as HTMLInputElement).value).toBe('架空の人');
});

test('nobody can enter before or after the days for it', () => {
  const early = contest({ id: 'c2', enter_from: '2026-12-01', enter_until: '2026-12-10', first: '2026-12-05', last: '2026-12-20' });
  const late = contest({ id: 'c3', enter_until: '2026-11-20' });
  render(<WalkingPage record={record({ contests: [early, late].map((one) => ({ contest: one, own: null, mates: [] })) })} today={TODAY} actions={actions()} />);
  screen.getByText('2026年12月1日から参加できます。');
  expect(screen.queryByRole('button', { name: '参加する' })).toBeNull();
});

test('leaving is asked twice', async () => {
  const leave = vi.fn(nothing);
  render(<WalkingPage record={record({ contests: [entered()] })} today={TODAY} actions={actions({ leave })} />);
  await userEvent.click(screen.getByRole('button', { name: '参加をやめる' }));
  screen.getByText(/昨日までの歩数はチームに残ります。/);
  expect(leave).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole('button', { name: 'やめる' }));
  expect(leave).toHaveBeenCalledWith('c1');
});

test('steps are typed only where a contest counts them, beside what was measured', async () => {
  const type = vi.fn(nothing);
  const days = [{ day: TODAY, steps: 4000, typed: 0 }];
  const page = render(<WalkingPage record={record({ contests: [entered()], days })} today={TODAY} actions={actions({ type })} />);
  expect(screen.queryByText('手で入れる')).toBeNull();
  page.rerender(<WalkingPage record={record({ contests: [entered({ manual: true })], days })} today={TODAY} actions={actions({ type })} />);
  await userEvent.click(screen.getByRole('button', { name: /増やす|Increase/ }));
  await userEvent.click(screen.getByRole('button', { name: '保存する' }));
  expect(type).toHaveBeenCalledWith({ day: TODAY, steps: 4000, typed: 100 });
});

test('another device is chosen, and none again', async () => {
  const choose = vi.fn(nothing);
  const sources = [{ id: 'shared', isShared: true }, { id: 'watch1234', isShared: false }];
  render(<WalkingPage record={record({ sources })} today={TODAY} actions={actions({ choose })} />);
  await userEvent.selectOptions(screen.getByLabelText('数える端末'), 'watch1234');
  expect(choose).toHaveBeenLastCalledWith('watch1234');
  await userEvent.selectOptions(screen.getByLabelText('数える端末'), 'largest');
  expect(choose).toHaveBeenLastCalledWith(null);
});

const PROGRAM: Program = {
  id: 'p1', title: '架空の習慣', kind: 'habit', first: '2026-11-20', last: '2026-12-10', goal: 10, done: 3, streak: 2, reached: false, joined: true, questions: [],
};

function programActions(own: Partial<ProgramActions> = {}): ProgramActions {
  return { join: nothing, leave: nothing, keep: nothing, tell: async () => false, answer: async () => [], ...own };
}

test('a habit is noted for one of the last days of the program', async () => {
  const keep = vi.fn(nothing);
  render(<ProgramsPage programs={[PROGRAM]} today={TODAY} actions={programActions({ keep })} />);
  screen.getByText('10日のうち3日');
  screen.getByText('続けて2日');
  expect(within(screen.getByLabelText('日')).getAllByRole('option').length).toBe(7);
  await userEvent.selectOptions(screen.getByLabelText('日'), '2026-11-24');
  await userEvent.click(screen.getByRole('button', { name: 'できた' }));
  expect(keep).toHaveBeenCalledWith(PROGRAM, '2026-11-24', true);
});

test('too few noted days are said, and nothing else', async () => {
  const logging: Program = { ...PROGRAM, kind: 'logging', done: 0, streak: 0 };
  render(<ProgramsPage programs={[logging]} today={TODAY} actions={programActions()} />);
  await userEvent.click(screen.getByRole('button', { name: '記録したことを伝える' }));
  await screen.findByText('まだ日数が足りません。何も伝えていません。');
});

test('a quiz is sent whole, and says which answers were right', async () => {
  const answer = vi.fn(async () => [true, false]);
  const questions = [{ text: '架空の問い', choices: ['甲', '乙'] }, { text: '別の問い', choices: ['丙', '丁'] }];
  const quiz: Program = { ...PROGRAM, kind: 'quiz', goal: 2, done: 0, streak: 0, questions };
  render(<ProgramsPage programs={[quiz]} today={TODAY} actions={programActions({ answer })} />);
  await userEvent.click(screen.getByRole('radio', { name: '甲' }));
  await userEvent.click(screen.getByRole('button', { name: '答え合わせ' }));
  screen.getByText('すべての問いに答えてください。');
  expect(answer).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole('radio', { name: '丁' }));
  await userEvent.click(screen.getByRole('button', { name: '答え合わせ' }));
  expect(answer).toHaveBeenCalledWith(quiz, [0, 1]);
  await screen.findByText('2問のうち1問正解です。');
  expect([screen.getAllByText('正解').length, screen.getAllByText('不正解').length]).toEqual([1, 1]);
});
