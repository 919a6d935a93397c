/** Whether keys without a modifier work everywhere on the page; the choice is kept in this browser. */

const KEY = "telecine.shortcuts";

/** Holds while the page is open, also where storage is blocked. @type {boolean | null} */
let chosen = null;

/** Whether a single key works outside of the player, as WCAG 2.1.4 lets everyone decide. */
export function areShortcutsOn() {
  if (chosen !== null) return chosen;
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

/** @param {boolean} on */
export function chooseShortcuts(on) {
  chosen = on;
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, "off");
  } catch {
    // Storage is full or forbidden: the choice holds until the page closes.
  }
}
