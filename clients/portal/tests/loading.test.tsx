import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, render, screen } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { HostUnavailable, SessionEnded, type MemberSession } from 'warifu';

import { Loading } from '../app/session/loading.tsx';
import { speak } from '../app/words.ts';

beforeEach(() => speak('en'));

async function shown(error: Error): Promise<void> {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const page = (
    <QueryClientProvider client={queries}>
      <Loading name={['costs']} session={{} as MemberSession} read={() => Promise.reject(error)}>
        {() => null}
      </Loading>
    </QueryClientProvider>
  );
  await act(async () => render(page));
}

test('a page under way when somebody logs off says nothing of it', async () => {
  await shown(new SessionEnded());
  await act(() => new Promise((done) => void setTimeout(done, 50)));
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.getByRole('status').textContent).toBe('Loading…');
});

test('what cannot be read is said', async () => {
  await shown(new HostUnavailable('anon-data'));
  expect((await screen.findByRole('alert')).textContent).not.toBe('');
});
