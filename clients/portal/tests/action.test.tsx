import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { useAction } from '../app/parts/action.ts';

function Page({ work, take }: { work: () => Promise<string>; take: (found: string) => void }) {
  const { run, isDone } = useAction();
  return <button onClick={() => run(work, take)}>{isDone ? 'done' : 'do'}</button>;
}

async function pressed(): Promise<{ taken: string[]; finish: (found: string) => Promise<void>; leave: () => void }> {
  let resolve = (_: string): void => {};
  const promise = new Promise<string>((done) => {
    resolve = done;
  });
  const taken: string[] = [];
  const { unmount } = render(<Page work={() => promise} take={(found) => taken.push(found)} />);
  await userEvent.click(screen.getByRole('button'));
  return { taken, finish: (found) => act(async () => resolve(found)), leave: unmount };
}

test('what was found is taken while the page is there', async () => {
  const { taken, finish } = await pressed();
  await finish('found');
  expect(taken).toEqual(['found']);
  expect(screen.getByRole('button').textContent).toBe('done');
});

test('a page that is gone takes nothing: what was typed there would be kept until something is drawn again', async () => {
  const { taken, finish, leave } = await pressed();
  leave();
  await finish('found');
  expect(taken).toEqual([]);
});
