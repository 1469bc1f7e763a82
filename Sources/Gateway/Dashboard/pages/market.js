// The market: its fee, auctions with their bids, offers with the bounds of their prices, and what
// else is dealt in.

import { getJSON, path } from '../base/api.js';
import { h } from '../base/dom.js';
import { link } from '../base/router.js';
import * as units from '../base/units.js';
import { facts, fullHex, heading, panel, shortHex, tile, time } from '../parts/bits.js';
import { deedsOf, deedsTable } from '../parts/deeds.js';
import { nothing } from '../parts/listing.js';
import { livingList } from '../parts/living.js';
import { who } from '../parts/people.js';
import { afterCheckpoints } from '../parts/refresh.js';
import { emptyState, filled } from '../parts/states.js';
import { plainTable } from '../parts/table.js';
import { dealings } from './dealings.js';

const hour = 3600000000000n;

/** Nanoseconds since 1970, by this browser's clock. */
const now = () => BigInt(Date.now()) * 1000000n;

/** Where an auction stands by this browser's clock; the validators' clock decides. */
function phaseOf({ closed, bidsUntil, revealsUntil }) {
  if (closed) return 'closed';
  if (now() < units.big(bidsUntil)) return 'bidding';
  return now() < units.big(revealsUntil) ? 'revealing' : 'to be closed';
}

const phase = (auction) =>
  h('span', { class: 'task-state', 'data-state': phaseOf(auction) }, phaseOf(auction));

const revealed = ({ bids }) => bids.filter(({ price }) => price !== null);

function lowest(auction) {
  return revealed(auction).reduce((least, { price }) =>
    (least === null || units.big(price) < units.big(least) ? price : least), null);
}

const auctionCell = (auction) => h('div', { class: 'two-lines' },
  h('a', { href: link(['market', auction.auction]), title: auction.auction },
    h('code', { class: 'hex' }, auction.auction.slice(0, 10))),
  h('span', { class: 'sub narrow' },
    `${units.credits(auction.reserve)} · bids: ${auction.bids.length}`));

const auctionColumns = [
  { head: 'Auction', cell: auctionCell, kind: 'main' },
  { head: 'State', cell: phase },
  { head: 'Poster', cell: ({ poster }) => who(poster), kind: 'p3' },
  { head: 'Reserve', cell: ({ reserve }) => units.credits(reserve), kind: 'num p2' },
  { head: 'Bids', cell: ({ bids }) => String(bids.length), kind: 'num p2' },
  { head: 'Revealed', cell: (auction) => String(revealed(auction).length), kind: 'num p2' },
  { head: 'Lowest', kind: 'num',
    cell: (auction) => (lowest(auction) === null ? '–' : units.credits(lowest(auction))) },
  { head: 'Reveals until', cell: ({ revealsUntil }) => time(revealsUntil), kind: 'p3' },
];

/** For an hour from its reference a price stays between half and twice of it. */
function breaker({ reference, referenceSince }) {
  const until = units.big(referenceSince) + hour;
  if (now() >= until) return h('span', { class: 'muted' }, 'may change freely');
  const most = units.credits(units.big(reference) * 2n);
  const least = units.credits((units.big(reference) + 1n) / 2n);
  return [`${least} to ${most} until `, time(until)];
}

const offerCell = (offer) => h('div', { class: 'two-lines' },
  h('span', { title: offer.offer }, offer.name),
  h('span', { class: 'sub narrow' }, `${units.credits(offer.pricePerUnit)} a unit`));

const offerColumns = [
  { head: 'Offer', cell: offerCell, kind: 'main' },
  { head: 'State', cell: ({ listed }) =>
    h('span', { class: 'task-state', 'data-state': listed ? 'listed' : 'delisted' },
      listed ? 'listed' : 'delisted') },
  { head: 'Seller', cell: ({ seller }) => who(seller) },
  { head: 'Price', cell: ({ pricePerUnit }) => units.credits(pricePerUnit), kind: 'num p2' },
  { head: 'In use', kind: 'num p2',
    cell: ({ load, capacity }) => `${units.count(load)} of ${units.count(capacity)}` },
  { head: 'Bond', cell: ({ bond }) => units.credits(bond), kind: 'num p3' },
  { head: 'Breaker', cell: breaker, kind: 'p3' },
];

const feeOf = (millionths) => `${millionths / 10000} %`;

function marketTiles({ feeMillionths, votes }) {
  return h('dl', { class: 'tiles' },
    tile('Market fee', feeOf(feeMillionths), 'of what workers are paid'),
    tile('Open votes on it', String(votes.length), votes.length === 0 ? 'nobody wants another'
      : votes.map(({ feeMillionths: fee }) => feeOf(fee)).join(', ')),
    tile('Breaker', '½ to 2 times', 'of an offer’s price within an hour'));
}

/** The page of the market. */
export function marketPage({ signal }) {
  const top = h('div');
  afterCheckpoints(filled(top, signal, () => getJSON('/v1/market', {}, signal), marketTiles),
    signal);
  const auctions = livingList(signal, {
    caption: 'Auctions', columns: auctionColumns, keyOf: ({ auction }) => auction,
    empty: nothing('No auctions yet', 'A task is put up with: althing auction open.'),
  }, '/v1/auctions');
  const offers = livingList(signal, {
    caption: 'Offers', columns: offerColumns, keyOf: ({ offer }) => offer,
    empty: nothing('No offers yet', 'A service is offered with: althing offer add.'),
  }, '/v1/offers');
  const node = h('div', {}, heading('Market'), top,
    panel('Auctions', auctions, { id: 'auctions' }), panel('Offers', offers, { id: 'offers' }),
    ...dealings(signal));
  return { title: 'Market', node };
}

// One auction.

function bidsNode(auction) {
  if (auction.bids.length === 0) {
    return emptyState('Nobody has bid', 'A bid is made with: althing auction bid.');
  }
  const least = lowest(auction);
  const winner = revealed(auction).find(({ price }) => price === least);
  const rows = auction.bids.map((bid) => [
    who(bid.bidder), shortHex(bid.commitment),
    bid.price === null ? h('span', { class: 'muted' }, 'sealed') : units.credits(bid.price),
    bid === winner ? (auction.closed ? 'won' : 'lowest so far') : '',
  ]);
  return h('div', { class: 'list-wrap' }, plainTable('Bids', [{ head: 'Bidder', kind: 'main' },
    { head: 'Commitment', kind: 'p2' }, { head: 'Price', kind: 'num' }, { head: '' }], rows));
}

function aboutAuction(auction) {
  return facts([
    ['Auction', fullHex(auction.auction)], ['Poster', who(auction.poster)],
    ['Paid by', who(auction.payer)],
    ['Mandate', auction.mandate && h('a', { href: link(['law'], { mandate: auction.mandate }) },
      shortHex(auction.mandate))],
    ['Bids until', time(auction.bidsUntil)], ['Reveals until', time(auction.revealsUntil)],
    ['Verification', auction.terms.verification.kind],
    ['Task', auction.closed && revealed(auction).length > 0
      && h('a', { href: link(['tasks', auction.auction]) }, 'what came of it')],
    ['Specification', fullHex(auction.terms.specification)],
  ]);
}

/** The page of the auction `id`. */
export function auctionPage(id, { signal }) {
  const place = h('div');
  const load = () => Promise.all(
    [getJSON(path('auctions', id), {}, signal), deedsOf(id, signal)]);
  const draw = ([auction, deeds]) => [
    heading('Auction', phase(auction)),
    h('dl', { class: 'tiles' }, tile('Reserve', units.credits(auction.reserve), 'is paid at most'),
      tile('Deposit of a bid', units.credits(auction.deposit), 'until it is revealed'),
      tile('Held', units.credits(auction.held)),
      tile('Bids', String(auction.bids.length), `${revealed(auction).length} revealed`)),
    panel('Bids', bidsNode(auction), { id: 'bids' }), panel('Terms', aboutAuction(auction)),
    panel('History', deedsTable(deeds, ['Nothing is in a checkpoint yet']), { id: 'history' }),
  ];
  afterCheckpoints(filled(place, signal, load, draw), signal);
  return { title: 'Auction', node: place };
}
