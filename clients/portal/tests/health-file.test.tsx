import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import { FileRefused, type Found } from '../app/health-files/found.ts';
import { HealthFileCard } from '../app/pages/health-file.tsx';

const FOUND: Found = {
  app: 'health-connect',
  steps: [{ day: '2026-11-20', steps: 1200, typed: 0 }],
  vitals: [{ day: '2026-11-19', kind: 'body-weight', value: '61.5', typed: false }],
  faults: [{ line: 1234, reason: 'unit' }],
  faultCount: 30,
};
const FILE = new File(['x'], 'x.zip');

test('what was found is shown before anything is stored', async () => {
  const take = vi.fn(async () => 2);
  render(<HealthFileCard actions={{ read: async () => FOUND, take }} />);
  await userEvent.upload(screen.getByLabelText('ファイルを選ぶ'), FILE);
  screen.getByText('2026年11月19日〜2026年11月20日');
  expect(screen.getAllByRole('listitem').map((one) => one.textContent).slice(-5)).toEqual([
    '歩数 1日分', '体重 1日分', '血圧 0日分', '1,234番の記録: 知らない単位です', 'ほか29件',
  ]);
  expect(take).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole('button', { name: '取り込む' }));
  expect(take).toHaveBeenCalledWith(FOUND);
  await screen.findByText('2件を取り込みました。');
});

test('why a file is refused is said', async () => {
  render(<HealthFileCard actions={{ read: async () => Promise.reject(new FileRefused('damaged')), take: async () => 0 }} />);
  await userEvent.upload(screen.getByLabelText('ファイルを選ぶ'), FILE);
  expect((await screen.findByRole('alert')).textContent).toContain('書き出し直してください。');
});

test('a file of old records has nothing to take in', async () => {
  render(<HealthFileCard actions={{ read: async () => ({ ...FOUND, steps: [], vitals: [] }), take: async () => 0 }} />);
  await userEvent.upload(screen.getByLabelText('ファイルを選ぶ'), FILE);
  await screen.findByText('取り込める期間の記録はありませんでした。');
  expect(screen.queryByRole('button', { name: '取り込む' })).toBeNull();
});

test('reading is stopped by whoever does not want to wait, and by leaving the page', async () => {
  const signals: AbortSignal[] = [];
  const read = (_file: Blob, progress: (share: number) => void, stopped: AbortSignal): Promise<Found> => {
    signals.push(stopped);
    progress(0.25);
    return new Promise((_done, failed) => stopped.addEventListener('abort', () => failed(stopped.reason as Error)));
  };
  const page = render(<HealthFileCard actions={{ read, take: async () => 0 }} />);
  await userEvent.upload(screen.getByLabelText('ファイルを選ぶ'), FILE);
  screen.getByText('読み込んでいます… 25%');
  await userEvent.click(screen.getByRole('button', { name: '読み込みをやめる' }));
  expect(screen.queryByText(/読み込んでいます/)).toBeNull();
  expect(screen.queryByRole('alert')).toBeNull();
  await userEvent.upload(screen.getByLabelText('ファイルを選ぶ'), FILE);
  page.unmount();
  expect(signals.map((one) => one.aborted)).toEqual([true, true]);
});
