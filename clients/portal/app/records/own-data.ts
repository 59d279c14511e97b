/** Pages with which members govern their own data, in the order in which they are offered. */

export const DATA_PAGES = {
  read: ['/messages', '/notes', '/guidance', '/former', '/statement'],
  decide: ['/consents', '/family', '/profile'],
  keys: ['/ways', '/openings'],
  leave: ['/export', '/erasure'],
} as const;

export type DataPart = keyof typeof DATA_PAGES;
export type DataPath = (typeof DATA_PAGES)[DataPart][number];

/** Whether a path is one of these, or leads to them. */
export function isData(path: string): path is '/own' | DataPath {
  return path === '/own' || Object.values(DATA_PAGES).flat().some((one) => one === path);
}
