// What the market deals in besides auctions and offers: standing quotes, teams, licences, covers.

import { h } from '../base/dom.js';
import { link } from '../base/router.js';
import * as units from '../base/units.js';
import { panel, shortHex, time } from '../parts/bits.js';
import { nothing } from '../parts/listing.js';
import { livingList } from '../parts/living.js';
import { who } from '../parts/people.js';

const state = (word) => h('span', { class: 'task-state', 'data-state': word }, word);

const named = (name, id, sub) => h('div', { class: 'two-lines' },
  h('span', { title: id }, name), h('span', { class: 'sub narrow' }, sub));

const percent = (part) => `${part / 100} %`;

const quoteColumns = [
  { head: 'Capability', kind: 'main', cell: ({ capability, quote, unit }) =>
    named(capability, quote, `${units.credits(unit)} a unit`) },
  { head: 'State', cell: ({ open }) => state(open ? 'open' : 'closed') },
  { head: 'Maker', cell: ({ maker }) => who(maker) },
  { head: 'Base', cell: ({ base }) => units.credits(base), kind: 'num p2' },
  { head: 'A unit', cell: ({ unit }) => units.credits(unit), kind: 'num p2' },
  { head: 'Units left', cell: ({ left }) => units.count(left), kind: 'num' },
  { head: 'Until', cell: ({ until }) => time(until), kind: 'p3' },
];

const memberLine = ({ account, part, speciality, joined }) =>
  h('div', {}, who(account), ` ${percent(part)} · ${speciality}`, joined ? '' : ' · not joined');

const partsOf = ({ members }) =>
  members.map(({ part, speciality }) => `${percent(part)} ${speciality}`).join(', ');

const teamColumns = [
  { head: 'Lead', kind: 'main', cell: (team) => h('div', { class: 'two-lines' },
    h('span', {}, who(team.lead)), h('span', { class: 'sub narrow' }, partsOf(team))) },
  { head: 'State', cell: ({ formed }) => state(formed ? 'formed' : 'proposed') },
  { head: 'Of the lead', cell: ({ leadPart }) => percent(leadPart), kind: 'num p2' },
  { head: 'Members', cell: ({ members }) => members.map(memberLine), kind: 'p2' },
  { head: 'Open tasks', cell: ({ openTasks }) => units.count(openTasks), kind: 'num p2' },
];

const licenceColumns = [
  { head: 'To', kind: 'main', cell: ({ name, offer, price }) =>
    named(name, offer, units.credits(price)) },
  { head: 'State', cell: ({ listed }) => state(listed ? 'listed' : 'delisted') },
  { head: 'Seller', cell: ({ seller }) => who(seller) },
  { head: 'Content', cell: ({ content }) => shortHex(content), kind: 'p3' },
  { head: 'Price', cell: ({ price }) => units.credits(price), kind: 'num p2' },
  { head: 'Days', cell: ({ days }) => (days === 0 ? 'for ever' : String(days)), kind: 'num p2' },
  { head: 'Sold', cell: ({ serials, most }) => (units.big(most) === 0n ? units.count(serials)
    : `${units.count(serials)} of ${units.count(most)}`), kind: 'num' },
];

const coverColumns = [
  { head: 'Task', kind: 'main', cell: ({ task, amount }) => h('div', { class: 'two-lines' },
    h('a', { href: link(['tasks', task]) }, shortHex(task)),
    h('span', { class: 'sub narrow' }, units.credits(amount))) },
  { head: 'State', cell: (cover) => state(cover.state) },
  { head: 'Underwriter', cell: ({ underwriter }) => who(underwriter) },
  { head: 'Worker', cell: ({ worker }) => who(worker), kind: 'p3' },
  { head: 'Covers', cell: ({ amount }) => units.credits(amount), kind: 'num p2' },
  { head: 'Premium', cell: ({ premium }) => units.credits(premium), kind: 'num' },
  { head: 'Until', cell: ({ until }) => time(until), kind: 'p3' },
];

const lists = [
  ['Standing quotes', 'quotes', quoteColumns, ({ quote }) => quote, '/v1/quotes',
    ['No quotes yet', 'A price that holds at once is given with: althing quote place.']],
  ['Teams', 'teams', teamColumns, ({ lead }) => lead, '/v1/teams',
    ['No teams yet', 'A team is formed with: althing team form.']],
  ['Licences offered', 'licences', licenceColumns, ({ offer }) => offer, '/v1/licence-offers',
    ['No licences yet', 'Content is offered with: althing licence offer.']],
  ['Covers', 'covers', coverColumns, ({ cover }) => cover, '/v1/covers',
    ['No covers yet', 'A task is covered with: althing cover offer.']],
];

/** The panels of all of them. */
export const dealings = (signal) => lists.map(([caption, id, columns, keyOf, place, empty]) =>
  panel(caption, livingList(signal, { caption, columns, keyOf, empty: nothing(...empty) }, place),
    { id }));
