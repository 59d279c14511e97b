/** Proofs about hash trees (RFC 9162 section 2.1): one hash stands for a list of leaves, short proofs for one of them. Sizes are below 2^53. */

import { equal, sha256, type Bytes } from './encoding.js';

const [LEAF, NODE] = [Uint8Array.of(0), Uint8Array.of(1)];

/** A proof does not lead from what it is about to the root. */
export class MerkleRefused extends Error {
  constructor() {
    super('a path that does not lead to the root');
  }
}

export function leafHash(leaf: Bytes): Promise<Bytes> {
  return sha256(LEAF!, leaf);
}

function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(NODE!, left, right);
}

/** Throws MerkleRefused unless `leaf` is number `index` of the `size` leaves under this root (section 2.1.3.2). */
export async function verifyInclusion(root: Bytes, leaf: Bytes, index: number, size: number, path: readonly Bytes[]): Promise<void> {
  if (!(index >= 0 && index < size)) throw new MerkleRefused();
  let found = await leafHash(leaf);
  let climb: Climb = { at: index, last: size - 1 };
  for (const sibling of path) {
    if (climb.last === 0) throw new MerkleRefused();
    if (isRight(climb)) {
      found = await nodeHash(sibling, found);
      climb = pastRightEdge(climb);
    } else {
      found = await nodeHash(found, sibling);
    }
    climb = up(climb);
  }
  if (climb.last !== 0 || !equal(found, root)) throw new MerkleRefused();
}

/** Throws MerkleRefused unless the `first` leaves under one root begin the `second` under the other (section 2.1.4.2). */
export async function verifyConsistency(firstRoot: Bytes, first: number, secondRoot: Bytes, second: number, path: readonly Bytes[]): Promise<void> {
  if (!(first > 0 && first <= second)) throw new MerkleRefused();
  if (first === second) {
    if (path.length > 0 || !equal(firstRoot, secondRoot)) throw new MerkleRefused();
    return;
  }
  let climb: Climb = { at: first - 1, last: second - 1 };
  while (climb.at % 2 === 1) climb = up(climb);
  // A complete first tree is a node of the second one, and is left out of the path.
  const [start, ...rest] = climb.at === 0 ? [firstRoot, ...path] : path;
  if (!start) throw new MerkleRefused();
  let [old, fresh] = [start, start];
  for (const sibling of rest) {
    if (climb.last === 0) throw new MerkleRefused();
    if (isRight(climb)) {
      [old, fresh] = await Promise.all([nodeHash(sibling, old), nodeHash(sibling, fresh)]);
      climb = pastRightEdge(climb);
    } else {
      fresh = await nodeHash(fresh, sibling);
    }
    climb = up(climb);
  }
  if (climb.last !== 0 || !equal(old, firstRoot) || !equal(fresh, secondRoot)) throw new MerkleRefused();
}

/** A node's number on its level, and the last one's there. */
interface Climb {
  readonly at: number;
  readonly last: number;
}

function isRight({ at, last }: Climb): boolean {
  return at % 2 === 1 || at === last;
}

function up({ at, last }: Climb): Climb {
  return { at: Math.floor(at / 2), last: Math.floor(last / 2) };
}

/** From a node without a right sibling to where it is joined from the left. */
function pastRightEdge(climb: Climb): Climb {
  let found = climb;
  while (found.at % 2 === 0 && found.at > 0) found = up(found);
  return found;
}
