/**
 * The player: a native `<video>` with a control bar of its own, captions, storyboard, and the keys of YouTube.
 */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { t as strings } from "../../lib/strings.js";
import { createCaptions } from "./captions.js";
import { createControls } from "./controls.js";
import { handleKey } from "./keyboard.js";
import { joinMediaSession, leaveMediaSession } from "./media_session.js";
import { preferences, remember } from "./preferences.js";
import { createSeekBar } from "./seek_bar.js";
import { createSettingsMenu, SPEEDS } from "./settings_menu.js";
import { createSource } from "./source.js";
import { storyboardTiles } from "./times.js";

const t = strings.player;

const IDLE_MS = 2500;

/**
 * @param {{
 *   title: string,
 *   width?: number,
 *   height?: number,
 *   durationS?: number | null,
 *   frameRate?: number,
 *   startAt?: number,
 *   loadPlayback: () => Promise<import("./source.js").Playback>,
 *   loadStoryboard: (playback: import("./source.js").Playback) => Promise<string>,
 *   onTime: (time: number) => void,
 * }} options
 */
export function createPlayer(options) {
  const chosen = preferences();
  const video = /** @type {HTMLVideoElement} */ (h("video", { class: "player-video", playsinline: true, preload: "metadata", tabindex: "-1" }));
  video.volume = chosen.volume;
  video.muted = chosen.muted;
  const abort = new AbortController();
  const { signal } = abort;
  let { title } = options;

  const duration = () => (Number.isFinite(video.duration) && video.duration > 0 ? video.duration : options.durationS ?? 0);
  /** @param {number} time */
  const seek = (time) => {
    video.currentTime = Math.min(Math.max(time, 0), duration() || time);
    options.onTime(video.currentTime);
    seekBar.update();
  };
  const toggle = () => (video.paused ? void play() : video.pause());
  async function play() {
    if (source.isExpired) await source.renew();
    if (signal.aborted) return;
    await video.play().catch(() => {});
  }

  const captions = createCaptions(video, () => controls.updateCaptions());
  const seekBar = createSeekBar(video, { duration, onSeek: seek });
  const poster = /** @type {HTMLImageElement} */ (h("img", { class: "player-poster", alt: "", hidden: true }));
  const note = h("div", { class: "player-note", role: "status" });
  const spinner = h("div", { class: "player-spinner", "aria-hidden": "true", hidden: true });
  const big = h("button", { class: "player-big", type: "button", "aria-label": t.play, tabindex: "-1", on: { click: () => toggle() } }, icon("play"));
  const again = h("button", { class: "button", type: "button", on: { click: () => void source.again() } }, t.tryAgain);
  const failure = h("div", { class: "player-failure", role: "alert", hidden: true }, h("p", {}, t.failed), again);
  const source = createSource(video, { load: options.loadPlayback, onState: showState, signal });

  let noteTimer = 0;
  /** @param {string} text */
  function say(text) {
    note.textContent = text;
    note.classList.add("is-shown");
    clearTimeout(noteTimer);
    noteTimer = window.setTimeout(() => note.classList.remove("is-shown"), 900);
  }

  /** @param {"ready" | "renewing" | "failed"} state */
  function showState(state) {
    failure.hidden = state !== "failed";
    spinner.hidden = state !== "renewing";
    element.classList.toggle("is-failed", state === "failed");
  }

  /** @param {number} rate */
  function setRate(rate) {
    video.playbackRate = rate;
    video.defaultPlaybackRate = rate;
    remember({ rate });
    say(t.speed(rate));
  }

  /** @param {number} index */
  function setCaptions(index) {
    captions.choose(index);
    remember({ captions: index >= 0 });
    say(index >= 0 ? t.captionsOn(captions.labels[index]) : t.captionsOff);
  }

  /** @type {import("./keyboard.js").Actions} */
  const actions = {
    toggle,
    seekBy: (seconds) => {
      seek(video.currentTime + seconds);
      say(seconds > 0 ? t.forward(seconds) : t.back(-seconds));
    },
    seekTo: (ratio) => seek(ratio * duration()),
    step: (frames) => {
      video.pause();
      seek(video.currentTime + frames / (options.frameRate || 25));
    },
    faster: (by) => {
      const at = SPEEDS.findIndex((speed) => speed >= video.playbackRate);
      setRate(SPEEDS[Math.min(Math.max(at + by, 0), SPEEDS.length - 1)]);
    },
    volumeBy: (by) => {
      video.muted = false;
      video.volume = Math.min(Math.max(Math.round((video.volume + by) * 100) / 100, 0), 1);
      say(t.volume(Math.round(video.volume * 100)));
    },
    mute: () => {
      video.muted = !video.muted;
      say(video.muted ? t.muted : t.volume(Math.round(video.volume * 100)));
    },
    captions: () => (captions.labels.length ? setCaptions(captions.chosen >= 0 ? -1 : 0) : say(t.noCaptions)),
    fullscreen: () => void toggleFullscreen(),
  };

  async function toggleFullscreen() {
    if (document.fullscreenElement) await document.exitFullscreen();
    else if (element.requestFullscreen) await element.requestFullscreen().catch(() => {});
    // A phone without full screen for elements has one for the video.
    else /** @type {any} */ (video).webkitEnterFullscreen?.();
  }

  const settings = createSettingsMenu(video, captions, { onSpeed: setRate, onCaptions: setCaptions });
  const controls = createControls({ video, captions, seekBar, settings, actions, duration });
  const element = h(
    "section",
    { class: "player is-fresh", "aria-label": t.label(title), tabindex: "-1" },
    ...[video, poster, captions.element, spinner, big, note, failure, controls.element, settings.menu],
  );
  /** @param {number | undefined} width @param {number | undefined} height */
  const shape = (width, height) => width && height && element.style.setProperty("aspect-ratio", `${width} / ${height}`);
  shape(options.width, options.height);
  video.addEventListener("loadedmetadata", () => shape(video.videoWidth, video.videoHeight));

  let idleTimer = 0;
  function wake() {
    element.classList.remove("is-idle");
    clearTimeout(idleTimer);
    idleTimer = window.setTimeout(() => {
      const busy = video.paused || settings.isOpen || element.querySelector(".player-bar :focus-visible");
      if (!busy) element.classList.add("is-idle");
    }, IDLE_MS);
  }
  for (const name of ["pointermove", "pointerdown", "keydown", "focusin"]) element.addEventListener(name, wake);
  element.addEventListener("pointerleave", () => video.paused || settings.isOpen || element.classList.add("is-idle"));
  video.addEventListener("click", (event) => {
    const touched = /** @type {PointerEvent} */ (event).pointerType === "touch";
    if (settings.isOpen) settings.close();
    else if (!touched) toggle();
  });
  video.addEventListener("dblclick", () => actions.fullscreen());
  video.addEventListener("play", () => {
    element.classList.remove("is-fresh");
    element.classList.add("is-playing");
    wake();
  });
  video.addEventListener("pause", () => element.classList.remove("is-playing", "is-idle"));
  video.addEventListener("timeupdate", () => options.onTime(video.currentTime));
  video.addEventListener("seeked", () => element.classList.add("is-seeked"));
  let waitTimer = 0;
  video.addEventListener("waiting", () => {
    clearTimeout(waitTimer);
    waitTimer = window.setTimeout(() => (spinner.hidden = false), 300);
  });
  for (const name of ["playing", "canplay", "seeked", "pause"]) {
    video.addEventListener(name, () => {
      clearTimeout(waitTimer);
      spinner.hidden = true;
    });
  }
  video.addEventListener("volumechange", () => remember({ volume: video.volume, muted: video.muted }));
  document.addEventListener("keydown", (event) => handleKey(event, actions, element.contains(/** @type {Node} */ (event.target))), { signal });

  async function open() {
    const playback = await source.open(options.startAt ?? 0);
    if (signal.aborted) return playback;
    video.playbackRate = chosen.rate;
    video.defaultPlaybackRate = chosen.rate;
    const isSound = playback.content_type.startsWith("audio/");
    element.classList.toggle("is-sound", isSound);
    showPoster(playback.poster_url);
    joinMediaSession(video, { title, poster: playback.poster_url, seekBy: actions.seekBy, seek });
    const board = playback.storyboard_url ? await options.loadStoryboard(playback).catch(() => "") : "";
    if (signal.aborted) return playback;
    seekBar.setTiles(storyboardTiles(board));
    return playback;
  }

  /** @param {string | null} url */
  function showPoster(url) {
    poster.hidden = !url;
    if (url) poster.src = url;
  }

  return {
    element,
    video,
    open,
    seek,
    play,
    showPoster,
    /** @param {string} next */
    setTitle(next) {
      title = next;
      element.setAttribute("aria-label", t.label(title));
      if (navigator.mediaSession?.metadata) navigator.mediaSession.metadata.title = title;
    },
    fail: () => showState("failed"),
    get time() {
      return video.currentTime;
    },
    /** @param {import("./captions.js").CaptionTrack[]} tracks */
    setCaptions: (tracks) => captions.set(tracks, preferences().captions),
    dispose() {
      abort.abort();
      controls.dispose();
      clearTimeout(idleTimer);
      clearTimeout(noteTimer);
      clearTimeout(waitTimer);
      video.pause();
      video.removeAttribute("src");
      video.load();
      leaveMediaSession();
    },
  };
}
