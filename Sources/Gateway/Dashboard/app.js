// Starts the dashboard: frame, search, theme, connection state, and the page for the address.

import { getJSON } from './base/api.js';
import { announce, h, memory, replace } from './base/dom.js';
import { connect, listen, streamState } from './base/live.js';
import { link, resolve } from './base/router.js';
import { icon } from './parts/icons.js';
import { searchBox } from './parts/search.js';
import { emptyState } from './parts/states.js';
import { agentPage, agentsPage } from './pages/agents.js';
import { batchPage, batchesPage } from './pages/batches.js';
import { checkpointPage, checkpointsPage } from './pages/checkpoints.js';
import { governedPage } from './pages/governed.js';
import { lawPage } from './pages/law.js';
import { auctionPage, marketPage } from './pages/market.js';
import { orderPage } from './pages/order.js';
import { overviewPage } from './pages/overview.js';
import { receiptsPage } from './pages/receipts.js';
import { recordPage } from './pages/record.js';
import { runPage } from './pages/run.js';
import { runsPage } from './pages/runs.js';
import { taskPage, tasksPage } from './pages/tasks.js';
import { validatorsPage } from './pages/validators.js';

const places = [
  ['Overview', ''], ['Runs', 'runs'], ['Agents', 'agents'], ['Tasks', 'tasks'],
  ['Market', 'market'], ['Law', 'law'], ['Batches', 'batches'], ['Checkpoints', 'checkpoints'],
  ['Order', 'order'], ['Validators', 'validators'], ['Receipts', 'receipts'],
];

const routes = [
  [/^\/$/, overviewPage],
  [/^\/runs$/, runsPage],
  [/^\/runs\/([^/]+)$/, runPage],
  [/^\/records\/([^/]+)$/, recordPage],
  [/^\/agents$/, agentsPage],
  [/^\/agents\/([^/]+)$/, agentPage],
  [/^\/batches$/, batchesPage],
  [/^\/batches\/([^/]+)$/, batchPage],
  [/^\/checkpoints$/, checkpointsPage],
  [/^\/checkpoints\/([^/]+)$/, checkpointPage],
  [/^\/order$/, orderPage],
  [/^\/validators$/, validatorsPage],
  [/^\/receipts$/, receiptsPage],
  [/^\/tasks$/, tasksPage],
  [/^\/tasks\/([^/]+)$/, taskPage],
  [/^\/market$/, marketPage],
  [/^\/market\/([^/]+)$/, auctionPage],
  [/^\/law$/, lawPage],
  [/^\/law\/([^/]+)$/, governedPage],
];

const main = document.getElementById('main');
const nav = document.getElementById('nav');
let leaving = new AbortController();
let shown = null;

/** A page is `(context) -> {title, node, update?}`; `update(query)` handles a changed query. */
function show() {
  const found = resolve(routes, location.hash);
  const place = found?.place ?? location.hash;
  if (shown?.update && shown.place === place) {
    shown.update(found.query);
    return;
  }
  leaving.abort();
  leaving = new AbortController();
  const context = { ...found, signal: leaving.signal };
  const page = found?.page(...(found.parameters ?? []), context) ?? unknownPage();
  document.title = `${page.title} · Althing`;
  replace(main, page.node);
  const first = shown === null;
  shown = { ...page, place };
  mark(place);
  if (first) return;
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
  announce(page.title);
}

function unknownPage() {
  const node = emptyState('There is no such page', h('a', { href: '#/' }, 'Go to the overview'));
  return { title: 'Not found', node };
}

function mark(place) {
  const current = place.split('/')[1] ?? '';
  for (const anchor of nav.children) {
    const isCurrent = anchor.dataset.place === (current === 'records' ? 'runs' : current);
    if (!isCurrent) {
      anchor.removeAttribute('aria-current');
      continue;
    }
    anchor.setAttribute('aria-current', 'page');
    nav.scrollLeft = anchor.offsetLeft - nav.offsetLeft - 40;
  }
}

function themeButton() {
  const dark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  };
  const toggle = () => {
    document.documentElement.dataset.theme = dark() ? 'light' : 'dark';
    memory.set('theme', document.documentElement.dataset.theme);
  };
  const label = 'Switch between light and dark';
  return h('button', { type: 'button', class: 'quiet', title: label, 'aria-label': label,
    id: 'theme', on: { click: toggle } }, icon('contrast'));
}

function connectionMark() {
  const texts = {
    connecting: 'Connecting', live: 'Live', lost: 'Connection lost, trying again',
  };
  const text = h('span', { class: 'connection-text' });
  const mark = h('span', { class: 'connection', id: 'connection', role: 'status' },
    h('span', { class: 'lamp' }), text);
  const draw = (state) => {
    mark.dataset.state = state;
    mark.title = texts[state];
    text.textContent = texts[state].split(',')[0];
  };
  draw(streamState());
  listen('state', draw);
  return mark;
}

const banner = document.getElementById('banner');

function showMode(status) {
  banner.hidden = status.mode !== 'development';
  if (banner.hidden || banner.hasChildNodes()) return;
  replace(banner, h('strong', {}, 'Development mode. '),
    'Keys and tokens of this node are not secret: do not use it for records that matter.');
}

for (const [title, place] of places) {
  nav.append(h('a', { href: link([place]), 'data-place': place }, title));
}
searchBox(document.getElementById('search'));
document.getElementById('tools').append(connectionMark(), themeButton());
document.getElementById('skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
listen('status', showMode);
addEventListener('hashchange', show);
show();
connect();
getJSON('/v1/status').then(showMode, () => {
  // The page itself shows what failed; the banner waits for a status event.
});
