// A corporate group's identity provider for local deployments: the third-party `oidc-provider` with one login page.
// It stands for the customer's real one, so it is no part of any host. Sessions live in memory only.
//
//   node provider.mjs CONFIG.json
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import Provider, { interactionPolicy } from 'oidc-provider';

import { Accounts } from './accounts.mjs';
import { loginRoutes } from './login.mjs';
import { errorPage, headers, languageOf } from './pages.mjs';

const config = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const secret = (path) => readFileSync(path, 'utf8');
const accounts = new Accounts(config.accounts, config.passphrase, Buffer.from(secret(config.subject_secret), 'base64url'));

// Common to all clients: the code flow, ES256 alone, nothing but `openid`; the staff's is told groups as well.
const client = {
  response_types: ['code'],
  grant_types: ['authorization_code'],
  id_token_signed_response_alg: 'ES256',
  scope: 'openid',
};

const clients = [
  {
    ...client,
    client_id: config.gateway_client.id,
    client_secret: secret(config.gateway_client.secret),
    redirect_uris: config.gateway_client.redirect_uris,
    token_endpoint_auth_method: 'client_secret_basic',
    backchannel_logout_uri: config.gateway_client.backchannel_logout_uri,
    backchannel_logout_session_required: true,
  },
  {
    ...client,
    client_id: config.staff_client.id,
    client_secret: secret(config.staff_client.secret),
    redirect_uris: config.staff_client.redirect_uris,
    backchannel_logout_uri: config.staff_client.backchannel_logout_uri,
    backchannel_logout_session_required: true,
    token_endpoint_auth_method: 'client_secret_basic',
    scope: 'openid groups',
  },
  {
    ...client,
    client_id: config.evidence_client.id,
    redirect_uris: config.evidence_client.redirect_uris,
    token_endpoint_auth_method: 'none',
    // A native client's loopback redirect may have any port (RFC 8252 section 7.3).
    application_type: 'native',
  },
];

const policy = interactionPolicy.base();
// Else a native client is never answered without a page, even with a session and prompt=none.
policy.get('consent').checks.remove('native_client_prompt');

const provider = new Provider(config.issuer, {
  clients,
  jwks: JSON.parse(secret(config.jwks)),
  findAccount: (_ctx, subject) => accounts.find(subject),
  claims: { openid: ['sub', 'employee_number'], groups: ['groups'] },
  scopes: ['openid', 'groups'],
  conformIdTokenClaims: false, // the claims belong in the ID token: no relying party here asks for more
  enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
  pkce: { required: () => true },
  // Without the guard against addresses of this machine, where the gateway of a local deployment is.
  fetch: (url, { dispatcher: _guard, ...options }) => fetch(url, options),
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: { enabled: true },
    backchannelLogout: { enabled: true },
  },
  interactions: { policy, url: (_ctx, interaction) => `/login/${interaction.uid}` },
  // All clients are the group's own: what they may ask at all is granted without a page.
  loadExistingGrant: async (ctx) => {
    const grant = new provider.Grant({ accountId: ctx.oidc.session.accountId, clientId: ctx.oidc.client.clientId });
    grant.addOIDCScope(ctx.oidc.client.scope);
    await grant.save();
    return grant;
  },
  // Only the evidence client is used from a browser, and only from where its redirects lead.
  clientBasedCORS: (_ctx, origin, { clientId, redirectUris }) =>
    clientId === config.evidence_client.id && redirectUris.some((uri) => new URL(uri).origin === origin),
  cookies: {
    keys: [randomBytes(32).toString('base64url')],
    names: { session: 'group_idp_session', interaction: 'group_idp_interaction', resume: 'group_idp_resume' },
  },
  renderError: (ctx) => {
    ctx.set(headers);
    ctx.body = errorPage(languageOf('', ctx.get('accept-language')));
  },
  ttl: { AuthorizationCode: 60, AccessToken: 300, IdToken: 300, Interaction: 600, Grant: 28_800, Session: 28_800 },
});

provider.use(loginRoutes(provider, accounts, config.issuer));
provider.on('server_error', (_ctx, error) => console.error(`group-idp: ${error.name}`));

const server = createServer(provider.callback());
// The address, not `localhost`: that may resolve to another loopback than the one the clients try.
server.listen(Number(new URL(config.issuer).port), config.address);
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
