// Lists of what the ledger holds, brought up to date with each checkpoint.

import { getJSON } from '../base/api.js';
import { listing } from './listing.js';
import { afterCheckpoints } from './refresh.js';

/** A list of what `place` answers; `options` are those of `listing`. */
export function livingList(signal, options, place) {
  const load = (cursor) => getJSON(place, { cursor }, signal);
  const list = listing({ ...options, signal, load });
  afterCheckpoints(() => load(null).then(({ items }) => items.forEach(list.arrive), () => {
    // The stream of events shows that the connection is lost.
  }), signal);
  return list.node;
}
