// The headers of every answer of the portal's: any server of static files can send them. They allow each page what it needs, and no more.

/**
 * @typedef {{ origins: Record<string, string>, portal: { origin: string }, group_idps?: { issuer: string }[] }} Deployment
 */

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
  const scripts = inline.map((hash) => `'${hash}'`);
  const own = { connect: [...new Set(connect)], types: ['warifu-worker'], scripts, more: ["worker-src 'self'", "manifest-src 'self'"] };
  return { ...headers(deployment, policy(own)), 'Integrity-Policy': 'blocked-destinations=(script)' };
}

/** @param {{ connect: string[], types: string[], scripts?: string[], more?: string[] }} own */
function policy({ connect, types, scripts = [], more = [] }) {
  return [
    "default-src 'none'",
    ["script-src 'self'", ...scripts].join(' '),
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${connect.join(' ')}`,
    ...more,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${types.join(' ')}`,
  ].join('; ');
}

/**
 * @param {Deployment} deployment
 * @param {string} contentSecurityPolicy
 */
function headers(deployment, contentSecurityPolicy) {
  return {
    'Content-Security-Policy': contentSecurityPolicy,
    'Permissions-Policy': 'camera=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), geolocation=(), microphone=()',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Cache-Control': 'no-cache',
    ...(deployment.portal.origin.startsWith('https://') ? { 'Strict-Transport-Security': 'max-age=63072000' } : {}),
  };
}
