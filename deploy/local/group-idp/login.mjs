// The sign-in step between the authorization request and its answer.
import { errorPage, headers, languageOf, loginPage } from './pages.mjs';

const LARGEST_FORM = 4096;
const path = /^\/login\/([A-Za-z0-9_-]{1,64})$/;

/** A Koa middleware that serves the login form of one interaction and takes its answer. */
export function loginRoutes(provider, accounts, issuer) {
  return async (ctx, next) => {
    const found = path.exec(ctx.path);
    if (!found) return next();
    ctx.set(headers);
    const accepted = ctx.get('accept-language');
    let interaction;
    try {
      // Needs the interaction's own cookie, so nobody can post into another browser's sign-in.
      interaction = await provider.interactionDetails(ctx.req, ctx.res);
    } catch {
      return answer(ctx, 400, errorPage(languageOf('', accepted)));
    }
    const language = languageOf(interaction.params.ui_locales, accepted);
    if (interaction.uid !== found[1] || interaction.prompt.name !== 'login') {
      return answer(ctx, 400, errorPage(language));
    }
    if (ctx.method === 'GET') return answer(ctx, 200, loginPage(language, ctx.path, false));
    if (ctx.method !== 'POST' || ![issuer, ''].includes(ctx.get('origin'))) {
      return answer(ctx, 400, errorPage(language));
    }
    const form = await readForm(ctx.req);
    const subject = form && accounts.signIn(form.get('work_id') ?? '', form.get('passphrase') ?? '');
    if (!subject) return answer(ctx, 401, loginPage(language, ctx.path, true));
    ctx.respond = false; // interactionFinished answers on the raw response, with 303
    return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: subject, remember: false } });
  };
}

function answer(ctx, status, body) {
  ctx.status = status;
  ctx.body = body;
}

/** The form's fields, or undefined when it is too large. */
async function readForm(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LARGEST_FORM) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
