/** The seek bar: played and buffered ranges, and a storyboard tile with its time at the pointer and at keyboard focus. */

import { h } from "../../lib/dom.js";
import { clock } from "../../lib/format.js";
import { t as strings } from "../../lib/strings.js";

const t = strings.player;

const STEPS = 1000;

/**
 * @param {HTMLVideoElement} video
 * @param {{duration: () => number, onSeek: (time: number) => void}} options
 */
export function createSeekBar(video, { duration, onSeek }) {
  const buffered = h("div", { class: "seek-buffered" });
  const picture = h("div", { class: "seek-picture" });
  const label = h("span", { class: "seek-label" });
  const tip = h("div", { class: "seek-tip", "aria-hidden": "true", hidden: true }, picture, label);
  const input = /** @type {HTMLInputElement} */ (
    h("input", { class: "seek-input", type: "range", min: "0", max: String(STEPS), step: "1", value: "0", "aria-label": t.seek })
  );
  const played = h("div", { class: "seek-played" });
  const element = h("div", { class: "seek" }, h("div", { class: "seek-line" }, buffered, played), input, tip);
  /** @type {import("./times.js").Tile[]} */
  let tiles = [];
  let dragging = false;
  let wasPlaying = false;

  /** @param {number} time */
  function showTip(time) {
    const total = duration();
    if (!total) return;
    const tile = tiles.find(({ start, end }) => time >= start && time < end) ?? tiles[tiles.length - 1];
    picture.hidden = !tile;
    if (tile) {
      picture.style.width = `${tile.width}px`;
      picture.style.height = `${tile.height}px`;
      // A parsed URL has no quotes and no line breaks.
      picture.style.backgroundImage = `url("${new URL(tile.url, location.href).href}")`;
      picture.style.backgroundPosition = `-${tile.x}px -${tile.y}px`;
    }
    label.textContent = clock(time);
    tip.hidden = false;
    const width = element.clientWidth;
    const half = tip.offsetWidth / 2;
    const middle = (time / total) * width;
    tip.style.left = `${Math.min(Math.max(middle, half), Math.max(width - half, half))}px`;
    element.style.setProperty("--hover", String(time / total));
  }

  function hideTip() {
    tip.hidden = true;
    element.style.setProperty("--hover", "0");
  }

  /** @param {PointerEvent} event */
  function timeAt(event) {
    const box = element.getBoundingClientRect();
    return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * duration();
  }

  function update() {
    const total = duration();
    const ratio = total ? Math.min(video.currentTime / total, 1) : 0;
    element.style.setProperty("--played", String(ratio));
    if (!dragging) input.value = String(Math.round(ratio * STEPS));
    input.setAttribute("aria-valuetext", t.position(clock(video.currentTime), clock(total)));
    if (input.matches(":focus-visible") && !element.matches(":hover")) showTip(video.currentTime);
  }

  function updateBuffered() {
    const total = duration();
    if (!total) return;
    const ranges = [];
    for (let index = 0; index < video.buffered.length; index += 1) {
      const range = h("div", {});
      range.style.left = `${(video.buffered.start(index) / total) * 100}%`;
      range.style.width = `${((video.buffered.end(index) - video.buffered.start(index)) / total) * 100}%`;
      ranges.push(range);
    }
    buffered.replaceChildren(...ranges);
  }

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !duration()) return;
    // The element, not the input, handles the drag, so that a click lands where the tile showed.
    event.preventDefault();
    input.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    dragging = true;
    wasPlaying = !video.paused;
    video.pause();
    onSeek(timeAt(event));
  });
  element.addEventListener("pointermove", (event) => {
    const time = timeAt(event);
    showTip(time);
    if (dragging) onSeek(time);
  });
  const release = () => {
    if (!dragging) return;
    dragging = false;
    if (wasPlaying) void video.play();
    if (!element.matches(":hover")) hideTip();
  };
  element.addEventListener("pointerup", release);
  element.addEventListener("pointercancel", release);
  element.addEventListener("pointerleave", () => dragging || hideTip());
  input.addEventListener("input", () => onSeek((Number(input.value) / STEPS) * duration()));
  input.addEventListener("focus", () => input.matches(":focus-visible") && showTip(video.currentTime));
  input.addEventListener("blur", hideTip);
  for (const name of ["timeupdate", "seeking", "durationchange"]) video.addEventListener(name, update);
  for (const name of ["progress", "seeked", "durationchange"]) video.addEventListener(name, updateBuffered);

  return {
    element,
    update,
    /** @param {import("./times.js").Tile[]} next */
    setTiles(next) {
      tiles = next;
    },
  };
}
