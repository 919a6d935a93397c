/**
 * Records the camera or the screen; the recording is an upload of the queue from its first second.
 *
 * @module
 */

import { openDialog } from "../../lib/dialog.js";
import { h, setText } from "../../lib/dom.js";
import { bytes, clock } from "../../lib/format.js";
import { t } from "../../lib/strings.js";
import { toast } from "../../lib/toast.js";

/** @typedef {"camera" | "screen"} Source */

/**
 * Ask for the source, and record it in a dialog; what is recorded is uploaded meanwhile.
 *
 * @param {import("../../lib/types.d.ts").App} app
 * @param {Source} source
 */
export async function record({ uploads }, source) {
  /** @type {MediaStream} */
  let stream;
  try {
    stream = await open(source);
  } catch {
    toast(t.recorder.refused);
    return;
  }
  try {
    const { id, recording } = await uploads.record(stream, t.recorder.name(source, new Date()));
    const answer = await recordInDialog(recording, stream, source);
    if (answer !== "stop") void uploads.cancel(id);
    else await recording.stop().then(() => explain(recording), () => explain(recording));
  } catch (error) {
    toast(/** @type {Partial<import("../../telecine-upload.js").UploadError>} */ (error).advice ?? t.unreachable);
  } finally {
    stream.getTracks().forEach((track) => track.stop());
  }
}

/** @param {Source} source */
const open = (source) =>
  source === "camera"
    ? navigator.mediaDevices.getUserMedia({ video: true, audio: true })
    : navigator.mediaDevices.getDisplayMedia({ video: true, audio: true });

/**
 * Record until the user stops it, the source ends, or the server accepts no more.
 *
 * @param {import("../../telecine-upload.js").Recording} recording
 * @param {MediaStream} stream
 * @param {Source} source
 * @returns {Promise<string>} empty if the recording was thrown away
 */
async function recordInDialog(recording, stream, source) {
  const time = h("span", null, clock(0));
  const sent = h("span", { class: "recorder-sent" });
  let recordedMs = 0;
  let shownAt = Date.now();
  const show = () => {
    if (recording.capture.state === "recording") recordedMs += Date.now() - shownAt;
    shownAt = Date.now();
    setText(time, clock(recordedMs / 1000));
    setText(sent, t.recorder.sent(bytes(recording.progress.sentBytes), bytes(recording.progress.totalBytes)));
  };
  const timer = window.setInterval(show, 250);
  const pause = h("button", { class: "button", type: "button", on: { click: () => recording.pause() || recording.resume() } }, t.recorder.pause);
  const answer = await openDialog(t.recorder.title[source], (close) => {
    recording.addEventListener("capture", () => {
      if (recording.capture.state === "stopped") close("stop");
      setText(pause, recording.capture.state === "paused" ? t.recorder.resume : t.recorder.pause);
    });
    return [
      h("video", { class: "recorder-preview", autoplay: true, playsinline: true, muted: true, srcObject: stream }),
      h("p", { class: "recorder-time" }, time, sent),
      h(
        "div",
        { class: "actions" },
        h("button", { class: "button", type: "button", on: { click: () => close() } }, t.recorder.discard),
        pause,
        h("button", { class: "button button-primary", type: "button", on: { click: () => close("stop") } }, t.recorder.stop),
      ),
    ];
  }, { needsAnswer: true });
  window.clearInterval(timer);
  return answer;
}

/**
 * Say why a recording has ended, if it was not the user's wish.
 *
 * @param {import("../../telecine-upload.js").Recording} recording
 */
function explain(recording) {
  if (recording.capture.reason === "buffer_full") toast(t.recorder.full);
  else if (recording.capture.refusedBytes && recording.state !== "failed") toast(t.recorder.cut(bytes(recording.capture.refusedBytes)), { ms: 15_000 });
}
