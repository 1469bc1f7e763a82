// All runs, newest first, with a filter by trace id, agent and time.

import { Problem, getJSON, path } from '../base/api.js';
import { h, replace } from '../base/dom.js';
import { listen } from '../base/live.js';
import { link } from '../base/router.js';
import * as units from '../base/units.js';
import { finality, heading, linkTo, outcome, time } from '../parts/bits.js';
import { listing, nothing } from '../parts/listing.js';

const nanoseconds = (milliseconds) => (BigInt(Math.round(milliseconds)) * 1000000n).toString();

/** A run's name, and a line with the numbers that narrow screens leave out. */
function nameCell(run) {
  const tokens = `${units.count(run.tokens?.input)} in, ${units.count(run.tokens?.output)} out`;
  const steps = `${run.records} ${run.records === 1 ? 'step' : 'steps'}`;
  return h('div', { class: 'two-lines' }, linkTo.run(run.run, run.name || 'unnamed'),
    h('span', { class: 'sub narrow' },
      `${run.agentName ?? ''} · ${steps} · ${tokens} · ${units.credits(run.cost)}`));
}

/** What tells runs apart. Their order is that of arrival: imported runs started long ago. */
export const runIdentity = { keyOf: (run) => run.run };

/** Columns of a table of runs; `agent` is left out on an agent's own page. */
export function runColumns({ withAgent = true } = {}) {
  const columns = [
    { head: 'Run', cell: nameCell, kind: 'main' },
    { head: 'Agent', cell: (run) => linkTo.agent(run.agent, run.agentName), kind: 'p2' },
    { head: 'Steps', cell: (run) => units.count(run.records), kind: 'num p2' },
    { head: 'Tokens in', cell: (run) => units.count(run.tokens?.input), kind: 'num p2' },
    { head: 'Tokens out', cell: (run) => units.count(run.tokens?.output), kind: 'num p2' },
    { head: 'Cost', cell: (run) => units.credits(run.cost), kind: 'num p2' },
    { head: 'Duration', cell: (run) => units.duration(run.duration), kind: 'num p3' },
    { head: 'Outcome', cell: (run) => outcome(run.outcome) },
    { head: 'Final', cell: (run) => finality(run.finality), kind: 'p3' },
    { head: 'Start', cell: (run) => time(run.start), kind: 'num' },
  ];
  return withAgent ? columns : columns.filter(({ head }) => head !== 'Agent');
}

/** What to do on a node without runs. */
export const noRuns = () => nothing('No runs yet',
  'Point an OpenTelemetry exporter at this address: ',
  h('code', {}, `OTEL_EXPORTER_OTLP_ENDPOINT=${location.origin}`));

/** The agent that a name or an identifier means. */
async function agentID(text, signal) {
  if (text === '' || /^[0-9a-f]{64}$/.test(text)) return text;
  const { items } = await getJSON('/v1/agents', { name: text }, signal);
  const agent = items.find(({ name }) => name === text) ?? items[0];
  if (agent) return agent.agent;
  throw new Problem({ title: 'No such agent', detail: `No agent's name holds "${text}".` });
}

/** Local date and time of a form field as nanoseconds, or an empty string. */
function fieldTime(value) {
  const at = value === '' ? NaN : new Date(value).getTime();
  return Number.isNaN(at) ? '' : nanoseconds(at);
}

/** What a form field shows for nanoseconds. */
function timeField(ns) {
  if (!ns) return '';
  const at = units.dateOf(ns);
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60000);
  return Number.isNaN(local.getTime()) ? '' : local.toISOString().slice(0, 16);
}

const ranges = [['15 minutes', 900e3], ['1 hour', 3600e3], ['24 hours', 86400e3], ['All', null]];

function filterForm(query, agents) {
  const field = (label, name, props = {}) => h('label', { class: 'field' }, label,
    h('input', { name, value: query.get(name) ?? '', ...props }));
  const go = (changes) => {
    location.hash = link(['runs'], { ...Object.fromEntries(query), ...changes });
  };
  const ago = (milliseconds) => ({
    since: milliseconds === null ? '' : nanoseconds(Date.now() - milliseconds), until: '',
  });
  const submit = (event) => {
    event.preventDefault();
    const of = (name) => form.elements[name].value.trim();
    go({ trace: of('trace').toLowerCase(), agent: of('agent'), since: fieldTime(of('since')),
      until: fieldTime(of('until')) });
  };
  const moment = (label, name) => field(label, name, {
    type: 'datetime-local', value: timeField(query.get(name)),
  });
  const form = h('form', { class: 'filter', id: 'filter', on: { submit } },
    field('Trace id', 'trace', { spellcheck: 'false', maxlength: '32', class: 'hex' }),
    field('Agent', 'agent', { list: 'agent-names', autocomplete: 'off' }), agents,
    moment('From', 'since'), moment('Until', 'until'),
    h('div', { class: 'actions' }, h('button', { type: 'submit', class: 'primary' }, 'Search'),
      h('div', { class: 'chips', role: 'group', 'aria-label': 'Started in the last' },
        ranges.map(([name, length]) => h('button', { type: 'button', class: 'chip',
          on: { click: () => go(ago(length)) } }, name)))));
  return form;
}

/** The page of all runs. */
export function runsPage({ signal, query }) {
  const names = h('datalist', { id: 'agent-names' });
  getJSON('/v1/agents', { limit: 100 }, signal).then(({ items }) =>
    replace(names, items.map(({ name }) => h('option', { value: name }))), () => {
    // Without suggestions one types the name.
  });
  const slot = h('div'), table = h('section', { class: 'panel' });
  let life = new AbortController();

  const fill = (wanted) => {
    life.abort();
    life = new AbortController();
    signal.addEventListener('abort', () => life.abort(), { once: true });
    replace(slot, filterForm(wanted, names));
    const { trace = '', agent = '', since = '', until = '' } = Object.fromEntries(wanted);
    const isFiltered = Boolean(trace || agent || since || until);
    const load = async (cursor) => getJSON('/v1/runs', {
      trace, agent: await agentID(agent, life.signal), since, until, cursor }, life.signal);
    const list = listing({
      caption: 'Runs', columns: runColumns(), ...runIdentity, load, signal: life.signal,
      empty: isFiltered ? nothing('No run matches', h('a', { href: '#/runs' }, 'Show all runs'))
        : noRuns(),
    });
    replace(table, list.node);
    if (!isFiltered) listen('run', list.arrive, life.signal);
  };
  fill(query);
  return { title: 'Runs', node: h('div', {}, heading('Runs'), slot, table), update: fill };
}

/** A table of one agent's runs. */
export function agentRuns(agent, signal) {
  const list = listing({
    caption: 'Runs of this agent', columns: runColumns({ withAgent: false }),
    ...runIdentity, signal, empty: nothing('No runs yet'),
    load: (cursor) => getJSON(path('runs'), { agent, cursor }, signal),
  });
  listen('run', (run) => run.agent === agent && list.arrive(run), signal);
  return list.node;
}
