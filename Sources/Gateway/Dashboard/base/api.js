// Asks the node's REST interface; every failure becomes a Problem that can be shown.

/** A refusal (RFC 9457) or a failure to reach the node. `id` is the correlation id. */
export class Problem extends Error {
  constructor({ status = 0, title, detail = '', type = '', instance = null }) {
    super(title);
    Object.assign(this, { status, title, detail, type, id: instance });
  }
}

async function problemOf(response) {
  const instance = response.headers.get('X-Correlation-Id');
  const fallback = { status: response.status, title: `The node answered ${response.status}` };
  try {
    const { title, detail, type, instance: own } = await response.json();
    const texts = { title: String(title ?? fallback.title), detail: String(detail ?? '') };
    return new Problem({ ...fallback, ...texts, type, instance: own ?? instance });
  } catch {
    return new Problem({ ...fallback, detail: response.statusText, instance });
  }
}

async function ask(path, query, signal) {
  const wanted = Object.entries(query ?? {}).filter(([, value]) => value);
  const search = wanted.length > 0 ? `?${new URLSearchParams(wanted)}` : '';
  let response;
  try {
    response = await fetch(path + search, { signal, headers: { Accept: 'application/json, */*' } });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem({
      title: 'The node cannot be reached', detail: 'No answer from this address.',
    });
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

/** The JSON at `path`; `query` entries that are empty are left out. Throws Problem. */
export async function getJSON(path, query, signal) {
  const response = await ask(path, query, signal);
  try {
    return await response.json();
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    const instance = response.headers.get('X-Correlation-Id');
    throw new Problem({
      status: response.status, title: 'The answer is not JSON', detail: error.message, instance,
    });
  }
}

/** The exact bytes at `path` and their content type. Throws Problem. */
export async function getBytes(path, signal) {
  const response = await ask(path, {}, signal);
  const type = (response.headers.get('Content-Type') ?? '').split(';')[0].trim();
  return { bytes: new Uint8Array(await response.arrayBuffer()), type };
}

/** `parts` as a path, each of them escaped. */
export const path = (...parts) => `/v1/${parts.map(encodeURIComponent).join('/')}`;
