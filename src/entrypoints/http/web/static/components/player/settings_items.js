/** What is in the menu of the player; it is loaded when the menu is opened. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { t as strings } from "../../lib/strings.js";
import { showShortcuts } from "../shortcuts/opening.js";
import { SPEEDS } from "./settings_menu.js";

const t = strings.player;

/**
 * @param {HTMLVideoElement} video
 * @param {{labels: string[], chosen: number}} captions
 * @param {{onSpeed: (rate: number) => void, onCaptions: (index: number) => void, close: () => void}} options
 */
export function settingsItems(video, captions, { onSpeed, onCaptions, close }) {
  /**
   * @param {string} label
   * @param {boolean} checked
   * @param {() => void} choose
   */
  function item(label, checked, choose) {
    const pick = () => (choose(), close());
    return h("button", { type: "button", role: "menuitemradio", "aria-checked": String(checked), tabindex: "-1", on: { click: pick } }, icon("check"), label);
  }

  /** Where the page has no account menu, as for a viewer, the list of keys is found here. */
  function shortcuts() {
    const open = () => (close(), void showShortcuts());
    return h("button", { type: "button", role: "menuitem", tabindex: "-1", on: { click: open } }, icon("keyboard"), strings.shortcuts.title);
  }

  /**
   * @param {string} label
   * @param {Element[]} items
   */
  const group = (label, items) => h("div", { role: "group", "aria-label": label }, h("p", { "aria-hidden": "true" }, label), ...items);

  const tracks = [t.off, ...captions.labels].map((label, index) => item(label, captions.chosen === index - 1, () => onCaptions(index - 1)));
  const speeds = SPEEDS.map((rate) => item(t.speed(rate), video.playbackRate === rate, () => onSpeed(rate)));
  const groups = captions.labels.length ? [group(t.captions, tracks)] : [];
  return [...groups, group(t.speedTitle, speeds), h("hr"), shortcuts()];
}
