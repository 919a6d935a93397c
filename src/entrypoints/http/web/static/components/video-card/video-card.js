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
import { isAudio, isInWork, savedPercent, stateWord, work } from "../../lib/video-state.js";

/** @typedef {import("../../lib/types.d.ts").Video} Video */

/**
 * @typedef {object} CardActions
 * @property {(video: Video) => import("../../lib/menu.js").MenuEntry[]} menu
 * @property {(video: Video) => void} retry
 * @property {(video: Video) => {ratio: number, text: string} | null} sending the upload of this browser, if it is one
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
  const element = h(
    "li",
    { class: "video" },
    poster,
    h("h2", { class: "video-title" }, link),
    h("p", { class: "video-meta" }, state, age, saved, size),
    more,
  );
  /** @type {{bar: HTMLProgressElement, text: Element, note: Element} | null} */
  let progress = null;

  function renderPoster() {
    const next = posterShape(video);
    if (next === shape) return;
    shape = next;
    element.dataset.shape = next.split(" ", 1)[0];
    progress = null;
    if (next === "failed") fill(poster, failedPoster(video, () => actions.retry(video)));
    else if (next === "work") {
      const parts = workPoster();
      progress = parts;
      fill(poster, parts.element);
    } else fill(poster, picture(video));
  }

  function renderProgress() {
    if (!progress) return;
    const own = actions.sending(video);
    const { text, percent, left } = work(video);
    setText(progress.text, own ? t.stage.upload : text);
    const ratio = own ? own.ratio : percent === null ? null : percent / 100;
    setText(progress.note, own ? own.text : [percent !== null && t.percent(percent), left].filter(Boolean).join(" · "));
    if (ratio === null) progress.bar.removeAttribute("value");
    else progress.bar.value = ratio;
    setAttribute(progress.bar, "aria-label", `${video.title}: ${text}`);
  }

  /** @param {Video} next */
  function update(next = video) {
    video = next;
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
    const after = video.rendition_size_bytes;
    setText(size, after && percent > 0 ? `${bytes(video.size_bytes)} → ${bytes(after)}` : bytes(video.size_bytes));
    renderPoster();
    renderProgress();
  }

  update();
  return { element, update, video: () => video, link };
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

function workPoster() {
  const text = h("strong");
  const note = h("span");
  const bar = h("progress", { class: "bar", max: 1 });
  return { element: h("div", { class: "video-work" }, text, bar, note), text, note, bar };
}

/**
 * @param {Video} video
 * @param {() => void} retry
 */
function failedPoster(video, retry) {
  const code = video.failure?.code ?? "";
  return h(
    "div",
    { class: "video-failed" },
    icon("alert"),
    h("p", { title: video.failure?.message }, video.failure?.message ?? t.somethingFailed),
    !NOT_RETRIED.has(code) && h("button", { class: "button", type: "button", on: { click: retry } }, icon("retry"), t.retry),
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
