/** Who is signed in. All that was read lives in one cache, which goes with the session. */

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createContext, use, useCallback, useMemo, useState, type ReactNode } from 'react';
import type { Farewell, MemberSession, Passkey } from 'warifu';

import { go } from '../routing.ts';

interface Signed {
  readonly session: MemberSession | null;
  /** The passkey that opened it, which proves changes of other ways; null where it was another way. */
  readonly passkey: Passkey | null;
  /** What became of the session before. */
  readonly farewell: Farewell | null;
  readonly begin: (session: MemberSession, passkey: Passkey | null) => void;
}

const Context = createContext<Signed | null>(null);

function cache(): QueryClient {
  // The SDK asks hosts again where that makes sense.
  return new QueryClient({ defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false, staleTime: Infinity } } });
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<MemberSession | null>(null);
  const [passkey, setPasskey] = useState<Passkey | null>(null);
  const [farewell, setFarewell] = useState<Farewell | null>(null);
  const [queries, setQueries] = useState(cache);
  const begin = useCallback((opened: MemberSession, by: Passkey | null): void => {
    opened.onEnd((said) => {
      setQueries((before) => {
        before.clear();
        return cache();
      });
      setSession(null);
      setPasskey(null);
      setFarewell(said);
      go('/');
    });
    setFarewell(null);
    setSession(opened);
    setPasskey(by);
  }, []);
  const signed = useMemo(() => ({ session, passkey, farewell, begin }), [session, passkey, farewell, begin]);
  return (
    <QueryClientProvider client={queries}>
      <Context value={signed}>{children}</Context>
    </QueryClientProvider>
  );
}

export function useSigned(): Signed {
  const signed = use(Context);
  if (!signed) throw new Error('outside of SessionProvider');
  return signed;
}
