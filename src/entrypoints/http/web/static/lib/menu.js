/**
 * Menus on the native popover: a button that opens a list of commands.
 *
 * @module
 */

import { h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";

/**
 * @typedef {object} MenuItem
 * @property {string} label
 * @property {import("./icons.js").IconName} [icon]
 * @property {() => void} [run]
 * @property {string} [href] a link instead of a command
 * @property {string} [download]
 * @property {boolean} [danger]
 * @property {boolean} [checked] one of several that exclude each other
 */

/** @typedef {MenuItem | "line" | {head: string}} MenuEntry */

/**
 * Make a button open a menu. The entries are asked for each time it opens.
 *
 * @param {HTMLButtonElement} button
 * @param {() => MenuEntry[]} entries
 */
export function attachMenu(button, entries) {
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-expanded") === "true") return;
    open(button, entries());
  });
}

/**
 * @param {HTMLButtonElement} button
 * @param {MenuEntry[]} entries
 */
function open(button, entries) {
  const label = button.getAttribute("aria-label") ?? button.textContent;
  const menu = h("div", { class: "menu", role: "menu", popover: "auto", id: uniqueId("menu"), "aria-label": label });
  const close = () => menu.hidePopover();
  menu.append(...entries.map((entry) => renderEntry(entry, close)));
  menu.addEventListener("keydown", (event) => onKey(event, menu));
  menu.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "open") return;
    button.setAttribute("aria-expanded", "false");
    // Focus that was inside returns by itself; the element goes after that.
    menu.remove();
  });
  // Next to its button, so that it follows it in the order of the keyboard.
  button.after(menu);
  button.setAttribute("aria-expanded", "true");
  /** @type {any} */ (menu).showPopover({ source: button });
  place(menu, button);
  /** @type {HTMLElement | null} */ (menu.querySelector(".menu-item"))?.focus();
}

/**
 * @param {MenuEntry} entry
 * @param {() => void} close
 */
function renderEntry(entry, close) {
  if (entry === "line") return h("hr");
  if ("head" in entry) return h("div", { class: "menu-head", role: "presentation", dir: "auto" }, entry.head);
  const shared = {
    class: entry.danger ? "menu-item menu-item-danger" : "menu-item",
    role: entry.checked === undefined ? "menuitem" : "menuitemradio",
    "aria-checked": entry.checked === undefined ? null : String(entry.checked),
    tabindex: -1,
    on: { click: () => (close(), entry.run?.()) },
  };
  const content = [entry.icon && icon(entry.icon), h("span", null, entry.label)];
  if (entry.href) return h("a", { ...shared, href: entry.href, download: entry.download }, content);
  return h("button", { ...shared, type: "button" }, content);
}

/**
 * Arrow keys, Home, End and first letters, as the ARIA practices say; Escape is the popover's.
 *
 * @param {KeyboardEvent} event
 * @param {HTMLElement} menu
 */
function onKey(event, menu) {
  const items = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll(".menu-item")]);
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const letter = event.key.length === 1 && event.key !== " " && event.key.toLowerCase();
  /** @type {Record<string, HTMLElement | undefined>} */
  const targets = {
    ArrowDown: items[(at + 1) % items.length],
    ArrowUp: items.at(at - 1),
    Home: items[0],
    End: items.at(-1),
  };
  const target = letter
    ? [...items.slice(at + 1), ...items].find((item) => item.textContent?.toLowerCase().startsWith(letter))
    : targets[event.key];
  if (event.key === "Tab") menu.hidePopover();
  if (!target) return;
  event.preventDefault();
  target.focus();
}

/**
 * Below the button, its end at the button's end; above, or its start at the button's start, where there is no room.
 *
 * @param {HTMLElement} menu
 * @param {HTMLElement} button
 */
function place(menu, button) {
  const from = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const rtl = getComputedStyle(button).direction === "rtl";
  const [atStart, atEnd] = [from.left, from.right - width];
  const left = rtl ? (atStart + width > innerWidth - 8 ? atEnd : atStart) : atEnd < 8 ? atStart : atEnd;
  const below = from.bottom + 4 + height <= innerHeight - 8 || from.top < height + 12;
  menu.style.setProperty("left", `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`);
  menu.style.setProperty("top", `${below ? from.bottom + 4 : from.top - height - 4}px`);
}
