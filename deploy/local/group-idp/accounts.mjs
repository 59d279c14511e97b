// Who can sign in: a JSON list of {work_id, name, passphrase?, groups?}, read again whenever the file changes.
import { createHmac, timingSafeEqual, createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

const digest = (text) => createHash('sha256').update(text, 'utf8').digest();

export class Accounts {
  #path;
  #passphrase;
  #subjectSecret;
  #changed = '';
  #byWorkId = new Map();
  #bySubject = new Map();

  /** `passphrase` counts for accounts that have none of their own. */
  constructor(path, passphrase, subjectSecret) {
    this.#path = path;
    this.#passphrase = passphrase;
    this.#subjectSecret = subjectSecret;
  }

  /** The account of this subject, as oidc-provider wants it, or undefined. */
  find(subject) {
    this.#refresh();
    const account = this.#bySubject.get(subject);
    if (!account) return undefined;
    return {
      accountId: subject,
      // No name and no e-mail: whoever accepts evidence refuses tokens that carry them.
      claims: () => ({ sub: subject, employee_number: account.work_id, groups: account.groups ?? [] }),
    };
  }

  /** The subject of whoever proves this work id, or undefined; the same effort either way. */
  signIn(workId, passphrase) {
    this.#refresh();
    const account = this.#byWorkId.get(workId);
    const expected = account?.passphrase ?? this.#passphrase;
    const right = timingSafeEqual(digest(passphrase), digest(expected));
    return account && right ? account.subject : undefined;
  }

  /** An opaque value per account, stable as long as the provider's secret. */
  #subjectOf(workId) {
    return createHmac('sha256', this.#subjectSecret).update(workId, 'utf8').digest('base64url');
  }

  #refresh() {
    const { mtimeNs, size, ino } = statSync(this.#path, { bigint: true });
    const changed = `${mtimeNs} ${size} ${ino}`;
    if (changed === this.#changed) return;
    this.#byWorkId.clear();
    this.#bySubject.clear();
    for (const entry of JSON.parse(readFileSync(this.#path, 'utf8'))) {
      const account = { ...entry, subject: this.#subjectOf(entry.work_id) };
      this.#byWorkId.set(account.work_id, account);
      this.#bySubject.set(account.subject, account);
    }
    this.#changed = changed;
  }
}
