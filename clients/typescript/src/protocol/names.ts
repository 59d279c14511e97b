/** The five hosts, by the names that stand in every derivation. */

/** Hosts that know references and hold one share each, in the order in which shares are joined. */
export const AUTHORITIES = ['gateway', 'keyvault', 'identity'] as const;
export type AuthorityName = (typeof AUTHORITIES)[number];

/** Hosts that know opaque tokens. */
export const STORES = ['anon-data', 'programs'] as const;
export type StoreName = (typeof STORES)[number];

export const HOSTS = [...AUTHORITIES, ...STORES] as const;
export type HostName = AuthorityName | StoreName;

export type ByAuthority<T> = Record<AuthorityName, T>;
export type ByStore<T> = Record<StoreName, T>;

/** One value for each authority, in parallel and in their order. */
export async function ofAuthorities<T>(make: (host: AuthorityName) => Promise<T> | T): Promise<ByAuthority<T>> {
  const made = await Promise.all(AUTHORITIES.map(async (host) => [host, await make(host)] as const));
  return Object.fromEntries(made) as ByAuthority<T>;
}

/** One value for each store, in parallel. */
export async function ofStores<T>(make: (store: StoreName) => Promise<T> | T): Promise<ByStore<T>> {
  const made = await Promise.all(STORES.map(async (store) => [store, await make(store)] as const));
  return Object.fromEntries(made) as ByStore<T>;
}
