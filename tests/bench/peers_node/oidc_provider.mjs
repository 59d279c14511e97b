// npm `oidc-provider` for one program: private_key_jwt, PAR, DPoP, ES256. It keeps its state in memory, or, where SETTINGS
// names a database, there; then it makes sessions and refresh tokens first and writes them to the file that SETTINGS names.
//
//   node oidc_provider.mjs SETTINGS.json
import { readFileSync, writeFileSync } from 'node:fs';
import Provider from 'oidc-provider';

import { adapters } from './postgres_adapter.mjs';

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { client_id: clientId, resource, scope } = settings;

const provider = new Provider(settings.issuer, {
  ...(settings.database && { adapter: adapters(settings.database, settings.connections) }),
  jwks: settings.jwks,
  clients: [
    {
      client_id: clientId,
      grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: [settings.redirect_uri],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      id_token_signed_response_alg: 'ES256',
      dpop_bound_access_tokens: true,
      require_pushed_authorization_requests: true,
      jwks: settings.client_jwks,
    },
  ],
  scopes: ['openid', scope],
  findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  // As ours: no rotation of what is bound to a key, and every code brings a refresh token.
  rotateRefreshToken: false,
  issueRefreshToken: () => true,
  features: {
    clientCredentials: { enabled: true },
    dPoP: { enabled: true },
    devInteractions: { enabled: false },
    pushedAuthorizationRequests: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        scope,
        audience: resource,
        accessTokenFormat: 'jwt',
        accessTokenTTL: 300,
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
});

if (settings.people) {
  const seeded = [];
  for (let number = 0; number < settings.people; number += 1) seeded.push(await signIn(`person-${number}`));
  writeFileSync(settings.seeded, JSON.stringify(seeded), { mode: 0o600 });
}
provider.listen(settings.port, '127.0.0.1');

// One person, signed in with a browser, and once with the program.
async function signIn(accountId) {
  const client = await provider.Client.find(clientId);
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope(`openid ${scope}`);
  grant.addResourceScope(resource, scope);
  const grantId = await grant.save(3600);
  const session = new provider.Session();
  session.loginAccount({ accountId, loginTs: Math.floor(Date.now() / 1000) });
  session.ensureClientContainer(clientId);
  session.grantIdFor(clientId, grantId);
  await session.save(3600);
  const refresh = new provider.RefreshToken({
    accountId,
    client,
    grantId,
    scope,
    resource,
    gty: 'authorization_code',
    sessionUid: session.uid,
    sid: session.sidFor(clientId),
    expiresWithSession: true,
    authTime: session.loginTs,
    iiat: session.loginTs,
    rotations: 0,
  });
  refresh.setThumbprint('jkt', settings.jkt);
  return { cookie: `_session=${session.id}`, refresh_token: await refresh.save() };
}
