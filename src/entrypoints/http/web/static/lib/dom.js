/**
 * Builds DOM elements from data. Strings always become text nodes, so no filename and no transcript is ever parsed.
 *
 * @module
 */

/** @typedef {Node | string | number | null | undefined | false | Child[]} Child */
/**
 * @typedef {Record<string, any> & {
 *   class?: string, dataset?: Record<string, string>, style?: Record<string, string>,
 *   on?: Record<string, (event: any) => void>,
 * }} Props
 */

/** These are set as properties: the attribute is only the initial value, or there is none. */
const PROPERTIES = new Set(["value", "checked", "selected", "muted", "indeterminate", "srcObject", "textContent"]);

/**
 * Create an element.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Props | null} [props] attributes; `true` sets an empty one, `false`, `null` and `undefined` set none; a property is left as it is by `null` and `undefined`
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) setProp(element, name, value);
  element.append(...nodes(children));
  return element;
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {any} value
 */
function setProp(element, name, value) {
  if (name === "class") element.className = value ?? "";
  else if (name === "dataset") Object.assign(element.dataset, value);
  else if (name === "on") for (const [type, fn] of Object.entries(value)) element.addEventListener(type, fn);
  // An inline `style` attribute would break the Content-Security-Policy; the object model does not.
  else if (name === "style") for (const [key, each] of Object.entries(value)) element.style.setProperty(key, each);
  else if (PROPERTIES.has(name)) {
    // A progress bar refuses `undefined`, and a field would show the word.
    if (value !== undefined && value !== null) /** @type {any} */ (element)[name] = value;
  } else setAttribute(element, name, value);
}

/**
 * Set an attribute, or remove it for `false`, `null` and `undefined`; write nothing that is there already.
 *
 * @param {Element} element
 * @param {string} name
 * @param {string | number | boolean | null | undefined} value
 */
export function setAttribute(element, name, value) {
  if (value === false || value === null || value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== (value === true ? "" : String(value))) {
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
function nodes(children) {
  return children.flatMap((child) => {
    if (Array.isArray(child)) return nodes(child);
    if (child === null || child === undefined || child === false) return [];
    return child instanceof Node ? child : String(child);
  });
}

/**
 * Replace the children of an element.
 *
 * @param {Element} element
 * @param {...Child} children
 */
export function fill(element, ...children) {
  element.replaceChildren(...nodes(children));
}

/**
 * Set the text of an element unless it is there already: a screen reader announces a live region at every write.
 *
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

let ids = 0;

/**
 * An id that is unique on the page, for `aria-labelledby` and `for`.
 *
 * @param {string} prefix
 */
export function uniqueId(prefix) {
  ids += 1;
  return `${prefix}-${ids}`;
}
