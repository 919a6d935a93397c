/** The keys of the player, as YouTube has them. */

import { areShortcutsOn } from "../shortcuts/choice.js";

/** @typedef {{toggle(): void, seekBy(s: number): void, seekTo(ratio: number): void, step(frames: number): void, faster(by: number): void,
 *   volumeBy(by: number): void, mute(): void, captions(): void, fullscreen(): void}} Actions */

const FIELDS = "input:not([type=range]), textarea, select, [contenteditable], dialog *, [popover] *";
/** Where an arrow key may have a meaning of its own. */
const CONTROLS = "button, a, summary, input, ol, ul, [role=list], [role=listbox], [role=menu], [role=slider], [role=tablist]";

/**
 * Handle a key press; returns whether the player used it.
 * @param {KeyboardEvent} event
 * @param {Actions} actions
 * @param {boolean} inside whether the focus is inside of the player
 */
export function handleKey(event, actions, inside) {
  const target = /** @type {Element} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || target.closest?.(FIELDS)) return false;
  if (!inside && !areShortcutsOn()) return false;
  const onControl = target.closest?.("button, a, summary, [role=menuitemradio], input") !== null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === " " && onControl && !target.closest(".seek")) return false;
  if (/^\d$/.test(key)) return use(event, () => actions.seekTo(Number(key) / 10));
  const near = inside ? !target.closest(".volume, [role=menu]") : /^Arrow(Left|Right)$/.test(key) && !target.closest?.(CONTROLS);
  const action = keys(actions)[key] ?? (near ? arrows(actions)[key] : undefined);
  return action ? use(event, action) : false;
}

/**
 * @param {KeyboardEvent} event
 * @param {() => void} action
 */
function use(event, action) {
  event.preventDefault();
  action();
  return true;
}

/**
 * @param {Actions} actions
 * @returns {Record<string, () => void>}
 */
function keys(actions) {
  return {
    " ": actions.toggle,
    k: actions.toggle,
    j: () => actions.seekBy(-10),
    l: () => actions.seekBy(10),
    f: actions.fullscreen,
    c: actions.captions,
    m: actions.mute,
    ",": () => actions.step(-1),
    ".": () => actions.step(1),
    "<": () => actions.faster(-1),
    ">": () => actions.faster(1),
  };
}

/**
 * Keys that scroll the page or move in lists unless the player has the focus.
 * @param {Actions} actions
 * @returns {Record<string, () => void>}
 */
function arrows(actions) {
  return {
    ArrowLeft: () => actions.seekBy(-5),
    ArrowRight: () => actions.seekBy(5),
    ArrowUp: () => actions.volumeBy(0.05),
    ArrowDown: () => actions.volumeBy(-0.05),
    Home: () => actions.seekTo(0),
    End: () => actions.seekTo(1),
  };
}
