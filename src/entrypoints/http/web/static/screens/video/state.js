/** Questions that several parts of the screen ask of a video. */

/** @typedef {import("../../lib/types.js").Video} Video */
/** @typedef {import("../../lib/types.js").Stage} Stage */

/** The stage that is shown for the whole. @param {Video} video @returns {Stage | undefined} */
export function leadingStage({ stages }) {
  const running = stages.filter(({ state }) => state === "running");
  return running.find(({ name }) => name !== "transcribe") ?? running[0];
}

/** Whether captions are being written or will be. @param {Video} video */
export function captionsPending({ stages, status }) {
  const stage = stages.find(({ name }) => name === "transcribe");
  return stage !== undefined && status !== "failed" && ["pending", "running"].includes(stage.state);
}

/** Whether the video has a stage that writes captions. @param {Video} video */
export const transcribes = ({ stages }) => stages.some(({ name, state }) => name === "transcribe" && state !== "skipped");
