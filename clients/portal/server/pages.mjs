// Paths that are pages of the portal's: each is answered with the one page that shows them all.

export const PAGES = /** @type {const} */ ([
  '/', '/checkups', '/costs', '/vitals', '/walking', '/programs', '/points', '/exchange', '/display', '/shared',
  '/own', '/messages', '/notes', '/guidance', '/former', '/statement', '/consents', '/family', '/profile', '/ways', '/openings', '/export', '/erasure',
]);
