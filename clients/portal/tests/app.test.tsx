import { act, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';

import { App } from '../app/app.tsx';
import { displayKept } from '../app/display.ts';
import { Navigation } from '../app/layout/navigation.tsx';
import { speak } from '../app/words.ts';

beforeEach(async () => {
  // The portal's server is not there.
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError()));
  vi.spyOn(console, 'error').mockImplementation(() => {});
  localStorage.clear();
  history.replaceState(null, '', '/');
  await speak('ja');
});

test('large type and language are kept, and nothing else', async () => {
  await act(async () => render(<App display={{ language: 'ja', type: 'normal' }} />));
  await userEvent.click(within(screen.getByRole('navigation')).getByRole('link', { name: '表示' }));
  await userEvent.click(screen.getByRole('radio', { name: '大きく' }));
  expect(document.documentElement.dataset['type']).toBe('large');
  await userEvent.click(screen.getByRole('radio', { name: 'English' }));
  await screen.findByRole('heading', { name: 'Display', level: 1 });
  expect(document.documentElement.lang).toBe('en');
  expect(displayKept()).toEqual({ language: 'en', type: 'large' });
  expect(Object.keys(localStorage)).toEqual(['warifu-display']);
});

test('the page that is shown is said in navigation and title', async () => {
  await act(async () => render(<App display={{ language: 'ja', type: 'normal' }} />));
  const link = within(screen.getByRole('navigation')).getByRole('link', { name: '表示' });
  await userEvent.click(link);
  expect(link.getAttribute('aria-current')).toBe('page');
  expect([location.pathname, document.title]).toEqual(['/display', '表示 - 健康ポータル']);
  expect(document.activeElement?.tagName).toBe('MAIN');
});

test('a page among many of one kind is said to be below theirs', () => {
  const entries = [{ to: '/own', icon: 'own', label: 'マイデータ', inBar: true }, { to: '/', icon: 'home', label: 'ホーム', inBar: true }] as const;
  render(<Navigation path="/openings" entries={entries} />);
  expect(screen.getAllByRole('link').map((link) => link.getAttribute('aria-current'))).toEqual(['true', null]);
});

test('a deployment that cannot be asked is said, and can be asked again', async () => {
  const asked = vi.fn(() => Promise.reject(new TypeError()));
  vi.stubGlobal('fetch', asked);
  await act(async () => render(<App display={{ language: 'ja', type: 'normal' }} />));
  expect((await screen.findByRole('alert')).textContent).toContain('つながりませんでした。');
  const before = asked.mock.calls.length;
  await userEvent.click(screen.getByRole('button', { name: 'もう一度試す' }));
  expect(asked.mock.calls.length).toBeGreaterThan(before);
});
