// Little pieces that every page uses: digests, times, outcomes, tiles, definition lists.

import { announce, h } from '../base/dom.js';
import { link } from '../base/router.js';
import * as units from '../base/units.js';
import { icon, kindNames } from './icons.js';

/** Eight digits of an identifier and the last four; all of it in the tooltip. */
export function shortHex(hex, { head = 8, tail = 4 } = {}) {
  const text = String(hex ?? '');
  const cut = text.length > head + tail + 1;
  const shown = cut ? `${text.slice(0, head)}…${tail ? text.slice(-tail) : ''}` : text;
  return h('code', { class: 'hex', title: text }, shown);
}

/** A whole identifier that wraps, with a button that copies it. */
export function fullHex(hex) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(hex);
      announce('Copied');
    } catch {
      getSelection().selectAllChildren(code); // No clipboard outside secure contexts.
    }
  };
  const code = h('code', { class: 'hex whole' }, hex);
  return h('span', { class: 'copyable' }, code, h('button', {
    type: 'button', class: 'quiet tiny', 'aria-label': 'Copy', title: 'Copy', on: { click: copy },
  }, icon('copy')));
}

/** A local time with the exact one in UTC as tooltip. */
export function time(ns) {
  const at = units.dateOf(ns);
  const machine = Number.isNaN(at.getTime()) ? null : at.toISOString();
  return h('time', { datetime: machine, title: units.utcTime(ns) }, units.localTime(ns));
}

/** Outcomes bear a word, not only a colour. */
export const outcome = (name) =>
  h('span', { class: 'outcome', 'data-outcome': name }, name ?? 'unknown');

/** How final something is. */
export function finality(name) {
  const final = name === 'checkpointFinal';
  const title = final ? 'Signed by the validators in a checkpoint'
    : 'Signed by the submitter; a checkpoint follows';
  return h('span', { class: 'finality', 'data-final': String(final), title },
    final ? 'checkpoint' : 'agent');
}

/** The icon of a kind with its name as tooltip and for screen readers. */
export function kindMark(kind) {
  const name = kindNames[Object.hasOwn(kindNames, kind) ? kind : 'other'];
  return h('span', { class: 'kind', 'data-kind': kind, title: name }, icon(kind),
    h('span', { class: 'unseen' }, `${name}: `));
}

/** One number with its name. `note` stands below in small. */
export function tile(name, value, note) {
  return h('div', { class: 'tile' }, h('dt', {}, name),
    h('dd', {}, h('span', { class: 'tile-value' }, value),
      note && h('span', { class: 'note' }, note)));
}

/** A definition list of `[name, value]`; entries without a value are left out. */
export function facts(entries) {
  const absent = [null, undefined, '', false];
  const present = entries.filter(([, value]) => !absent.includes(value));
  return h('dl', { class: 'facts' }, present.map(([name, value]) =>
    h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

/** Links to things by their identifiers. */
export const linkTo = {
  run: (run, text) => h('a', { href: link(['runs', run]) }, text ?? shortHex(run)),
  agent: (id, name) => h('a', { href: link(['agents', id]), title: id }, name || shortHex(id)),
  batch: (number) => h('a', { href: link(['batches', number]) }, `#${number}`),
  checkpoint: (height) => h('a', { href: link(['checkpoints', height]) }, `#${height}`),
  record: (id) => h('a', { href: link(['records', id]) }, h('code', { class: 'hex' }, id)),
};

/** A page's heading with what stands beside it. */
export const heading = (title, ...beside) =>
  h('div', { class: 'heading' }, h('h1', {}, title), h('div', { class: 'beside' }, beside));

/** A panel with a title. */
export const panel = (title, content, { beside = null, id = null } = {}) =>
  h('section', { class: 'panel', id },
    h('div', { class: 'panel-head' }, h('h2', {}, title), beside), content);
