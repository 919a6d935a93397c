/**
 * Captions: native text tracks, drawn by the page.
 *
 * The tracks are native so that full screen on a phone and assistive technology have them. They are `hidden` and drawn here
 * because `::cue` can neither move above the control bar nor wrap lines evenly.
 */

import { h } from "../../lib/dom.js";

/** @typedef {{start_s: number, end_s: number, text: string}} Cue */
/** @typedef {{language: string | null, label: string, cues: Cue[]}} CaptionTrack */

/** @param {string} text */
const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/**
 * @param {HTMLVideoElement} video
 * @param {() => void} onChange called when the tracks or the choice change
 */
export function createCaptions(video, onChange) {
  const element = h("div", { class: "player-captions", "aria-hidden": "true" });
  /** @type {{label: string, track: TextTrack}[]} */
  let tracks = [];
  let chosen = -1;

  function draw() {
    const active = chosen < 0 ? null : tracks[chosen]?.track.activeCues;
    const lines = [...(active ?? [])].map((cue) => {
      const text = /** @type {VTTCue} */ (cue).getCueAsHTML().textContent ?? "";
      return h("p", {}, h("span", { dir: "auto" }, text));
    });
    element.replaceChildren(...lines);
  }

  /** @param {number} index the track, or -1 for none */
  function choose(index) {
    chosen = index < tracks.length ? index : -1;
    tracks.forEach(({ track }, each) => (track.mode = each === chosen ? "hidden" : "disabled"));
    draw();
    onChange();
  }

  /**
   * Replace the tracks; native text tracks cannot be removed, so they are reused.
   * @param {CaptionTrack[]} next
   * @param {boolean} shown
   */
  function set(next, shown) {
    const reusable = tracks.map(({ track }) => track);
    tracks = next.map(({ label, language, cues }, index) => {
      const track = reusable[index] ?? video.addTextTrack("captions", label, language ?? "");
      if (!reusable[index]) track.addEventListener("cuechange", draw);
      track.mode = "hidden";
      for (const cue of [...(track.cues ?? [])]) track.removeCue(cue);
      for (const cue of cues) track.addCue(new VTTCue(cue.start_s, cue.end_s, escaped(cue.text)));
      return { label, track };
    });
    choose(shown && tracks.length > 0 ? Math.max(chosen, 0) : -1);
  }

  // A phone's own full screen shows only what the element itself draws.
  video.addEventListener("webkitbeginfullscreen", () => {
    if (chosen >= 0) tracks[chosen].track.mode = "showing";
  });
  video.addEventListener("webkitendfullscreen", () => choose(chosen));

  return {
    element,
    set,
    choose,
    get labels() {
      return tracks.map(({ label }) => label);
    },
    get chosen() {
      return chosen;
    },
  };
}
