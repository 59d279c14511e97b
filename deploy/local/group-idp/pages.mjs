// The provider's own pages, Japanese and English: plain HTML, no script, nothing from elsewhere.

const texts = {
  ja: {
    title: '社員ログイン',
    lead: 'グループ共通の社員アカウントでログインします。',
    workId: '社員番号',
    passphrase: 'パスフレーズ',
    submit: 'ログイン',
    wrong: '社員番号またはパスフレーズが正しくありません。',
    errorTitle: 'ログインできません',
    errorLead: '元の画面に戻り、もう一度お試しください。',
    demo: 'これはデモ用の架空の認証サーバーです。',
  },
  en: {
    title: 'Employee sign-in',
    lead: 'Sign in with your group-wide employee account.',
    workId: 'Employee number',
    passphrase: 'Passphrase',
    submit: 'Sign in',
    wrong: 'The employee number or the passphrase is wrong.',
    errorTitle: 'Sign-in is not possible',
    errorLead: 'Go back to where you came from and try again.',
    demo: 'This is a fictional identity provider for demonstrations.',
  },
};

const style = `
  :root { color-scheme: light; }
  body { margin: 0; font: 16px/1.7 "Noto Sans JP", "Hiragino Sans", "Yu Gothic UI", Meiryo, sans-serif; color: #1a1a1c; background: #f2f2f2; }
  main { max-width: 24rem; margin: 10vh auto; padding: 2rem; background: #fff; border: 1px solid #767676; border-radius: 8px; }
  h1 { margin-top: 0; font-size: 1.5rem; }
  label { display: block; margin-top: 1rem; font-weight: 700; }
  input { box-sizing: border-box; width: 100%; padding: .6rem; font: inherit; border: 1px solid #626264; border-radius: 6px; }
  button { width: 100%; margin-top: 1.5rem; padding: .7rem; font: inherit; font-weight: 700; color: #fff; background: #0017c1; border: 0; border-radius: 6px; cursor: pointer; }
  :focus-visible { outline: 4px solid #000; outline-offset: 2px; box-shadow: 0 0 0 2px #b78f00; }
  .error { padding: .6rem; color: #ce0000; border: 2px solid #ce0000; border-radius: 6px; }
  .demo { margin-bottom: 0; font-size: .875rem; color: #4d4d4d; }
`;

// No form-action: browsers apply it to the redirects after the form too, and those lead to the client.
export const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  // Not 'no-referrer': with that a browser says of its own form that it comes from nowhere.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
};

/** `ja` unless the client or the browser prefers English. */
export function languageOf(uiLocales, acceptLanguage) {
  const wanted = [...(uiLocales ?? '').split(' '), ...(acceptLanguage ?? '').split(',')]
    .map((tag) => tag.trim().slice(0, 2).toLowerCase());
  return wanted.find((tag) => tag in texts) ?? 'ja';
}

function page(language, title, body) {
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${style}</style></head>
<body><main><h1>${title}</h1>${body}<p class="demo">${texts[language].demo}</p></main></body>
</html>`;
}

/** The form never shows again what was typed. */
export function loginPage(language, action, failed) {
  const t = texts[language];
  return page(language, t.title, `<p>${t.lead}</p>
${failed ? `<p class="error" id="error" role="alert">${t.wrong}</p>` : ''}
<form method="post" action="${action}"${failed ? ' aria-describedby="error"' : ''}>
<label for="work_id">${t.workId}</label>
<input id="work_id" name="work_id" autocomplete="username" autocapitalize="off" spellcheck="false" required autofocus>
<label for="passphrase">${t.passphrase}</label>
<input id="passphrase" name="passphrase" type="password" autocomplete="current-password" required>
<button type="submit" id="sign-in">${t.submit}</button>
</form>`);
}

export function errorPage(language) {
  const t = texts[language];
  return page(language, t.errorTitle, `<p role="alert">${t.errorLead}</p>`);
}
