/** What the page of one's details needs: what the insurer has, empty where it has nothing. */

export const WISHED = ['postcode', 'address', 'telephone', 'email'] as const;
export type Wished = (typeof WISHED)[number];

export const FIXED = ['member_number', 'name', 'kana', 'birth_date', 'sex', 'relation', 'site', 'department'] as const;

export type ProfileRecord = Readonly<Record<Wished | (typeof FIXED)[number], string>>;

/** What is to be changed. */
export type Wishes = Partial<Record<Wished, string>>;
