/** What is known of the video: its state in words, the stages while it is in work, sizes, warnings and the failure. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { ago, bytes, clock, exact, left } from "../../lib/format.js";
import { t as strings } from "../../lib/strings.js";
import { captionsPending, leadingStage } from "./state.js";

const t = strings.video;

/** @typedef {import("../../lib/types.js").Stage} Stage */
/** @typedef {import("../../lib/types.js").Video} Video */
/** @typedef {Record<string, string[]>} Words a title and what to do, by code */

/** @type {Words} */
const FAILURES = t.failures;
/** @type {Words} */
const WARNINGS = t.warnings;
/** @type {Record<string, string>} */
const WAITING = t.waitingText;
const STAGE_ICONS = /** @type {const} */ ({ done: "check", failed: "alert", running: "retry", pending: "clock", skipped: "check" });

/** @param {Video} video @returns {[string, string]} the words and the badge's class */
export function stateOf(video) {
  if (video.status === "failed") return [t.states.failed, "badge-danger"];
  if (video.playable) return captionsPending(video) ? [t.states.captioning, "badge-accent"] : [t.states.completed, "badge-success"];
  const stage = leadingStage(video);
  if (stage) return [strings.stage[stage.name], "badge-accent"];
  return [t.states[video.status], "badge-accent"];
}

/** The line under the title. @param {Video} video */
export function facts(video) {
  const [words, style] = stateOf(video);
  const media = video.media;
  const parts = [
    h("time", { datetime: video.created_at, title: exact(video.created_at) }, ago(video.created_at)),
    media && h("span", {}, clock(media.duration_s)),
    media?.width ? h("span", {}, `${media.width} × ${media.height}`) : null,
    video.title !== video.filename ? h("bdi", { class: "watch-filename", title: video.filename }, h("span", {}, video.filename)) : null,
  ];
  return h("p", { class: "watch-facts" }, h("span", { class: `badge ${style}` }, words), ...parts);
}

/** Size before and after. @param {Video} video */
export function sizes(video) {
  const [before, after] = [video.size_bytes, video.rendition_size_bytes];
  if (!video.playable || !before || !after) return null;
  const saved = Math.floor((1 - after / before) * 100);
  if (video.rendition_kind === "original" || saved < 1) {
    return h("div", { class: "sizes" }, h("p", {}, h("strong", {}, bytes(after)), " ", h("span", {}, video.rendition_kind === "original" ? t.playedAsUploaded : t.aboutTheSame)));
  }
  const bar = h("div", { class: "sizes-bar", "aria-hidden": "true" }, h("div", { style: { "inline-size": `${Math.max((after / before) * 100, 2)}%` } }));
  return h("div", { class: "sizes is-smaller" }, h("p", {}, h("strong", {}, t.saved(saved)), " ", h("span", {}, t.fromTo(bytes(before), bytes(after)))), bar);
}

/** @param {Stage} stage */
function stageRow(stage) {
  const running = stage.state === "running";
  const bar = running && h("progress", { class: "bar", max: "100", value: stage.percent > 0 ? String(stage.percent) : undefined, "aria-label": strings.stage[stage.name] });
  const remaining = running && stage.eta_s !== null && h("span", { class: "stage-left" }, ` · ${left(stage.eta_s)}`);
  const state = running ? [strings.percent(stage.percent), remaining] : t.stageStates[stage.state];
  return h(
    "li",
    { class: `stage is-${stage.state}` },
    icon(STAGE_ICONS[stage.state]),
    h("span", { class: "stage-name" }, (stage.state === "done" ? strings.stageDone : strings.stage)[stage.name], stage.attempt > 1 && running && h("small", {}, ` ${t.attempt(stage.attempt)}`)),
    h("span", { class: "stage-state" }, state),
    bar,
  );
}

/** All stages, or of a video that plays those that are left. @param {Video} video */
export function stages(video) {
  const shown = video.playable ? video.stages.filter(({ state }) => state === "pending" || state === "running") : video.stages;
  return h("ol", { class: "stages", "aria-label": t.progress }, ...shown.map(stageRow));
}

/** In the place of the player while there is nothing to play. @param {Video} video @param {() => void} onRetry @param {boolean} canRetry */
export function waiting(video, onRetry, canRetry) {
  if (video.status === "failed") return failed(video, onRetry, canRetry);
  const stage = leadingStage(video);
  const words = stage ? strings.stage[stage.name] : t.states[video.status];
  return h(
    "div",
    { class: "watch-stage card" },
    h("div", { class: "watch-working" }, h("h2", {}, words), h("p", { role: "status" }, stage?.eta_s ? left(stage.eta_s) : WAITING[video.status] ?? ""), stages(video)),
  );
}

/** @param {Video} video @param {() => void} onRetry @param {boolean} canRetry */
function failed(video, onRetry, canRetry) {
  const { code, message } = video.failure ?? { code: "", message: "" };
  const [title, advice] = FAILURES[code] ?? [t.failedTitle, message];
  return h(
    "div",
    { class: "watch-stage card" },
    h(
      "div",
      { class: "watch-failed", role: "alert" },
      icon("alert"),
      h("h2", {}, title),
      h("p", {}, advice),
      message && message !== advice && h("details", {}, h("summary", {}, t.reason), h("p", { dir: "auto" }, message)),
      h("div", { class: "watch-failed-actions" }, canRetry && h("button", { class: "button button-primary", type: "button", on: { click: onRetry } }, icon("retry"), strings.retry), h("a", { class: "button", href: "/" }, strings.toLibrary)),
    ),
  );
}

/** Warnings, and the failure of a video that plays. @param {Video} video @param {() => void} onRetry @param {boolean} canRetry */
export function notices(video, onRetry, canRetry) {
  const items = video.warnings.map(({ code, message }) => {
    const [title, advice] = WARNINGS[code] ?? [message, ""];
    return h("li", { class: "notice" }, icon("alert"), h("div", {}, h("strong", {}, title), " ", advice, code === "source_partly_used" && h("p", { dir: "auto" }, message)));
  });
  if (video.status === "failed" && video.playable) {
    const [title, advice] = FAILURES[video.failure?.code ?? ""] ?? [t.failedTitle, video.failure?.message ?? ""];
    const retry = canRetry && h("button", { class: "button", type: "button", on: { click: onRetry } }, icon("retry"), strings.retry);
    items.unshift(h("li", { class: "notice notice-danger" }, icon("alert"), h("div", {}, h("strong", {}, title), " ", advice), retry));
  }
  return items.length ? h("ul", { class: "notices" }, ...items) : null;
}
