// The service worker: keeps the portal's own files, so that it opens without a connection. It never sees, and never keeps, anything of a member:
// requests to hosts are another origin's, and of this origin it answers for the listed files alone.

const FILES = /* FILES */ {};
const PAGE = '/index.html';
const CACHE = `portal ${FILES[PAGE]}`;

addEventListener('install', (event) => event.waitUntil(fill()));
addEventListener('activate', (event) => event.waitUntil(forgetOthers()));
addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate') {
    if (!pathname.startsWith('/sign-in/') && !pathname.startsWith('/signed-in/')) event.respondWith(pageOf(request));
  } else if (pathname in FILES) {
    event.respondWith(kept(pathname).then((found) => found ?? fetch(request)));
  }
});

async function fill() {
  const cache = await caches.open(CACHE);
  const wanted = Object.entries(FILES).map(([path, integrity]) => new Request(path, { integrity, cache: 'no-cache', credentials: 'omit' }));
  await cache.addAll(wanted);
  await skipWaiting();
}

async function forgetOthers() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await clients.claim();
}

// The newest page where there is a connection: it names the files that belong to it.
async function pageOf(request) {
  try {
    return await fetch(request);
  } catch {
    return (await kept(PAGE)) ?? Response.error();
  }
}

async function kept(path) {
  return (await caches.open(CACHE)).match(path);
}
