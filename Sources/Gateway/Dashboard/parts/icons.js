// Small line icons, drawn here: one per kind of record, and those of the frame.

import { s } from '../base/dom.js';

/** Strokes on a field of 16 × 16. */
const strokes = {
  run: ['M4 2.8v10.4L13 8z'],
  modelCall: ['M8 1.8l1.6 4.6 4.6 1.6-4.6 1.6L8 14.2 6.4 9.6 1.8 8l4.6-1.6z'],
  toolCall: ['M8.6 7.4L2.8 13.2', 'M13.8 4.6a3.3 3.3 0 1 1-2.4-2.4L9.8 3.8v2.4h2.4z'],
  handOff: ['M2 5.4h10', 'M9.4 2.6L12.4 5.4 9.4 8.2', 'M14 10.6H4', 'M6.6 7.9L3.6 10.6l3 2.8'],
  retrieval: ['M7 2.4a4.6 4.6 0 1 1 0 9.2 4.6 4.6 0 0 1 0-9.2z', 'M10.4 10.4l3.4 3.4'],
  memory: ['M3 4c0-1 2.2-1.8 5-1.8S13 3 13 4s-2.2 1.8-5 1.8S3 5 3 4z',
    'M3 4v8c0 1 2.2 1.8 5 1.8s5-.8 5-1.8V4', 'M3 8c0 1 2.2 1.8 5 1.8S13 9 13 8'],
  other: ['M8 3.6a4.4 4.4 0 1 1 0 8.8 4.4 4.4 0 0 1 0-8.8z'],
  contrast: ['M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2z', 'M8 2v12', 'M10.5 3v10', 'M13 5v6'],
  search: ['M7 2.4a4.6 4.6 0 1 1 0 9.2 4.6 4.6 0 0 1 0-9.2z', 'M10.4 10.4l3.4 3.4'],
  copy: ['M5.5 5.5h8v8h-8z', 'M10.5 5.5v-3h-8v8h3'],
  tick: ['M2.8 8.6l3.4 3.4 7-8'],
  cross: ['M3.6 3.6l8.8 8.8', 'M12.4 3.6l-8.8 8.8'],
  chevron: ['M5.6 3.4L10.4 8l-4.8 4.6'],
  close: ['M3.6 3.6l8.8 8.8', 'M12.4 3.6l-8.8 8.8'],
  clock: ['M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2z', 'M8 4.6V8l2.6 1.8'],
};

/** Names of the kinds for people. */
export const kindNames = {
  run: 'Run', modelCall: 'Model call', toolCall: 'Tool call', handOff: 'Hand-off',
  retrieval: 'Retrieval', memory: 'Memory', other: 'Other',
};

/** An icon; decoration only, so hidden from screen readers. */
export function icon(name) {
  const drawn = strokes[Object.hasOwn(strokes, name) ? name : 'other'];
  return s('svg', { class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    drawn.map((d) => s('path', { d })));
}
