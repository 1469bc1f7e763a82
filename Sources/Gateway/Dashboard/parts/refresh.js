// Draws a page anew after checkpoints: lists of the law and the market have no events of their own.

import { listen } from '../base/live.js';

/** Checkpoints come several times a second on a busy chain. */
const pauseMilliseconds = 2000;

/** Calls `refill` after a checkpoint, at most once in two seconds, while the page is looked at. */
export function afterCheckpoints(refill, signal) {
  let timer = 0;
  listen('checkpoint', () => {
    if (timer !== 0 || document.hidden) return;
    timer = setTimeout(() => {
      timer = 0;
      if (!signal.aborted) refill();
    }, pauseMilliseconds);
  }, signal);
  signal.addEventListener('abort', () => clearTimeout(timer));
}
