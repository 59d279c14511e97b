// npm `oidc-provider` as a provider of the group that signs in whoever comes, and errs when it is told to.
//
//   node oidc-provider.mjs URL-OF-THE-LIBRARY CONFIG-IN-JSON
//
// POST /err takes {header, claims}: what its ID tokens say instead (null takes a part away), signed with the first key all the same.
import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import { createServer } from 'node:http';

const { default: Provider } = await import(process.argv[2]);
const config = JSON.parse(process.argv[3]);
const key = createPrivateKey({ key: config.jwks.keys[0], format: 'jwk' });
let err = {};

const provider = new Provider(config.issuer, {
  clients: config.clients,
  jwks: config.jwks,
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, employee_number: config.account }) }),
  claims: { openid: ['sub', 'employee_number'] },
  conformIdTokenClaims: false,
  enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true }, backchannelLogout: { enabled: true } },
  interactions: { url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
  loadExistingGrant: async (ctx) => {
    const grant = new provider.Grant({ accountId: ctx.oidc.session.accountId, clientId: ctx.oidc.client.clientId });
    grant.addOIDCScope('openid');
    await grant.save();
    return grant;
  },
  cookies: { keys: [randomBytes(32).toString('base64url')] },
  fetch: (url, { dispatcher: _guard, ...options }) => fetch(url, options),
});

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const changed = (part, changes) =>
  Object.fromEntries(
    Object.entries({ ...JSON.parse(Buffer.from(part, 'base64url')), ...changes }).filter(([, value]) => value !== null),
  );

provider.use(async (ctx, next) => {
  if (ctx.path === '/err') {
    const chunks = [];
    for await (const chunk of ctx.req) chunks.push(chunk);
    err = JSON.parse(Buffer.concat(chunks));
    ctx.status = 204;
    return;
  }
  if (ctx.path.startsWith('/sign-in/')) {
    ctx.respond = false;
    await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: `account-of-${config.account}` } });
    return;
  }
  await next();
  if (ctx.path === '/token' && ctx.body?.id_token && Object.keys(err).length) {
    const [header, claims] = ctx.body.id_token.split('.');
    const said = `${encoded(changed(header, err.header))}.${encoded(changed(claims, err.claims))}`;
    const signature = err.header?.alg === 'none' ? '' : sign('sha256', said, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
    ctx.body = { ...ctx.body, id_token: `${said}.${signature}` };
  }
});

const server = createServer(provider.callback());
server.listen(Number(new URL(config.issuer).port), '127.0.0.1', () => console.log('listening'));
process.on('SIGTERM', () => process.exit(0));
