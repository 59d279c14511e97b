/** For the page to which the group's sign-in leads back: small, and without a dependency, because it holds nothing. */

/** Over which a Popup and the page in its window speak; their origin alone hears it. */
export const CHANNEL = 'warifu-sign-in';

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
