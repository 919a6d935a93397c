/** The menu of the player: captions and speed. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { t as strings } from "../../lib/strings.js";
import { showShortcuts } from "../shortcuts/shortcuts.js";

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
  function show(open) {
    if (open) fill();
    menu.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open) /** @type {HTMLElement | null} */ (menu.querySelector("[aria-checked=true]") ?? menu.querySelector("button"))?.focus();
  }

  /**
   * @param {string} label
   * @param {boolean} checked
   * @param {() => void} choose
   */
  function item(label, checked, choose) {
    const pick = () => {
      choose();
      show(false);
      button.focus();
    };
    return h("button", { type: "button", role: "menuitemradio", "aria-checked": String(checked), tabindex: "-1", on: { click: pick } }, icon("check"), label);
  }

  /** Where the page has no account menu, as for a viewer, the list of keys is found here. */
  function shortcuts() {
    const open = () => {
      show(false);
      button.focus();
      void showShortcuts();
    };
    return h("button", { type: "button", role: "menuitem", tabindex: "-1", on: { click: open } }, icon("keyboard"), strings.shortcuts.title);
  }

  /**
   * @param {string} label
   * @param {Element[]} items
   */
  const group = (label, items) => h("div", { role: "group", "aria-label": label }, h("p", { "aria-hidden": "true" }, label), ...items);

  function fill() {
    const tracks = [t.off, ...captions.labels].map((label, index) => item(label, captions.chosen === index - 1, () => onCaptions(index - 1)));
    const speeds = SPEEDS.map((rate) => item(t.speed(rate), video.playbackRate === rate, () => onSpeed(rate)));
    const groups = captions.labels.length ? [group(t.captions, tracks)] : [];
    menu.replaceChildren(...groups, group(t.speedTitle, speeds), h("hr"), shortcuts());
  }

  /** @param {KeyboardEvent} event */
  function move(event) {
    const items = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll("button")]);
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === "Escape") {
      show(false);
      button.focus();
    } else if (next !== undefined) {
      items[(next + items.length) % items.length].focus();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  button.addEventListener("click", () => show(menu.hidden !== false));
  menu.addEventListener("keydown", move);
  menu.addEventListener("focusout", (event) => {
    const to = /** @type {Node | null} */ (event.relatedTarget);
    if (to && !menu.contains(to) && to !== button) show(false);
  });
  return { button, menu, close: () => show(false), get isOpen() { return !menu.hidden; } };
}
