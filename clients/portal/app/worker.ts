/** Registers the service worker: its address is the only one that the policy of Trusted Types lets be a script's. */

const WORKER = '/worker.js';

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL: (url: string) => string };
}

export async function registerWorker(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register(trusted(WORKER), { scope: '/', updateViaCache: 'none' });
  } catch {
    // Without it the portal works as well, with a connection.
  }
}

function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return url;
  const only = (asked: string): string => {
    if (asked !== WORKER) throw new TypeError('no script of ours');
    return asked;
  };
  return trustedTypes.createPolicy('warifu-worker', { createScriptURL: only }).createScriptURL(url);
}
