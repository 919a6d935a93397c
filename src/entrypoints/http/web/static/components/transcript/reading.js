/** The cues to read: the current one is marked, a click seeks, and a search filters. */

import { h } from "../../lib/dom.js";
import { clock } from "../../lib/format.js";
import { chunkedList, measure } from "./chunks.js";
import { cueAt, timeWidth } from "./cues.js";
import { folded, matches, wordsOf } from "./finding.js";
import { marked } from "./marked.js";

/** @typedef {import("./cues.js").Cue} Cue */

/**
 * @param {Cue[]} cues
 * @param {{onSeek: (time: number) => void}} options
 */
export function createReading(cues, { onSeek }) {
  const buttons = cues.map((cue, index) =>
    h(
      "button",
      { class: "cue", type: "button", tabindex: "-1", dataset: { index: String(index) } },
      h("time", { datetime: `PT${Math.floor(cue.start_s)}S` }, clock(cue.start_s)),
      h("span", { class: "cue-text", dir: "auto" }, cue.text),
    ),
  );
  const items = buttons.map((button) => h("div", { role: "listitem" }, button));
  const element = chunkedList(items, { class: "cues", "--time": timeWidth(cues) });
  /** @type {import("./finding.js").Folded[] | null} */
  let texts = null;
  let current = -1;
  let reachable = 0;

  /** One cue is in the tab order, the others by the arrow keys. @param {number} index */
  function reach(index) {
    buttons[reachable]?.setAttribute("tabindex", "-1");
    reachable = Math.max(index, 0);
    buttons[reachable]?.setAttribute("tabindex", "0");
  }

  /** @param {number} time @returns {boolean} whether another cue is the current one now */
  function setTime(time) {
    const index = cueAt(cues, time);
    if (index === current) return false;
    buttons[current]?.removeAttribute("aria-current");
    current = index;
    buttons[current]?.setAttribute("aria-current", "true");
    if (!element.contains(document.activeElement)) reach(current);
    return true;
  }

  /**
   * Show the cues with these words.
   * @param {string} query
   * @returns {number} how many
   */
  function find(query) {
    const words = wordsOf(query);
    texts ??= cues.map(({ text }) => folded(text));
    let count = 0;
    buttons.forEach((button, index) => {
      const found = matches(/** @type {any} */ (texts)[index], words);
      const text = /** @type {Element} */ (button.lastElementChild);
      items[index].hidden = found === null;
      if (found === null) return;
      count += 1;
      const isMarked = text.childElementCount > 0;
      if (found.length || isMarked) text.replaceChildren(...marked(cues[index].text, found));
    });
    [...element.children].forEach(measure);
    const first = items.findIndex((item) => !item.hidden);
    if (items[reachable]?.hidden) reach(first);
    return count;
  }

  element.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("button");
    if (!button || String(getSelection())) return;
    const index = Number(button.dataset.index);
    reach(index);
    onSeek(cues[index].start_s);
  });
  element.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    let index = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement)) + by;
    while (items[index]?.hidden) index += by;
    if (!buttons[index]) return;
    event.preventDefault();
    reach(index);
    buttons[index].focus();
  });
  reach(0);

  return {
    element,
    setTime,
    find,
    get currentElement() {
      return items[current] ?? null;
    },
    get firstShown() {
      const index = items.findIndex((item) => !item.hidden);
      return index < 0 ? null : cues[index];
    },
  };
}
