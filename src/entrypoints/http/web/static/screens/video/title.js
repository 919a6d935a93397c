/** The title, edited in place: Enter saves, Escape cancels. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { t as strings } from "../../lib/strings.js";

const MAX_LENGTH = 300;

/**
 * @param {{value: string, canEdit: boolean, onSave: (title: string, quiet: boolean) => Promise<string>}} options `onSave` returns the
 *   title as stored, and says what went wrong unless it is to be quiet
 */
export function createTitle({ value, canEdit, onSave }) {
  let title = value;
  const heading = h("h1", { dir: "auto", tabindex: "-1" }, title);
  const pencil = h("button", { class: "button button-quiet button-icon", type: "button", "aria-label": strings.rename, title: strings.rename, on: { click: edit } }, icon("pencil"));
  const input = /** @type {HTMLTextAreaElement} */ (
    h("textarea", { class: "field title-field", rows: "1", maxlength: String(MAX_LENGTH), dir: "auto", "aria-label": strings.video.title, hidden: true })
  );
  const element = h("div", { class: "watch-title" }, heading, canEdit && pencil, input);
  let saving = false;
  let before = title;
  /** @type {string | null} what could not be saved, of which the user knows */
  let refused = null;

  function edit() {
    before = title;
    refused = null;
    input.value = title;
    show(true);
    input.focus();
    input.select();
  }

  /** @param {boolean} editing */
  function show(editing) {
    input.hidden = !editing;
    heading.hidden = editing;
    pencil.hidden = editing;
  }

  /** @param {boolean} asked whether by the key */
  async function save(asked) {
    if (saving || input.hidden) return;
    const next = input.value.replace(/\s+/g, " ").trim();
    saving = true;
    try {
      if (next !== before) set(await onSave(next, !asked && next === refused));
      // The user may have gone on while the server answered.
      const hadFocus = document.activeElement === input;
      show(false);
      if (hadFocus) pencil.focus();
    } catch {
      // The text stays, to be saved again by Enter or when the field is left the next time.
      refused = next;
    } finally {
      saving = false;
    }
  }

  /** @param {string} next */
  function set(next) {
    title = next;
    heading.textContent = next;
  }

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "Enter") return void save(true);
    show(false);
    pencil.focus();
  });
  input.addEventListener("blur", () => void save(false));
  return { element, edit, set };
}
