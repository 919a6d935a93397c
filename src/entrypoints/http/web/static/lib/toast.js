/**
 * Short messages at the bottom of the window, in a live region.
 *
 * @module
 */

import { h } from "./dom.js";

/** @type {HTMLElement | null} */
let region = null;

/** The live region has to be on the page before the first text comes into it. */
export function mountToasts() {
  region ??= h("div", { class: "toasts", popover: "manual", role: "status", "aria-live": "polite" });
  document.body.append(region);
  region.showPopover();
}

/**
 * Show a message.
 *
 * @param {string} text
 * @param {{action?: string, onAction?: () => void, ms?: number}} [options] `ms`: how long it stays; the time stops
 *   while the pointer or the focus is on it
 * @returns {() => void} closes it
 */
export function toast(text, { action, onAction, ms = action ? 7000 : 5000 } = {}) {
  if (!region) mountToasts();
  const button = action && h("button", { class: "button", type: "button", on: { click: () => (close(), onAction?.()) } }, action);
  const element = h("div", { class: "toast" }, h("span", { dir: "auto" }, text), button);
  let timer = 0;
  const start = () => void (timer = window.setTimeout(close, ms));
  const stop = () => window.clearTimeout(timer);
  const close = () => (stop(), element.remove());
  for (const [type, fn] of /** @type {const} */ ([
    ["pointerenter", stop],
    ["pointerleave", start],
    ["focusin", stop],
    ["focusout", start],
  ])) {
    element.addEventListener(type, fn);
  }
  // Opened last, it is above a dialog that was opened meanwhile.
  region?.hidePopover();
  region?.showPopover();
  region?.append(element);
  start();
  return close;
}
