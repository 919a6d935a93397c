/** A video: player, transcript, what is known of it, and what can be done with it. */

import { linkedTime } from "../../components/player/times.js";
import { h } from "../../lib/dom.js";
import { message } from "../../lib/router.js";
import { t as strings } from "../../lib/strings.js";
import { createActions } from "./actions.js";
import { createCommands } from "./commands.js";
import { facts, notices, sizes, stages, waiting } from "./details.js";
import { captionsPending, transcribes } from "./state.js";
import { createTitle } from "./title.js";
import { createWatching } from "./watching.js";

const t = strings.video;

/**
 * @param {import("../../lib/types.js").App} app
 * @param {{id: string, query: URLSearchParams}} params
 * @returns {Promise<import("../../lib/types.js").Screen>}
 */
export default async function videoScreen(app, { id, query }) {
  const path = `/api/videos/${id}`;
  /** @type {import("../../lib/types.js").Video} */
  let video;
  try {
    video = await app.api.get(path);
  } catch (error) {
    const missing = /** @type {import("../../lib/api.js").ApiError} */ (error).status === 404;
    return missing ? message(t.notFoundTitle, t.notFoundText) : message(strings.screenFailed, /** @type {Error} */ (error).message);
  }
  const canWrite = app.session.scopes.includes("videos:write");
  const stage = h("div", { class: "watch-player" });
  const info = h("div", { class: "watch-info" });
  const known = h("div");
  const watching = createWatching({
    app,
    video: () => video,
    stage,
    startAt: linkedTime(query.get("t")),
    plays: query.has("play"),
    canWrite,
    onCaptionsChange: () => void reload(),
    commands: () => commands,
  });
  const commands = createCommands({ app, video: () => video, watching, canWrite, reload, rename: () => title.edit() });
  const title = createTitle({ value: video.title, canEdit: canWrite, onSave: commands.saveTitle });
  const actions = createActions(commands);
  const main = h("div", { class: "watch-main" }, stage, h("div", { class: "watch-below" }, title.element, h("div", { class: "watch-row" }, known, actions.element), info));
  const element = h("div", { class: "watch-screen" }, h("div", { class: "watch-columns" }, main, watching.transcript.element));

  /** What the last drawing showed; nothing is replaced under the pointer while it is the same. */
  let drawn = "";
  function draw() {
    const key = JSON.stringify([video.status, video.playable, video.stages, video.failure, video.warnings, video.rendition_size_bytes, video.title]);
    if (key === drawn) return;
    drawn = key;
    element.classList.toggle("is-failed", video.status === "failed" && !video.playable);
    actions.update();
    known.replaceChildren(facts(video));
    const inWork = video.playable && transcribes(video);
    const below = [video.playable && notices(video, commands.retry, canWrite), sizes(video), inWork && captionsPending(video) && stages(video)];
    info.replaceChildren(...below.filter((each) => each instanceof Node));
    if (!video.playable) stage.replaceChildren(waiting(video, commands.retry, canWrite));
    watching.update();
  }

  let reloading = false;
  let stale = false;
  /** Load the video again; while that runs, further calls are one. */
  async function reload() {
    if (reloading) {
      stale = true;
      return;
    }
    reloading = true;
    try {
      video = await app.api.get(path);
      draw();
    } catch {
      // The bar above says that the server is away; the next change loads it again.
    } finally {
      reloading = false;
      if (stale) {
        stale = false;
        void reload();
      }
    }
  }

  /** @param {import("../../lib/live.js").Change} change */
  function onChange(change) {
    if (change.type === "video.deleted") return;
    if (change.kind === "progress") {
      const { stage: name, percent, attempt, speed, eta_s } = change.data;
      video = { ...video, stages: video.stages.map((each) => (each.name === name ? { ...each, state: "running", percent, attempt, speed, eta_s } : each)) };
      return draw();
    }
    if (change.type === "poster.ready") void watching.updatePoster();
    if (/^(captions|transcript)\./.test(change.type)) void watching.loadTranscript();
    void reload();
  }

  const stops = [app.live.on(id, onChange), app.live.on("", (change) => change.kind === "reload" && void reload())];
  draw();
  return {
    element,
    title: video.title,
    dispose() {
      stops.forEach((stop) => stop());
      watching.dispose();
    },
  };
}
