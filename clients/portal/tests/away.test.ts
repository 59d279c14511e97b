import { expect, test } from 'vitest';
import { SignInFailed } from 'warifu';

import { untilBack } from '../app/session/away.ts';

const shown = (persisted: boolean): boolean => dispatchEvent(Object.assign(new Event('pageshow'), { persisted }));

test('a page that is shown again as it was left can be used again, and one that loads waits on', async () => {
  let ended: unknown = null;
  const waiting = untilBack().catch((error: unknown) => {
    ended = error;
  });
  shown(false);
  await Promise.resolve();
  expect(ended).toBeNull();
  shown(true);
  await waiting;
  expect(ended).toBeInstanceOf(SignInFailed);
});

test('whoever gives up before the page has gone can choose another way', async () => {
  const givingUp = new AbortController();
  const waiting = untilBack(givingUp.signal);
  givingUp.abort();
  await expect(waiting).rejects.toBeInstanceOf(SignInFailed);
});
