// Shows the page that the address's hash names: '#/runs/ID?step=X' and so on.

/** Finds the page for a hash; a route is `[pattern, page]`, its groups are the parameters. */
export function resolve(routes, hash) {
  const [place, search = ''] = hash.replace(/^#/, '').split('?');
  const query = new URLSearchParams(search);
  for (const [pattern, page] of routes) {
    const match = pattern.exec(place || '/');
    if (match === null) continue;
    try {
      return { page, place, query, parameters: match.slice(1).map(decodeURIComponent) };
    } catch {
      break; // A broken escape is no address of ours.
    }
  }
  return null;
}

/** The hash of a page: parts are escaped, empty query entries left out. */
export function link(parts, query = {}) {
  const wanted = Object.entries(query).filter(([, value]) => value);
  const search = wanted.length > 0 ? `?${new URLSearchParams(wanted)}` : '';
  return `#/${parts.map(encodeURIComponent).join('/')}${search}`;
}

/** Changes the query of the present address without leaving the page. */
export function setQuery(query) {
  const place = location.hash.replace(/^#/, '').split('?')[0] || '/';
  const wanted = Object.entries(query).filter(([, value]) => value);
  const search = wanted.length > 0 ? `?${new URLSearchParams(wanted)}` : '';
  history.replaceState(null, '', `#${place}${search}`);
}
