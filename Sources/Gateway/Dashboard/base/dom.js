// Builds HTML and SVG elements. Text goes in as text only: what is shown is often hostile.

const svgNamespace = 'http://www.w3.org/2000/svg';

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) {
        element.addEventListener(event, listener);
      }
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  append(element, children);
  return element;
}

/** Appends nodes and texts; arrays are flattened, null and false left out. */
export function append(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** An HTML element: `props` are attributes, and `on: {event: listener}`. */
export const h = (tag, props, ...children) =>
  fill(document.createElement(tag), props, children);

/** An SVG element. */
export const s = (tag, props, ...children) =>
  fill(document.createElementNS(svgNamespace, tag), props, children);

/** Puts `children` in place of what `element` holds. */
export function replace(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

/** Makes `change` to what `container` holds and gives the focus back to the same thing after it. */
export function keepingFocus(container, change) {
  const held = document.activeElement;
  const isInside = container.contains(held);
  const href = held?.getAttribute('href'), step = held?.closest('[data-step]')?.dataset.step;
  change();
  if (!isInside || document.activeElement === held) return;
  const find = (selector) => container.querySelector(selector);
  const again = held.isConnected ? held
    : held.id ? find(`#${CSS.escape(held.id)}`)
      : href ? find(`a[href="${CSS.escape(href)}"]`)
        : step ? find(`[data-step="${CSS.escape(step)}"] .step-name`) : null;
  again?.focus({ preventScroll: true });
}

/** Says `text` to screen readers. */
export function announce(text) {
  document.getElementById('announce').textContent = text;
}

/** Keeps something in the browser's storage; storage may be forbidden, then nothing is kept. */
export const memory = {
  get(name) {
    try {
      return localStorage.getItem(`althing.${name}`);
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(`althing.${name}`, value);
    } catch {
      // The caller works without it.
    }
  },
};
