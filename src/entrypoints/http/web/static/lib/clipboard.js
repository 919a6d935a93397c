/**
 * Copies links; where the browser does not permit that, as on plain HTTP, the link is shown to be copied by hand.
 *
 * @module
 */

import { openDialog } from "./dialog.js";
import { h } from "./dom.js";
import { t } from "./strings.js";
import { toast } from "./toast.js";

/**
 * Copy a link; one that is still being made is copied when it is there, by the click that asked for it.
 *
 * @param {string | Promise<string>} link
 * @param {string} said what to say when it is copied
 */
export async function copy(link, said) {
  try {
    if (typeof link === "string") await navigator.clipboard.writeText(link);
    else await navigator.clipboard.write([new ClipboardItem({ "text/plain": link.then((each) => new Blob([each], { type: "text/plain" })) })]);
  } catch {
    return show(link);
  }
  toast(said);
}

/** @param {string | Promise<string>} link */
async function show(link) {
  let value = "";
  try {
    value = await link;
  } catch (error) {
    return void toast(/** @type {Error} */ (error).message || t.somethingFailed);
  }
  const field = h("input", { class: "field", value, readonly: true, "aria-label": t.link, dir: "ltr", autofocus: true, on: { focus: () => field.select() } });
  await openDialog(t.copyByHand, (close) => [
    field,
    h("div", { class: "actions" }, h("button", { class: "button", type: "button", on: { click: () => close() } }, t.close)),
  ]);
}
