/**
 * Modal dialogs on the native element; `dialog.js` loads them when one is wanted.
 *
 * @module
 */

import { h, uniqueId } from "./dom.js";
import { t } from "./strings.js";

/**
 * Open a modal dialog; Escape and a click beside it close it, unless it needs an answer.
 *
 * @param {string} title
 * @param {(close: (value?: string) => void) => import("./dom.js").Child[]} content
 * @param {{needsAnswer?: boolean}} [options]
 * @returns {Promise<string>} the value that it was closed with, empty if it was cancelled
 */
export function openDialog(title, content, { needsAnswer = false } = {}) {
  const id = uniqueId("dialog");
  return new Promise((resolve) => {
    const close = (value = "") => dialog.close(value);
    const dialog = h(
      "dialog",
      {
        class: "dialog",
        "aria-labelledby": id,
        closedby: needsAnswer ? "none" : "any",
        on: {
          cancel: (/** @type {Event} */ event) => needsAnswer && event.preventDefault(),
          close: () => (dialog.remove(), resolve(dialog.returnValue)),
        },
      },
      h("h2", { id }, title),
      content(close),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * Ask before something that cannot be undone.
 *
 * @param {{title: string, text?: string, action: string, danger?: boolean, keep?: string}} question `keep`: the label of
 *   the button that changes nothing; it has the focus where the other is dangerous
 * @returns {Promise<boolean>}
 */
export async function confirm({ title, text, action, danger = false, keep = t.cancel }) {
  const style = danger ? "button-danger" : "button-primary";
  const answer = await openDialog(title, (close) => [
    text && h("p", null, text),
    h(
      "div",
      { class: "actions" },
      h("button", { class: "button", type: "button", autofocus: danger, on: { click: () => close() } }, keep),
      h("button", { class: `button ${style}`, type: "button", autofocus: !danger, on: { click: () => close("yes") } }, action),
    ),
  ]);
  return answer === "yes";
}

/**
 * Ask for a line of text.
 *
 * @param {{title: string, label: string, value: string, action: string, placeholder?: string}} question
 * @returns {Promise<string | null>} null if it was cancelled
 */
export async function prompt({ title, label, value, action, placeholder }) {
  const id = uniqueId("field");
  const field = h("input", { class: "field", id, value, placeholder, maxlength: 300, dir: "auto", autofocus: true, autocomplete: "off" });
  const answer = await openDialog(title, (close) => [
    h(
      "form",
      { on: { submit: (/** @type {Event} */ event) => (event.preventDefault(), close("yes")) } },
      h("label", { class: "visually-hidden", for: id }, label),
      field,
      h(
        "div",
        { class: "actions" },
        h("button", { class: "button", type: "button", on: { click: () => close() } }, t.cancel),
        h("button", { class: "button button-primary", type: "submit" }, action),
      ),
    ),
  ]);
  return answer === "yes" ? field.value : null;
}
