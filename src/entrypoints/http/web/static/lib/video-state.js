/**
 * What state a video is in, in words.
 *
 * @module
 */

import { left } from "./format.js";
import { t } from "./strings.js";

/** @typedef {import("./types.d.ts").Video} Video */
/** @typedef {import("./types.d.ts").Status} Status */
/** @typedef {import("./types.d.ts").Stage} Stage */

/**
 * The stage that a video is in: the first that runs, or else the first that has not begun.
 *
 * @param {Status} status
 * @returns {Stage | undefined}
 */
export function currentStage({ stages }) {
  return stages.find(({ state }) => state === "running") ?? stages.find(({ state }) => state === "pending");
}

/** @param {Status} status */
export const isInWork = ({ status }) => status !== "completed" && status !== "failed";

/**
 * The work on a video: what happens, how far it is (null: unknown), and the time left in words.
 *
 * @param {Status} status
 * @returns {{text: string, percent: number | null, left: string}}
 */
export function work(status) {
  const stage = currentStage(status);
  if (!stage || stage.state === "pending") {
    const isWaiting = status.status === "uploaded" || !stage;
    return { text: isWaiting ? t.stage.waiting : t.stage[stage.name], percent: null, left: "" };
  }
  const text = stage.attempt > 1 ? t.stage.again(t.stage[stage.name], stage.attempt) : t.stage[stage.name];
  const isMeasured = stage.percent > 0;
  return { text, percent: isMeasured ? stage.percent : null, left: stage.eta_s === null ? "" : left(stage.eta_s) };
}

/**
 * The state of a video in a few words.
 *
 * @param {Video} video
 */
export function stateWord(video) {
  if (video.status === "failed") return t.state.failed;
  if (isInWork(video)) return video.playable ? t.state.playable : work(video).text;
  const codes = video.warnings.map(({ code }) => code);
  if (codes.includes("speech_not_recognised")) return t.state.uncertain;
  if (video.captions !== "none") return t.state.ready;
  const transcribe = video.stages.find(({ name }) => name === "transcribe");
  return transcribe?.state === "done" ? t.state.noSpeech : t.state.noCaptions;
}

/**
 * Why a video failed, and what to do.
 *
 * @param {import("./types.d.ts").Failure} failure
 */
export function failureText({ code, message }) {
  /** @type {Record<string, string[]>} */
  const known = t.video.failures;
  return known[code]?.join(". ") ?? message;
}

/**
 * How much smaller the rendition is, in percent; 0 where that is not worth a word.
 *
 * @param {Video} video
 */
export function savedPercent({ size_bytes: before, rendition_size_bytes: after, rendition_kind: kind }) {
  if (kind !== "encoded" || !after || !before) return 0;
  return Math.max(0, Math.floor(100 * (1 - after / before)));
}

/** @param {Video} video */
export const isAudio = (video) =>
  video.media ? video.media.kind === "audio" : video.content_type.startsWith("audio/");
