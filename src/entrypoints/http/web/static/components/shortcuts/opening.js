/** Opens the list of keyboard shortcuts, which is loaded when it is wanted. */

import { isTyping } from "../drop-zone/drop-zone.js";
import { loadStyles } from "../../lib/screens.js";
import { t } from "../../lib/strings.js";
import { toast } from "../../lib/toast.js";
import { areShortcutsOn } from "./choice.js";

/** Show the list in a dialog. */
export async function showShortcuts() {
  const [module] = await Promise.all([import("./shortcuts.js").catch(() => null), loadStyles("shortcuts")]);
  if (module) await module.showShortcuts();
  else toast(t.unreachable);
}

/** Open the list with `?`, unless single keys are turned off. */
export function listenForHelp() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (!areShortcutsOn() || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    void showShortcuts();
  });
}
