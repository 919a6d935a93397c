/** The control bar: seek bar, buttons, volume and time. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { clock } from "../../lib/format.js";
import { t as strings } from "../../lib/strings.js";

const t = strings.player;

/**
 * A button whose icon and label follow the state.
 * @param {string} className
 * @param {() => void} onClick
 */
function stateButton(className, onClick) {
  const button = h("button", { class: `player-button ${className}`, type: "button", on: { click: onClick } });
  let shown = "";
  return {
    button,
    /** @param {import("../../lib/icons.js").IconName} name @param {string} label @param {string} key */
    show(name, label, key = "") {
      if (shown === name + label) return;
      shown = name + label;
      button.replaceChildren(icon(name));
      button.setAttribute("aria-label", label);
      button.title = key ? `${label} (${key})` : label;
    },
  };
}

/**
 * @param {{
 *   video: HTMLVideoElement,
 *   captions: {labels: string[], chosen: number},
 *   seekBar: {element: Element, update: () => void},
 *   settings: {button: Element},
 *   actions: import("./keyboard.js").Actions,
 *   duration: () => number,
 * }} parts
 */
export function createControls({ video, captions, seekBar, settings, actions, duration }) {
  const play = stateButton("play", actions.toggle);
  const mute = stateButton("mute", actions.mute);
  const caption = stateButton("captions", actions.captions);
  const full = stateButton("fullscreen", actions.fullscreen);
  const inset = stateButton("inset", () => void toggleInset(video));
  const volume = /** @type {HTMLInputElement} */ (
    h("input", { class: "volume", type: "range", min: "0", max: "1", step: "0.05", "aria-label": t.volumeLabel })
  );
  const time = h("span", { class: "player-time" });
  const element = h(
    "div",
    { class: "player-bar" },
    seekBar.element,
    h(
      "div",
      { class: "player-row" },
      ...[play.button, h("div", { class: "player-volume" }, mute.button, volume), time, h("span", { class: "player-gap" })],
      ...[caption.button, settings.button, inset.button, full.button],
    ),
  );

  function updatePlay() {
    play.show(video.paused ? "play" : "pause", video.paused ? t.play : t.pause, "k");
    play.button.classList.toggle("is-pause", !video.paused);
  }

  function updateVolume() {
    const silent = video.muted || video.volume === 0;
    mute.show(silent ? "mute" : "volume", silent ? t.unmute : t.mute, "m");
    volume.value = String(silent ? 0 : video.volume);
    volume.style.setProperty("--value", volume.value);
    volume.setAttribute("aria-valuetext", t.volume(Math.round(Number(volume.value) * 100)));
  }

  function updateTime() {
    time.textContent = `${clock(video.currentTime)} / ${clock(duration())}`;
  }

  function updateCaptions() {
    caption.button.hidden = captions.labels.length === 0;
    caption.show("captions", captions.chosen >= 0 ? t.hideCaptions : t.showCaptions, "c");
    caption.button.classList.toggle("is-on", captions.chosen >= 0);
  }

  function updateFull() {
    const isFull = document.fullscreenElement !== null && document.fullscreenElement.contains(element);
    full.show(isFull ? "fullscreenExit" : "fullscreen", isFull ? t.exitFullscreen : t.fullscreen, "f");
  }

  volume.addEventListener("input", () => {
    video.muted = false;
    video.volume = Number(volume.value);
  });
  for (const name of ["play", "pause", "ended", "emptied"]) video.addEventListener(name, updatePlay);
  for (const name of ["timeupdate", "seeking", "durationchange"]) video.addEventListener(name, updateTime);
  video.addEventListener("volumechange", updateVolume);
  document.addEventListener("fullscreenchange", updateFull);
  inset.button.hidden = !document.pictureInPictureEnabled;
  inset.show("inset", t.inset);
  [updatePlay, updateVolume, updateTime, updateCaptions, updateFull].forEach((update) => update());
  return {
    element,
    updateCaptions,
    dispose: () => document.removeEventListener("fullscreenchange", updateFull),
  };
}

/** @param {HTMLVideoElement} video */
async function toggleInset(video) {
  if (document.pictureInPictureElement === video) await document.exitPictureInPicture();
  else await video.requestPictureInPicture().catch(() => {});
}
