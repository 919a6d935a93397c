/** The list of keyboard shortcuts, with a switch that turns off those of a single key. */

import { openDialog } from "../../lib/dialog.js";
import { h } from "../../lib/dom.js";
import { t as strings } from "../../lib/strings.js";
import { areShortcutsOn, chooseShortcuts } from "./choice.js";

const t = strings.shortcuts;

/** Show the list in a dialog. */
export function showShortcuts() {
  const box = h("input", {
    ...{ type: "checkbox", role: "switch", checked: areShortcutsOn(), "aria-describedby": "shortcuts-note" },
    on: { change: () => chooseShortcuts(box.checked) },
  });
  return openDialog(t.title, (close) => [
    h("label", { class: "shortcuts-switch" }, box, h("span", null, t.single)),
    h("p", { class: "shortcuts-note", id: "shortcuts-note" }, t.singleText),
    h("div", { class: "shortcuts" }, t.groups.map(group)),
    h("div", { class: "actions" }, h("button", { class: "button", type: "button", on: { click: () => close() } }, strings.close)),
  ]);
}

/** @param {{title: string, keys: [string[], string][]}} group */
function group({ title, keys }) {
  const rows = keys.map(([names, what]) =>
    h("div", null, h("dt", null, what), h("dd", null, names.map((name, index) => [index > 0 && " ", h("kbd", null, name)]))),
  );
  return h("section", null, h("h3", null, title), h("dl", null, rows));
}
