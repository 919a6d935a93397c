/**
 * Records the camera or the screen, and puts the recording into the queue of uploads.
 *
 * @module
 */

import { openDialog } from "../../lib/dialog.js";
import { h, setText } from "../../lib/dom.js";
import { clock } from "../../lib/format.js";
import { t } from "../../lib/strings.js";
import { toast } from "../../lib/toast.js";

/** @typedef {"camera" | "screen"} Source */

/** In the order of preference: a container that every player knows, then what every browser records. */
const TYPES = ["video/mp4;codecs=avc1.64002a,mp4a.40.2", "video/webm;codecs=vp9,opus", "video/webm", "video/mp4"];

/**
 * Ask for the source, record it in a dialog, and upload the result.
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
  const file = await recordInDialog(stream, source);
  stream.getTracks().forEach((track) => track.stop());
  if (file) uploads.add([file]);
}

/** @param {Source} source */
const open = (source) =>
  source === "camera"
    ? navigator.mediaDevices.getUserMedia({ video: true, audio: true })
    : navigator.mediaDevices.getDisplayMedia({ video: true, audio: true });

/**
 * Record until the user stops it, or the source ends.
 *
 * @param {MediaStream} stream
 * @param {Source} source
 * @returns {Promise<File | null>} null if the recording was thrown away
 */
async function recordInDialog(stream, source) {
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(stream, { mimeType });
  /** @type {Blob[]} */
  const chunks = [];
  recorder.addEventListener("dataavailable", ({ data }) => chunks.push(data));
  const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve));
  const startedAt = Date.now();
  const time = h("span", null, clock(0));
  const timer = window.setInterval(() => setText(time, clock((Date.now() - startedAt) / 1000)), 250);
  recorder.start(1000);
  const answer = await openDialog(t.recorder.title[source], (close) => {
    recorder.addEventListener("stop", () => close("stop"));
    return [
      h("video", { class: "recorder-preview", autoplay: true, playsinline: true, muted: true, srcObject: stream }),
      h("p", { class: "recorder-time" }, time),
      h(
        "div",
        { class: "actions" },
        h("button", { class: "button", type: "button", on: { click: () => close() } }, t.recorder.discard),
        h("button", { class: "button button-primary", type: "button", on: { click: () => close("stop") } }, t.recorder.stop),
      ),
    ];
  }, { needsAnswer: true });
  window.clearInterval(timer);
  if (recorder.state !== "inactive") recorder.stop();
  await stopped;
  if (answer !== "stop") return null;
  const type = recorder.mimeType.split(";")[0] ?? "video/webm";
  return new File(chunks, `${t.recorder.name(source, new Date())}.${type === "video/mp4" ? "mp4" : "webm"}`, { type });
}
