/** A text with ranges of it marked: text nodes and `<mark>` elements. */

import { h } from "../../lib/dom.js";

/**
 * @param {string} text
 * @param {{start: number, end: number}[]} ranges in order, without overlap
 * @returns {(string | HTMLElement)[]}
 */
export function marked(text, ranges) {
  const parts = [];
  let at = 0;
  for (const { start, end } of ranges) {
    if (start > at) parts.push(text.slice(at, start));
    parts.push(h("mark", {}, text.slice(start, end)));
    at = end;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}
