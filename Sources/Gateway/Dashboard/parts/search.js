// The search box of the header: asks /v1/search while one types and offers what was found.

import { getJSON } from '../base/api.js';
import { h, replace } from '../base/dom.js';
import { link } from '../base/router.js';
import { icon } from './icons.js';
import { asProblem } from './states.js';

const pauseMilliseconds = 180;
const places = {
  run: 'runs', agent: 'agents', record: 'records', batch: 'batches', checkpoint: 'checkpoints',
};

/** Where a hit leads, or null for a kind that we do not know. */
function target({ kind, id }) {
  return Object.hasOwn(places, kind) ? link([places[kind], String(id)]) : null;
}

/** Builds the search box into `form`. */
export function searchBox(form) {
  const results = h('ul', { class: 'hits', id: 'hits', hidden: true, 'aria-label': 'Found' });
  const input = h('input', {
    type: 'search', id: 'q', placeholder: 'Trace id, agent, batch, height', spellcheck: 'false',
    autocomplete: 'off', 'aria-label': 'Search', 'aria-controls': 'hits', maxlength: '200',
  });
  let asking = new AbortController(), timer = 0;

  const close = () => {
    asking.abort();
    clearTimeout(timer);
    results.hidden = true;
  };

  const say = (text) => replace(results, h('li', { class: 'muted hit-note' }, text));

  const offer = (items) => {
    const hits = items.map((item) => [item, target(item)]).filter(([, href]) => href !== null);
    if (hits.length === 0) return say('Nothing found');
    replace(results, hits.map(([{ kind, id, title }, href]) =>
      h('li', {}, h('a', { href, on: { click: close } }, h('span', { class: 'tag' }, kind),
        h('span', { class: 'hit-title' }, title || id), h('code', { class: 'hex' }, id)))));
  };

  const find = async (goToOnly) => {
    const q = input.value.trim();
    close();
    if (q === '') return;
    asking = new AbortController();
    const { signal } = asking;
    results.hidden = false;
    say('Searching');
    try {
      const { items } = await getJSON('/v1/search', { q }, signal);
      offer(items);
      if (!goToOnly || items.length !== 1 || target(items[0]) === null) return;
      close();
      location.hash = target(items[0]);
    } catch (error) {
      if (!signal.aborted) say(`${asProblem(error).title}. ${asProblem(error).detail}`);
    }
  };

  const move = (event) => {
    const stops = [input, ...results.querySelectorAll('a')];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') {
      close();
      input.focus();
    } else if (step && !results.hidden) {
      event.preventDefault();
      stops.at((stops.indexOf(document.activeElement) + step) % stops.length).focus();
    }
  };

  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(find, pauseMilliseconds, false);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    find(true);
  });
  form.addEventListener('keydown', move);
  form.addEventListener('focusout', (event) => {
    if (event.relatedTarget && !form.contains(event.relatedTarget)) close();
  });
  document.addEventListener('click', (event) => {
    if (!form.contains(event.target)) close();
  });
  form.append(icon('search'), input, results);
}
