/** Keeps the current cue in view until the reader scrolls; a button goes back to it. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { t as strings } from "../../lib/strings.js";

/**
 * @param {HTMLElement} scroller
 * @param {() => HTMLElement | null} current
 */
export function createFollowing(scroller, current) {
  let follows = true;
  let paused = false;
  const button = h("button", { class: "button transcript-follow", type: "button", hidden: true, on: { click: resume } }, icon("chevronDown"), strings.transcript.follow);

  function show() {
    button.hidden = paused || follows || current() === null;
  }

  /** Scroll the current cue to a third of the height; far jumps are not animated. */
  function scroll() {
    const target = current();
    if (!target || !follows || paused) return;
    const [box, view] = [target.getBoundingClientRect(), scroller.getBoundingClientRect()];
    const distance = box.top - view.top - (view.height - box.height) / 3;
    const inView = box.top >= view.top + 8 && box.bottom <= view.bottom - view.height / 4;
    if (inView) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches || Math.abs(distance) > view.height;
    scroller.scrollBy({ top: distance, behavior: calm ? "instant" : "smooth" });
  }

  function resume() {
    follows = true;
    show();
    scroll();
  }

  function leave() {
    if (scroller.scrollHeight <= scroller.clientHeight) return;
    follows = false;
    show();
  }

  // Only what the reader does ends it: the `scroll` event also comes from scrolling by script.
  scroller.addEventListener("wheel", leave, { passive: true });
  scroller.addEventListener("touchmove", leave, { passive: true });
  scroller.addEventListener("keydown", (event) => {
    if (["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"].includes(event.key)) leave();
  });
  scroller.addEventListener("pointerdown", (event) => {
    // The scroll bar is at the edge.
    if (event.target === scroller) leave();
  });

  return {
    button,
    resume,
    moved: scroll,
    /** @param {boolean} value */
    pause(value) {
      paused = value;
      show();
      if (!paused) scroll();
    },
    reset() {
      follows = true;
      paused = false;
      show();
      requestAnimationFrame(scroll);
    },
    dispose: () => undefined,
  };
}
