/** For the page to which the group's sign-in leads back: small, and without a dependency, because it holds nothing. */

/** Over which a Popup and the page in its window speak; their origin alone hears it. */
export const CHANNEL = 'warifu-sign-in';

/** The mark of a Departure in sessionStorage: the `state` of the request that is under way. */
export const AWAY = 'warifu-away';
/** How the fragment begins with which a page is led on to. */
export const RETURNED = 'returned=';

/** Goes on to `page` with what came back, where the same page left for it; false where this is a Popup's window. */
export function leadOn(page: string): boolean {
  const state = new URLSearchParams(location.search).get('state');
  if (state === null || sessionStorage.getItem(AWAY) !== state) return false;
  sessionStorage.removeItem(AWAY);
  location.replace(`${page}#${RETURNED}${encodeURIComponent(location.search)}`);
  return true;
}

/** What the page at a Popup's `redirectUri` does: tells what came back, and goes on or closes when it is told to. */
export function answerPopup(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<{ go?: string; close?: boolean }>) => {
    if (data.close) window.close();
    // Same-origin pages alone write to this channel; a script address would still be one too many.
    else if (typeof data.go === 'string' && /^https?:\/\//.test(data.go)) location.replace(data.go);
  };
  channel.postMessage({ returned: location.search });
  // The answer stands neither in the history nor in a reload.
  history.replaceState(null, '', location.pathname);
}
