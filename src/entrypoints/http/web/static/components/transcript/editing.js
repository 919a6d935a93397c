/** The cues as fields: Enter goes to the next, Escape restores one, Ctrl+Enter splits it, Backspace at its start joins it. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { clock } from "../../lib/format.js";
import { t as strings } from "../../lib/strings.js";
import { chunkedList } from "./chunks.js";
import { joined, split, timeWidth } from "./cues.js";

const t = strings.transcript;

/** @typedef {import("./cues.js").Cue} Cue */

/**
 * @param {Cue[]} original what is stored
 * @param {Cue[]} begun what the fields show first
 * @param {{onSeek: (time: number) => void, onChange: () => void, onCancel: () => void}} options
 */
export function createEditing(original, begun, { onSeek, onChange, onCancel }) {
  let structureChanged = begun.length !== original.length;

  /** @typedef {{cue: Cue, stored: string, item: HTMLElement, field: HTMLTextAreaElement}} Row `stored`: what Escape restores */
  /** @type {Row[]} */
  let rows = [];
  /** @type {WeakMap<Element, Row>} */
  const rowOf = new WeakMap();

  /** @param {Cue} cue @param {string} [stored] @returns {Row} */
  function createRow(cue, stored = cue.text) {
    const label = t.cueAt(clock(cue.start_s));
    const field = /** @type {HTMLTextAreaElement} */ (
      h("textarea", { class: "cue-field", rows: "1", dir: "auto", "aria-label": label }, cue.text)
    );
    const seek = h("button", { class: "cue-time", type: "button", tabindex: "-1", "aria-label": t.playFrom(clock(cue.start_s)) }, clock(cue.start_s));
    const item = h("div", { class: "cue-row", role: "listitem" }, seek, field);
    const row = { cue, stored, item, field };
    rowOf.set(item, row);
    return row;
  }

  /** A row gets its tools when it is used first. @param {Row} row */
  function showTools(row) {
    if (row.item.childElementCount > 2) return;
    const tool = (/** @type {string} */ label, /** @type {any} */ name, /** @type {() => void} */ run) =>
      h("button", { class: "cue-tool", type: "button", tabindex: "-1", "aria-label": label, title: label, on: { mousedown: keepFocus, click: run } }, icon(name));
    const tools = h("span", { class: "cue-tools" });
    row.item.append(tools);
    tools.append(
      tool(t.split, "split", () => splitRow(row)),
      tool(t.join, "join", () => joinRow(row)),
      tool(t.removeCue, "trash", () => removeRow(row)),
    );
  }

  /** @param {KeyboardEvent} event @param {Row} row */
  function handleKey(event, row) {
    const { field } = row;
    const index = rows.indexOf(row);
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) splitRow(row);
    else if (event.key === "Enter" && !event.shiftKey) focusRow(index + 1);
    else if (event.key === "Escape") escape(row);
    else if (event.key === "Backspace" && index > 0 && field.selectionEnd === 0) joinRow(rows[index - 1]);
    else if (event.key === "ArrowDown" && field.selectionStart === field.value.length) focusRow(index + 1);
    else if (event.key === "ArrowUp" && field.selectionEnd === 0) focusRow(index - 1, true);
    else return;
    event.preventDefault();
  }

  /** The first press restores the cue; another one leaves. @param {Row} row */
  function escape(row) {
    if (row.field.value === row.stored) return onCancel();
    row.field.value = row.stored;
    fit(row.field);
    onChange();
  }

  /** @param {number} index @param {boolean} [atEnd] */
  function focusRow(index, atEnd = false) {
    const row = rows[index];
    if (!row) return;
    row.field.focus();
    const at = atEnd ? row.field.value.length : 0;
    row.field.setSelectionRange(at, at);
  }

  /** @param {Row} row @returns {Cue} */
  const edited = ({ cue, field }) => ({ ...cue, text: field.value });

  /** @param {number} index @param {number} count @param {Cue[]} cues */
  function replaceRows(index, count, cues) {
    const next = cues.map((cue) => createRow(cue));
    const gone = rows.splice(index, count, ...next);
    gone[0].item.before(...next.map(({ item }) => item));
    for (const { item } of gone) item.remove();
    next.forEach(({ field }) => fit(field));
    structureChanged = true;
    onChange();
  }

  /** @param {Row} row */
  function splitRow(row) {
    const index = rows.indexOf(row);
    const { value, selectionStart } = row.field;
    const inside = selectionStart > 0 && selectionStart < value.length;
    const at = inside ? selectionStart : value.indexOf(" ", value.length / 2);
    const parts = split(edited(row), at);
    if (!parts) return;
    replaceRows(index, 1, parts);
    focusRow(index + 1);
  }

  /** @param {Row} row */
  function joinRow(row) {
    const index = rows.indexOf(row);
    const next = rows[index + 1];
    if (!next) return;
    const at = row.field.value.trim().length;
    replaceRows(index, 2, [joined(edited(row), edited(next))]);
    rows[index].field.focus();
    rows[index].field.setSelectionRange(at, at);
  }

  /** @param {Row} row */
  function removeRow(row) {
    const index = rows.indexOf(row);
    replaceRows(index, 1, []);
    focusRow(Math.min(index, rows.length - 1));
  }

  rows = begun.map((cue, index) => createRow(cue, structureChanged ? cue.text : original[index].text));
  const element = chunkedList(
    rows.map(({ item }) => item),
    { class: "cues cues-editing", "--time": timeWidth(begun) },
  );

  // One listener of each kind: thousands of rows would take a second to get their own.
  const targetOf = (/** @type {Event} */ event) => {
    const target = /** @type {Element} */ (event.target);
    const row = rowOf.get(/** @type {Element} */ (target.closest(".cue-row")));
    return { target, row };
  };
  element.addEventListener("click", (event) => {
    const { target, row } = targetOf(event);
    if (row && target.closest(".cue-time")) onSeek(row.cue.start_s);
  });
  element.addEventListener("input", (event) => {
    const { row } = targetOf(event);
    if (row) fit(row.field);
    onChange();
  });
  element.addEventListener("focusin", (event) => {
    const { row } = targetOf(event);
    if (row) showTools(row);
  });
  element.addEventListener("keydown", (event) => {
    const { target, row } = targetOf(event);
    if (row && target === row.field) handleKey(event, row);
  });

  return {
    element,
    /** Give the focus to the cue at this index. @param {number} index */
    focus: (index) => focusRow(Math.min(Math.max(index, 0), rows.length - 1), true),
    cues: () => rows.map(edited),
    get isDirty() {
      return structureChanged || rows.some(({ field }, index) => field.value !== original[index].text);
    },
  };
}

/** @param {Event} event */
const keepFocus = (event) => event.preventDefault();

/** Browsers without `field-sizing` need a height. @param {HTMLTextAreaElement} field */
function fit(field) {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
