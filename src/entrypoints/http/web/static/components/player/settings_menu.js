/** The menu of the player: captions and speed. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { t as strings } from "../../lib/strings.js";

const t = strings.player;

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

/**
 * @param {HTMLVideoElement} video
 * @param {{labels: string[], chosen: number}} captions
 * @param {{onSpeed: (rate: number) => void, onCaptions: (index: number) => void}} options
 */
export function createSettingsMenu(video, captions, { onSpeed, onCaptions }) {
  const menu = h("div", { class: "player-menu", role: "menu", "aria-label": t.settings, hidden: true });
  const button = h(
    "button",
    { class: "player-button", type: "button", "aria-label": t.settings, title: t.settings, "aria-haspopup": "menu", "aria-expanded": "false" },
    icon("settings"),
  );

  /** @param {boolean} open */
  async function show(open) {
    if (open) await fill();
    menu.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) /** @type {HTMLElement | null} */ (menu.querySelector("[aria-checked=true]") ?? menu.querySelector("button"))?.focus();
  }

  async function fill() {
    const { settingsItems } = await import("./settings_items.js");
    menu.replaceChildren(...settingsItems(video, captions, { onSpeed, onCaptions, close: () => (show(false), button.focus()) }));
  }

  /** @param {KeyboardEvent} event */
  function move(event) {
    const items = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll("button")]);
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === "Escape") {
      void show(false);
      button.focus();
    } else if (next !== undefined) {
      items[(next + items.length) % items.length].focus();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  button.addEventListener("click", () => void show(menu.hidden !== false));
  menu.addEventListener("keydown", move);
  menu.addEventListener("focusout", (event) => {
    const to = /** @type {Node | null} */ (event.relatedTarget);
    if (to && !menu.contains(to) && to !== button) void show(false);
  });
  return { button, menu, close: () => void show(false), get isOpen() { return !menu.hidden; } };
}
