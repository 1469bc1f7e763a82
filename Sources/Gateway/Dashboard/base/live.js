// The node's stream of events, shared by all pages; it reconnects and resumes by itself.

const names = ['run', 'batch', 'checkpoint', 'agent', 'status', 'commit'];
const listeners = new Map([...names, 'state', 'resync'].map((name) => [name, new Set()]));
const longestPause = 15000;

let source = null, pause = 1000, state = 'connecting', everOpen = false;

function tell(name, value) {
  for (const listener of [...listeners.get(name)]) listener(value);
}

function become(next) {
  if (next === state) return;
  state = next;
  tell('state', state);
}

/** 'connecting', 'live' or 'lost'. */
export const streamState = () => state;

/** Calls `listener` for each event `name` until `signal` aborts. Beside the node's events there are
 *  `state` (a new connection state) and `resync` (events may have been missed: ask again). */
export function listen(name, listener, signal) {
  listeners.get(name).add(listener);
  signal?.addEventListener('abort', () => listeners.get(name).delete(listener));
}

function opened() {
  pause = 1000;
  if (state === 'lost' && everOpen) tell('resync');
  everOpen = true;
  become('live');
}

/** The browser reconnects with Last-Event-ID after a break, but gives up after an error answer. */
function failed() {
  become('lost');
  if (source.readyState !== EventSource.CLOSED) return;
  setTimeout(connect, pause);
  pause = Math.min(2 * pause, longestPause);
}

/** Opens the stream; once, at the start. */
export function connect() {
  source = new EventSource('/v1/events');
  source.addEventListener('open', opened);
  source.addEventListener('error', failed);
  for (const name of names) {
    source.addEventListener(name, (event) => {
      let value;
      try {
        value = JSON.parse(event.data);
      } catch {
        return; // An event of a form we do not know is no event for us.
      }
      tell(name, value);
    });
  }
}
