/** What became of a session: how many kinds of secrets were overwritten here, and which of the authorities said that it is over. */

export type Authority = 'gateway' | 'keyvault' | 'identity';

export interface FarewellRecord {
  readonly erased: readonly string[];
  readonly confirmed: readonly Authority[];
  readonly unconfirmed: readonly Authority[];
}
