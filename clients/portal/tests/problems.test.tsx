import { render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { HostRefused } from 'warifu';

import { Boundary } from '../app/problems/boundary.tsx';
import { ShownProblem } from '../app/problems/shown.tsx';

const thrown = (type: string): Error => new HostRefused('programs', type, 409);

function Breaks({ error }: { error: Error }): never {
  throw error;
}

test('a problem is said in our words, never in those of what was thrown', () => {
  render(<ShownProblem error={thrown('points-short')} />);
  expect(screen.getByRole('alert').textContent).toBe('使えるポイントが足りません。');
});

test('a type that nobody knows is still said', () => {
  render(<ShownProblem error={thrown('架空')} />);
  expect(screen.getByRole('alert').textContent).toBe('思わぬ問題が起きました。少し待ってから、もう一度お試しください。');
});

test('what breaks is replaced, and another page is shown again', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const shown = render(<Boundary of="/"><Breaks error={thrown('busy')} /></Boundary>);
  expect(screen.getByRole('alert').textContent).toContain('ただいま混み合っています。');
  shown.rerender(<Boundary of="/display"><p>表示</p></Boundary>);
  expect(screen.queryByRole('alert')).toBeNull();
  screen.getByText('表示');
});
