/** A table whose cells keep their elements while their contents change, so that nothing moves under the pointer. */

import { fill, h } from "../../lib/dom.js";

/** @typedef {{label: string, number?: boolean}} Column */
/** @typedef {{key: string, cells: import("../../lib/dom.js").Child[]}} Row */

/**
 * @param {string} title
 * @param {Column[]} columns
 * @param {string} empty what is said without rows
 */
export function createTable(title, columns, empty) {
  const body = h("tbody");
  const none = h("p", { class: "operator-none" }, empty);
  const header = h("tr", null, columns.map(({ label, number }) => h("th", { scope: "col", class: number ? "number" : "" }, label)));
  const scroller = h("div", { class: "operator-table", role: "region", "aria-label": title, tabindex: 0 }, h("table", { "aria-label": title }, h("thead", null, header), body));
  const footer = h("div");
  const element = h("section", { class: "operator-section card" }, h("h2", null, title), none, scroller, footer);
  /** @type {Map<string, {row: HTMLElement, shown: string}>} */
  const known = new Map();

  return {
    element,
    footer,
    /** @param {Row[]} rows */
    show(rows) {
      none.hidden = rows.length > 0;
      scroller.hidden = rows.length === 0;
      const kept = new Set(rows.map(({ key }) => key));
      for (const [key, { row }] of known) if (!kept.has(key)) (row.remove(), known.delete(key));
      rows.forEach(({ key, cells }, index) => {
        const entry = known.get(key) ?? { row: h("tr"), shown: "" };
        known.set(key, entry);
        const shown = cells.map(contentOf).join("|");
        if (shown !== entry.shown) fill(entry.row, cells.map((cell, at) => h("td", { class: columns[at].number ? "number" : "", dataset: { label: columns[at].label } }, cell)));
        entry.shown = shown;
        if (body.children[index] !== entry.row) body.insertBefore(entry.row, body.children[index] ?? null);
      });
    },
  };
}

/** What a cell shows, to compare. @param {import("../../lib/dom.js").Child} cell @returns {string} */
function contentOf(cell) {
  if (Array.isArray(cell)) return cell.map(contentOf).join("");
  return cell instanceof Element ? cell.outerHTML : String(cell);
}
