import { fireEvent, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { SignInFailed } from 'warifu';

import { CheckupsPage } from '../app/pages/checkups.tsx';
import { CostsPage } from '../app/pages/costs.tsx';
import { Farewell } from '../app/pages/farewell.tsx';
import { HomePage } from '../app/pages/home.tsx';
import { SignInPage } from '../app/pages/sign-in.tsx';
import { VitalsPage } from '../app/pages/vitals.tsx';
import type { Attempt } from '../app/records/sign-in.ts';
import { checkup, LETTERS, line } from './people.ts';

test('a checkup shows values with range, letter and what decided', () => {
  render(<CheckupsPage checkups={[checkup('2026-06-01', [line('waist-circumference', 86.5)])]} letters={LETTERS} screenings={[]} />);
  const [found] = screen.getAllByRole('listitem').filter((one) => one.textContent?.startsWith('腹囲86'));
  expect(found!.textContent).toContain('86.5 cm');
  expect(found!.textContent).toContain('C 要再検査');
  expect(found!.textContent).toContain('基準 85未満');
  screen.getByText('腹囲が85未満なら情報提供です');
  expect(screen.getByText('歩くのが速いですか。').nextElementSibling!.textContent).toBe('はい');
  screen.getByText('健診機関の判定は「積極的支援」です。数値以外も見ていることがあります。');
});

test('another year is shown when it is chosen, and a value over the years only where there are two', async () => {
  const years = [
    checkup('2026-06-01', [line('body-weight', 61), line('ast', 20)]),
    checkup('2025-06-01', [line('body-weight', 63)]),
  ];
  render(<CheckupsPage checkups={years} letters={LETTERS} screenings={[]} />);
  screen.getByRole('img', { name: /体重/ });
  expect(within(screen.getByLabelText('項目')).getAllByRole('option').map((one) => one.textContent)).toEqual(['体重']);
  await userEvent.selectOptions(screen.getByLabelText('受診日'), '2025-06-01');
  expect(screen.queryByText('AST')).toBeNull();
});

test('no checkup is said, not shown as an empty page', () => {
  render(<CheckupsPage checkups={[]} letters={LETTERS} screenings={[]} />);
  screen.getByText(/健診の結果はまだありません/);
});

test('cancer screenings stand by fiscal year, also without a checkup', () => {
  const screenings = [{ year: 2026, kinds: ['stomach', 'cervix'] }, { year: 2024, kinds: ['lung'] }] as const;
  const { rerender } = render(<CheckupsPage checkups={[]} letters={LETTERS} screenings={screenings} />);
  screen.getByText(/健診の結果はまだありません/);
  expect(screen.getByText('2026年度').nextElementSibling!.textContent).toBe('胃がん、子宮頸がん');
  expect(screen.getByText('2024年度').nextElementSibling!.textContent).toBe('肺がん');
  rerender(<CheckupsPage checkups={[]} letters={LETTERS} screenings={[]} />);
  expect(screen.queryByText('がん検診')).toBeNull();
});

test('costs are summed by year and month', async () => {
  const costs = [
    { month: '2026-03-01', kind: 'medical' as const, paid: 1500, estimated: false },
    { month: '2026-03-01', kind: 'pharmacy' as const, paid: 800, estimated: true },
    { month: '2025-12-01', kind: 'dental' as const, paid: 4000, estimated: false },
  ];
  const savings = [{ month: '2026-03-01', name: '架空錠', least: 100, most: 300 }];
  const medicines = [{ month: '2026-03-01', name: '架空錠', amount: '14', unit: '錠', institution: '架空薬局' }];
  render(<CostsPage record={{ costs, savings, medicines }} />);
  expect(screen.getAllByText('2,300円').length).toBe(2);
  screen.getByText('医科 1,500円 / 薬局 800円*');
  screen.getByText(/100円〜300円安い/);
  screen.getByText('2026年3月 / 14 錠 / 架空薬局');
  await userEvent.selectOptions(screen.getByLabelText('年'), '2025');
  expect(screen.getAllByText('4,000円').length).toBe(2);
  expect(screen.queryByText(/架空錠/)).toBeNull();
});

test('the last value stands there already: one tap saves it', async () => {
  const save = vi.fn(async () => {});
  render(<VitalsPage vitals={[{ day: '2026-11-20', kind: 'body-weight', value: 61.5 }]} today="2026-11-26" onSave={save} />);
  await userEvent.click(screen.getByRole('button', { name: '保存する' }));
  expect(save).toHaveBeenCalledWith('body-weight', 61.5);
  await screen.findByText('保存しました。');
});

test('a value that could not be saved stays, and why is said', async () => {
  render(<VitalsPage vitals={[]} today="2026-11-26" onSave={() => Promise.reject(new TypeError('架空'))} />);
  await userEvent.click(screen.getByRole('button', { name: '保存する' }));
  screen.getByText('値を入れてください。');
  const field = screen.getByRole('textbox', { name: '体重 (kg)' });
  await userEvent.type(field, '62.4');
  fireEvent.blur(field);
  await userEvent.click(screen.getByRole('button', { name: '保存する' }));
  expect((await screen.findByRole('alert')).textContent).toContain('つながりませんでした。');
  expect((field as HTMLInputElement).value).toBe('62.4');
});

test('a code that is none is not sent; a card needs its PIN', async () => {
  const tried = vi.fn(async () => {});
  const faultOf = (code: string) => (code === 'right' ? null : { fault: 'checksum' as const, group: 2 });
  render(<SignInPage ways={{ groups: [], passkeys: false }} faultOf={faultOf} onSignIn={tried} />);
  const code = screen.getByLabelText('コード');
  await userEvent.type(code, 'wrong');
  await userEvent.click(screen.getByRole('button', { name: 'コードでログイン' }));
  screen.getByText(/左から3番目のまとまり/);
  await userEvent.click(screen.getByRole('radio', { name: /カード/ }));
  await userEvent.clear(code);
  await userEvent.type(code, 'right');
  await userEvent.type(screen.getByLabelText('PIN'), '12345');
  await userEvent.click(screen.getByRole('button', { name: 'コードでログイン' }));
  screen.getByText('PINは6文字以上です。');
  expect(tried).not.toHaveBeenCalled();
  await userEvent.type(screen.getByLabelText('PIN'), '6');
  await userEvent.click(screen.getByRole('button', { name: 'コードでログイン' }));
  expect(tried).toHaveBeenCalledWith({ way: 'code', code: 'right', pin: '123456' }, expect.any(AbortSignal));
});

test('a sign-in that was stopped is said', async () => {
  const ways = { groups: [{ issuer: 'https://idp.example', title: '会社のアカウント' }], passkeys: true };
  render(<SignInPage ways={ways} faultOf={() => null} onSignIn={() => Promise.reject(new SignInFailed('架空'))} />);
  await userEvent.click(screen.getByRole('button', { name: '会社のアカウントでログイン' }));
  expect((await screen.findByRole('alert')).textContent).toContain('ログインは途中で終わりました。');
});

test('whoever closed the window of their work account can give up, and choose another way', async () => {
  const ways = { groups: [{ issuer: 'https://idp.example', title: '会社のアカウント' }], passkeys: true };
  const tried = vi.fn((_: unknown, givenUp: AbortSignal) => new Promise<void>((_done, failed) => givenUp.addEventListener('abort', () => failed(new SignInFailed('架空')))));
  render(<SignInPage ways={ways} faultOf={() => null} onSignIn={tried} />);
  expect(screen.queryByRole('button', { name: 'やめる' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: '会社のアカウントでログイン' }));
  screen.getByText('開いた画面でログインしてください。');
  await userEvent.click(screen.getByRole('button', { name: 'やめる' }));
  expect((await screen.findByRole('alert')).textContent).toContain('ログインは途中で終わりました。');
  await userEvent.click(screen.getByRole('button', { name: 'パスキーでログイン' }));
  expect(tried).toHaveBeenLastCalledWith({ way: 'passkey' }, expect.any(AbortSignal));
});

test('whoever finds no window signs in on the page itself, where nothing is lost with it', async () => {
  const ways = { groups: [{ issuer: 'https://idp.example', title: '会社のアカウント' }], passkeys: false };
  const tried = vi.fn((attempt: Attempt, givenUp: AbortSignal) => new Promise<void>((_done, failed) => {
    if (attempt.way === 'group' && !attempt.leaves) givenUp.addEventListener('abort', () => failed(new SignInFailed('架空')));
  }));
  const page = render(<SignInPage ways={ways} faultOf={() => null} onSignIn={tried} />);
  await userEvent.click(screen.getByRole('button', { name: '会社のアカウントでログイン' }));
  expect(screen.queryByRole('button', { name: /この画面でログイン/ })).toBeNull();
  page.rerender(<SignInPage ways={{ ...ways, leaving: true }} faultOf={() => null} onSignIn={tried} />);
  await userEvent.click(screen.getByRole('button', { name: /この画面でログイン/ }));
  expect(tried).toHaveBeenLastCalledWith({ way: 'group', issuer: 'https://idp.example', place: 0, leaves: true }, expect.any(AbortSignal));
  expect(tried).toHaveBeenCalledTimes(2);
  expect(screen.queryByRole('alert')).toBeNull();
});

test('what went wrong on the way back is said', () => {
  render(<SignInPage ways={{ groups: [], passkeys: false }} faultOf={() => null} onSignIn={async () => {}} problem={new SignInFailed('架空')} />);
  expect(screen.getByRole('alert').textContent).toContain('ログインは途中で終わりました。');
});

test('a guardian chooses whose records are opened', async () => {
  const ways = { groups: [{ issuer: 'https://idp.example', title: '会社のアカウント' }], passkeys: false, children: true };
  const tried = vi.fn(async () => {});
  render(<SignInPage ways={ways} faultOf={() => null} onSignIn={tried} />);
  await userEvent.selectOptions(screen.getByLabelText('だれの記録'), '2人目のお子さん');
  await userEvent.click(screen.getByRole('button', { name: '会社のアカウントでログイン' }));
  expect(tried).toHaveBeenCalledWith({ way: 'group', issuer: 'https://idp.example', place: 2 }, expect.any(AbortSignal));
});

test('what waits without having been asked for is said at once', () => {
  render(<HomePage record={{ name: '架空 花子', recoveries: 1, takeover: '2026-12-01' }} figures={{ steps: null, points: 1200 }} />);
  expect(screen.getAllByRole('alert').length).toBe(2);
  screen.getByText(/2026年12月1日から/);
  screen.getByRole('link', { name: '使えるポイント 1,200' });
});

test('log-off says who has not confirmed', () => {
  render(<Farewell record={{ erased: ['a', 'b'], confirmed: ['gateway'], unconfirmed: ['keyvault'] }} />);
  const said = screen.getByRole('alert').textContent;
  expect(said).toContain('2種類');
  expect(said).toContain('まだ確認できないところ: 鍵の保管庫');
});
