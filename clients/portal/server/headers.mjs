// The headers of every answer of the portal's: any server of static files can send them. They allow each page what it needs, and no more.

/**
 * @typedef {{ origins: Record<string, string>, portal: { origin: string }, group_idps?: { issuer: string }[] }} Deployment
 */

const INTEGRITY = { 'Integrity-Policy': 'blocked-destinations=(script)' };

/**
 * For the page on which people sign in elsewhere, and for all that is none of the portal's own.
 * @param {Deployment} deployment
 */
export function headersOf(deployment) {
  return headers(deployment, policy({ connect: [deployment.origins['gateway'] ?? ''], types: ["'none'"] }));
}

/**
 * For the portal: it talks to all five hosts and to the group's providers. `inline` are the hashes of what stands in its page (assets.json).
 * @param {Deployment} deployment
 * @param {readonly string[]} inline
 */
export function headersOfPortal(deployment, inline) {
  const providers = (deployment.group_idps ?? []).map(({ issuer }) => new URL(issuer).origin);
  const connect = [...Object.values(deployment.origins), ...providers];
  const own = { connect: [...new Set(connect)], types: ['warifu-worker'], scripts: hashes(inline), more: ["worker-src 'self'", "manifest-src 'self'"] };
  return { ...headers(deployment, policy(own)), ...INTEGRITY };
}

/**
 * For the page to which a sign-in leads back: its script speaks to the portal's own page and to no network. The browser shows only where the
 * gateway's answer ends, and asks without an origin by then; there is nothing of anybody in the page.
 * @param {Deployment} deployment
 * @param {readonly string[]} inline
 */
export function headersOfSignedIn(deployment, inline) {
  const own = policy({ connect: [], types: ["'none'"], scripts: hashes(inline) });
  const open = { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin', 'Permissions-Policy': permissions([]) };
  return { ...headers(deployment, own), ...INTEGRITY, ...open };
}

/** @param {readonly string[]} inline */
function hashes(inline) {
  return inline.map((hash) => `'${hash}'`);
}

/** @param {{ connect: string[], types: string[], scripts?: string[], more?: string[] }} own */
function policy({ connect, types, scripts = [], more = [] }) {
  return [
    "default-src 'none'",
    ["script-src 'self'", ...scripts].join(' '),
    "style-src 'self'",
    "img-src 'self'",
    ...(connect.length > 0 ? [`connect-src 'self' ${connect.join(' ')}`] : []),
    ...more,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${types.join(' ')}`,
  ].join('; ');
}

/** @param {readonly string[]} own what the page may do */
function permissions(own) {
  const all = ['camera', 'publickey-credentials-get', 'publickey-credentials-create', 'geolocation', 'microphone'];
  return all.map((name) => `${name}=(${own.includes(name) ? 'self' : ''})`).join(', ');
}

/**
 * @param {Deployment} deployment
 * @param {string} contentSecurityPolicy
 */
function headers(deployment, contentSecurityPolicy) {
  return {
    'Content-Security-Policy': contentSecurityPolicy,
    'Permissions-Policy': permissions(['camera', 'publickey-credentials-get', 'publickey-credentials-create']),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Cache-Control': 'no-cache',
    ...(deployment.portal.origin.startsWith('https://') ? { 'Strict-Transport-Security': 'max-age=63072000' } : {}),
  };
}
