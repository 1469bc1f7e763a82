// A small line of the last values, in SVG.

import { s } from '../base/dom.js';

const width = 240, height = 44;

/** `values` from old to new; `label` says in words what is drawn. */
export function sparkline(values, label) {
  const top = Math.max(1e-9, ...values);
  const step = width / Math.max(1, values.length - 1);
  const points = values.map((value, i) =>
    `${(i * step).toFixed(1)},${(height - 3 - (value / top) * (height - 6)).toFixed(1)}`);
  const line = points.join(' ');
  return s('svg', { class: 'sparkline', viewBox: `0 0 ${width} ${height}`, role: 'img',
    preserveAspectRatio: 'none', 'aria-label': label },
  s('line', { class: 'floor', x1: 0, x2: width, y1: height - 3, y2: height - 3 }),
  values.length > 1 && [
    s('polygon', { points: `0,${height - 3} ${line} ${width},${height - 3}` }),
    s('polyline', { points: line }),
  ]);
}
