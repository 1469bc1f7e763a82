// Remembers the chain that was met first, so that another one is noticed later.

import { memory } from '../base/dom.js';

const name = 'chain';

/** The digest of the genesis trusted so far, or null. */
export function pinnedChain() {
  const chain = memory.get(name);
  return /^[0-9a-f]{64}$/.test(chain ?? '') ? chain : null;
}

/** Trusts `chain` from now on. */
export const pinChain = (chain) => memory.set(name, chain);
