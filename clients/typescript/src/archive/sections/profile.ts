/** The personal record. */

import { patient, PATIENT_URL } from '../../fhir/index.js';
import { coded, words, type Section, type Words } from '../section.js';

const FIELDS: Readonly<Record<string, Words>> = {
  member_number: words('記号・番号', 'Member number'),
  name: words('氏名', 'Name'),
  kana: words('カナ氏名', 'Name in kana'),
  birth_date: words('生年月日', 'Birth date'),
  sex: words('性別', 'Sex'),
  relation: words('区分', 'Relation'),
  postcode: words('郵便番号', 'Postcode'),
  address: words('住所', 'Address'),
  telephone: words('電話番号', 'Telephone'),
  email: words('メール', 'E-mail'),
  site: words('事業所', 'Site'),
  department: words('部署', 'Department'),
};
const CODES: Readonly<Record<string, Words>> = {
  male: words('男性', 'male'),
  female: words('女性', 'female'),
  insured: words('被保険者', 'insured'),
  dependant: words('被扶養者', 'dependant'),
};

export const PROFILE: Section = {
  name: 'profile',
  title: words('登録情報', 'Profile'),
  columns: { field: words('項目', 'Field'), value: words('内容', 'Value') },
  read: async (session) => {
    const said: Readonly<Record<string, string>> = session.profile;
    const rows = Object.entries(FIELDS)
      .filter(([name]) => said[name])
      .map(([name, field]) => [coded(name, field), coded(said[name]!, CODES[said[name]!])]);
    return { rows, resources: [[PATIENT_URL, patient(session.profile)]] };
  },
};
