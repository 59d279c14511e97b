// The headers of every answer of the portal's: any server of static files can send them. They allow the page what it needs, and no more.

/** @param {{ origins: Record<string, string>, portal: { origin: string } }} deployment */
export function headersOf(deployment) {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${deployment.origins['gateway']}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'Permissions-Policy': 'camera=(self), publickey-credentials-get=(self), geolocation=(), microphone=()',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Cache-Control': 'no-cache',
    ...(deployment.portal.origin.startsWith('https://') ? { 'Strict-Transport-Security': 'max-age=63072000' } : {}),
  };
}
