// Turns the quantities of the interface (decimal strings) into text for people.

const grouped = new Intl.NumberFormat('en');

/** The BigInt of a decimal string; zero for anything else, since the node may be of any version. */
export function big(value) {
  return /^[0-9]+$/.test(String(value ?? '')) ? BigInt(value) : 0n;
}

/** 1,234,567 */
export const count = (value) => grouped.format(big(value));

/** Nano-credits as credits: up to nine decimals, trailing zeros trimmed, "0.0021 cr". */
export function credits(nano) {
  return `${decimal(big(nano), 9)} cr`;
}

/** Micro-credits as credits. */
export const gas = (micro) => `${decimal(big(micro), 6)} cr`;

function decimal(value, places) {
  const unit = 10n ** BigInt(places);
  const fraction = (value % unit).toString().padStart(places, '0').replace(/0+$/, '');
  return grouped.format(value / unit) + (fraction ? `.${fraction}` : '');
}

/** Three significant digits, without an exponent. */
function significant(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Nanoseconds: "850 µs", "12.3 ms", "1.24 s", "2 m 05 s", "1 h 03 m". */
export function duration(ns) {
  const value = Number(big(ns));
  if (value < 1e3) return `${value} ns`;
  if (value < 999.5e3) return `${significant(value / 1e3)} µs`;
  if (value < 999.5e6) return `${significant(value / 1e6)} ms`;
  if (value < 59.95e9) return `${significant(value / 1e9)} s`;
  const seconds = Math.round(value / 1e9), minutes = Math.floor(seconds / 60);
  const two = (part) => String(part).padStart(2, '0');
  if (minutes < 60) return `${minutes} m ${two(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${two(minutes % 60)} m`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Bytes: "812 B", "3.40 KiB". */
export function size(bytes) {
  let value = Number(big(bytes)), unit = 0;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : significant(value)} ${units[unit]}`;
}

/** A rate, "1,234 /s". */
export function rate(value) {
  const isSmall = value < 10;
  const text = isSmall ? value.toFixed(1).replace(/\.0$/, '') : grouped.format(Math.round(value));
  return `${text} /s`;
}

/** The JavaScript date of nanoseconds since 1970. */
export const dateOf = (ns) => new Date(Number(big(ns) / 1000000n));

const two = (value) => String(value).padStart(2, '0');

/** Local time: "14:03:22" today, "2026-11-20 14:03" on other days. */
export function localTime(ns, today = new Date()) {
  const at = dateOf(ns);
  if (Number.isNaN(at.getTime())) return 'unknown';
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (at.toDateString() === today.toDateString()) return `${clock}:${two(at.getSeconds())}`;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock}`;
}

/** "2026-11-20 13:03:22.123456789 UTC" */
export function utcTime(ns) {
  const at = dateOf(ns);
  if (Number.isNaN(at.getTime())) return 'unknown';
  const fraction = (big(ns) % 1000000000n).toString().padStart(9, '0');
  return `${at.toISOString().slice(0, 19).replace('T', ' ')}.${fraction} UTC`;
}
