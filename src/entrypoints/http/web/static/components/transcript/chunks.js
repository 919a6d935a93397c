/**
 * A long list in chunks, of which the browser lays out only those in view.
 *
 * Chunks, because `content-visibility` on each of thousands of items costs more at every frame than it saves.
 */

import { h } from "../../lib/dom.js";

const SIZE = 40;

/**
 * @param {HTMLElement[]} items each with the role `listitem`
 * @param {{class: string, "--time": string}} look
 */
export function chunkedList(items, { class: className, "--time": time }) {
  const chunks = [];
  for (let at = 0; at < items.length; at += SIZE) {
    chunks.push(h("div", { class: "cue-chunk", role: "presentation" }, items.slice(at, at + SIZE)));
  }
  chunks.forEach(measure);
  return h("div", { class: className, role: "list", style: { "--time": time } }, chunks);
}

/**
 * Tell the browser how high a chunk is while it is out of view.
 * @param {Element} chunk
 */
export function measure(chunk) {
  const element = /** @type {HTMLElement} */ (chunk);
  const shown = [...element.children].filter((item) => !(/** @type {HTMLElement} */ (item).hidden)).length;
  element.hidden = shown === 0;
  element.style.setProperty("--cues", String(shown));
}
