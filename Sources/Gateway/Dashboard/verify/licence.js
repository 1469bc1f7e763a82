// What the receipt of a licence shows (docs/spec/receipt.md §7).

import { equal, fromLittle } from './bytes.js';

const kinds = { owner: 1, agent: 2, licence: 47 };

/** Bytes of a licence's value. */
const licenceBytes = 217;

/** Whether the value begins with the identifier in its key. */
const namesItself = ({ key, value }) => equal(key.subarray(1), value.subarray(0, 32));

/** The licence of a receipt, or null where the first entry is none; `until` is 0 for ever. */
export function licenceOf({ licence: entry }) {
  const { key, value } = entry;
  if (key[0] !== kinds.licence || value.length !== licenceBytes || !namesItself(entry)) return null;
  const part = (from, to) => value.subarray(from, to);
  return {
    id: part(0, 32), offer: part(32, 64), serial: fromLittle(part(64, 72)), seller: part(72, 104),
    holder: part(104, 136), content: part(136, 168), wording: part(168, 200),
    from: fromLittle(part(200, 208)), until: fromLittle(part(208, 216)),
  };
}

/** Whether the other entry is that of the licence's holder, an owner or an agent. */
export function isHolders({ holder: entry }, licence) {
  const { key } = entry;
  return (key[0] === kinds.owner || key[0] === kinds.agent) && namesItself(entry)
    && equal(key.subarray(1), licence.holder);
}

/** `agent` or `owner`. */
export const kindOfHolder = ({ holder: { key } }) => (key[0] === kinds.agent ? 'agent' : 'owner');
