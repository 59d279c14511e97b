// npm `oidc-provider` with one program for itself: private_key_jwt, DPoP, ES256 access tokens, everything in memory.
//
//   node oidc_provider.mjs PACKAGE.json SETTINGS.json
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [, , packages, file] = process.argv;
const { default: Provider } = await import(createRequire(packages).resolve('oidc-provider'));
const settings = JSON.parse(readFileSync(file, 'utf8'));

const provider = new Provider(settings.issuer, {
  jwks: settings.jwks,
  clients: [
    {
      client_id: settings.client_id,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      id_token_signed_response_alg: 'ES256',
      dpop_bound_access_tokens: true,
      jwks: settings.client_jwks,
    },
  ],
  scopes: ['openid', 'steps.write'],
  features: {
    clientCredentials: { enabled: true },
    dPoP: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        scope: 'steps.write',
        audience: settings.resource,
        accessTokenFormat: 'jwt',
        accessTokenTTL: 300,
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
});
provider.listen(settings.port, '127.0.0.1');
