/**
 * A video in the library: a card, or a row by the stylesheet alone.
 *
 * @module
 */

import { fill, h, setAttribute, setText } from "../../lib/dom.js";
import { ago, bytes, clock, duration, exact } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { attachMenu } from "../../lib/menu.js";
import { t } from "../../lib/strings.js";
import { failureText, isAudio, isInWork, savedPercent, stateWord, work } from "../../lib/video-state.js";

/** @typedef {import("../../lib/types.d.ts").Video} Video */

/**
 * @typedef {object} CardActions
 * @property {(video: Video) => import("../../lib/menu.js").MenuEntry[]} menu
 * @property {((video: Video) => void) | null} retry null if the token does not permit it
 * @property {(video: Video) => {name: string, ratio: number, text: string} | null} sending the upload of this browser, if it
 *   is one
 */

/**
 * Create the card.
 *
 * @param {Video} first
 * @param {CardActions} actions
 */
export function createVideoCard(first, actions) {
  let video = first;
  let shape = "";
  const poster = h("div", { class: "video-poster" });
  const link = h("a", { dir: "auto" });
  const state = h("span", { class: "video-state" });
  const age = h("time");
  const saved = h("span", { class: "video-saved" });
  const size = h("span", { class: "video-size" });
  const more = h("button", { class: "button button-quiet button-icon video-more", type: "button" }, icon("more"));
  attachMenu(more, () => actions.menu(video));
  // The work or the failure: over the poster of a card, below the title of a row.
  const extra = h("div", { class: "video-extra", hidden: true });
  const element = h(
    "li",
    { class: "video" },
    poster,
    h("h2", { class: "video-title" }, link),
    h("p", { class: "video-meta" }, state, " ", age, " ", saved, " ", size),
    extra,
    more,
  );
  /** @type {((video: Video) => void) | null} */
  let renderWork = null;

  function renderPoster() {
    const next = posterShape(video);
    if (next === shape) return;
    shape = next;
    const [kind = ""] = next.split(" ", 1);
    element.dataset.shape = kind;
    extra.hidden = kind === "picture";
    renderWork = null;
    fill(poster, kind === "picture" ? picture(video) : icon(kind === "failed" ? "alert" : "film"));
    if (kind === "failed") fill(extra, failure(video, actions.retry && (() => actions.retry?.(video))));
    if (kind === "work") {
      const work = createWork(actions);
      renderWork = work.update;
      fill(extra, work.element);
    }
  }

  /**
   * Show another state of the video; without one, only what depends on the time and on this page's own uploads.
   *
   * @param {Video} [next]
   */
  function update(next) {
    if (next === undefined) setText(age, ago(video.created_at));
    if (next === undefined || next === video) return renderWork?.(video);
    video = next;
    renderAll();
  }

  function renderAll() {
    element.dataset.id = video.video_id;
    setText(link, video.title);
    setAttribute(link, "title", video.title.length > 60 ? video.title : null);
    setAttribute(link, "href", `/v/${video.video_id}`);
    setAttribute(more, "aria-label", t.library.menuOf(video.title));
    setText(state, stateWord(video));
    setAttribute(age, "datetime", video.created_at);
    setAttribute(age, "title", exact(video.created_at));
    setText(age, ago(video.created_at));
    const percent = savedPercent(video);
    setText(saved, percent > 0 ? t.library.saved(percent) : "");
    setAttribute(saved, "title", sizes(video));
    setText(size, sizes(video));
    renderPoster();
    renderWork?.(video);
  }

  renderAll();
  return { element, update };
}

/**
 * The size before and after.
 *
 * @param {Video} video
 */
function sizes(video) {
  const after = video.rendition_size_bytes;
  return after && savedPercent(video) > 0 ? `${bytes(video.size_bytes)} → ${bytes(after)}` : bytes(video.size_bytes);
}

/**
 * What stands in the place of the poster; the same string: the same elements.
 *
 * @param {Video} video
 */
function posterShape(video) {
  if (video.status === "failed" && !video.playable) return "failed";
  if (isInWork(video) && !video.playable) return "work";
  // A signed URL changes with every answer, the picture does not.
  return `picture ${video.poster_url?.split("?")[0] ?? ""} ${isInWork(video)} ${video.duration_s ?? ""}`;
}

/** @param {Video} video */
function picture(video) {
  const image = video.poster_url && h("img", { src: video.poster_url, alt: "", loading: "lazy", decoding: "async", width: 640, height: 360 });
  const seconds = video.duration_s;
  if (image) image.addEventListener("error", () => image.replaceWith(icon("film")));
  return [
    image || icon(isAudio(video) ? "audio" : "film"),
    isInWork(video) && h("span", { class: "chip chip-start" }, icon("captions"), t.library.captionsComing),
    seconds !== null && h("span", { class: "chip" }, h("span", { "aria-hidden": "true" }, clock(seconds)), h("span", { class: "visually-hidden" }, duration(seconds))),
  ];
}

/**
 * The stage with its bar; of a video that this page is sending, the upload's own progress.
 *
 * @param {CardActions} actions
 */
function createWork(actions) {
  const name = h("strong");
  const percent = h("span", { class: "video-percent" });
  const bar = h("progress", { class: "bar", max: 1 });
  const note = h("span", { class: "video-note" });
  const element = h("div", { class: "video-work" }, name, percent, bar, note);

  /** @param {Video} video */
  function update(video) {
    const own = actions.sending(video);
    const stage = work(video);
    const ratio = own ? own.ratio : stage.percent === null ? null : stage.percent / 100;
    setText(name, own?.name ?? stage.text);
    setText(percent, ratio === null ? "" : t.percent(100 * ratio));
    setText(note, own ? own.text : stage.left);
    if (ratio === null) bar.removeAttribute("value");
    else bar.value = ratio;
    // Nothing is known of an upload by another device.
    bar.hidden = ratio === null && (video.status === "uploaded" || video.status === "uploading");
    element.classList.toggle("is-idle", bar.hidden);
    setAttribute(bar, "aria-label", `${video.title}: ${name.textContent}`);
  }

  return { element, update };
}

/**
 * The reason of the failure, and what can be done.
 *
 * @param {Video} video
 * @param {(() => void) | null} retry
 */
function failure({ failure: reason }, retry) {
  const isRetried = retry !== null && reason !== null && !NOT_RETRIED.has(reason.code);
  return h(
    "div",
    { class: "video-failed" },
    h("p", { title: reason?.message }, reason ? failureText(reason) : t.somethingFailed),
    retry && isRetried && h("button", { class: "button", type: "button", on: { click: retry } }, icon("retry"), t.retry),
  );
}

/** Failures of uploads: there is nothing on the server that could be processed again. */
const NOT_RETRIED = new Set(["upload_failed", "upload_cancelled", "upload_expired", "source_missing", "not_a_video"]);

/** The place of a card that is being loaded. */
export const createSkeletonCard = () =>
  h(
    "li",
    { class: "video", "aria-hidden": "true" },
    h("div", { class: "video-poster skeleton" }),
    h("div", { class: "video-title" }, h("span", { class: "skeleton" }, "A title of usual length")),
    h("p", { class: "video-meta" }, h("span", { class: "skeleton" }, "Ready · 2 days ago")),
  );
