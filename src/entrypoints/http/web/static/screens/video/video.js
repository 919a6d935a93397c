/** A video: player, transcript, what is known of it, and what can be done with it. */

import { linkedTime } from "../../components/player/times.js";
import { h } from "../../lib/dom.js";
import { message } from "../../lib/router.js";
import { t as strings } from "../../lib/strings.js";
import { toast } from "../../lib/toast.js";
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
    if (missing) return message(t.notFoundTitle, t.notFoundText);
    throw error;
  }
  const canWrite = app.session.scopes.includes("videos:write");
  const stage = h("div", { class: "watch-player" });
  const info = h("div", { class: "watch-info" });
  const known = h("div");
  const watching = createWatching({
    app,
    video: () => video,
    stage,
    startAt: linkedTime(query.get("t")) || linkedTime(fragmentTime()),
    plays: query.has("play"),
    canWrite,
    onCaptionsChange: () => void reload(),
    commands: () => commands,
  });
  const commands = createCommands({ app, video: () => video, watching, canWrite, reload, rename: () => title.edit() });
  const title = createTitle({ value: video.title, canEdit: canWrite, onSave: saveTitle });
  const actions = createActions(commands);
  const main = h("div", { class: "watch-main" }, stage, h("div", { class: "watch-below" }, title.element, h("div", { class: "watch-row" }, known, actions.element), info));
  const element = h("div", { class: "watch-screen" }, h("div", { class: "watch-columns" }, main, watching.transcript.element));

  let named = video.title;
  /** Show the title that the video has now. */
  function showTitle() {
    if (disposed || video.title === named) return;
    named = video.title;
    title.set(named);
    watching.setTitle(named);
    if (element.isConnected) document.title = `${named} · ${strings.app}`;
  }

  /** @param {string} next @param {boolean} quiet @returns {Promise<string>} */
  async function saveTitle(next, quiet) {
    const saved = await commands.saveTitle(next, quiet);
    video = { ...video, title: saved };
    showTitle();
    void reload();
    return saved;
  }

  /** What the last drawing showed; nothing is replaced under the pointer while it is the same. */
  let drawn = "";
  function draw() {
    const key = JSON.stringify([video.status, video.playable, video.stages, video.failure, video.warnings, video.rendition_size_bytes, video.title]);
    if (key === drawn) return;
    showTitle();
    element.classList.toggle("is-failed", video.status === "failed" && !video.playable);
    actions.update();
    known.replaceChildren(facts(video));
    const inWork = video.playable && transcribes(video);
    const below = [video.playable && notices(video, commands.retry, canWrite), sizes(video), inWork && captionsPending(video) && stages(video)];
    info.replaceChildren(...below.filter((each) => each instanceof Node));
    if (!video.playable) stage.replaceChildren(waiting(video, commands.retry, canWrite));
    watching.update();
    drawn = key;
  }

  let disposed = false;
  function dispose() {
    if (disposed) return;
    disposed = true;
    stops.forEach((stop) => stop());
    watching.dispose();
  }

  /** Say in place of the screen that the video was deleted. */
  function showDeleted() {
    if (disposed) return;
    const hadFocus = element.contains(document.activeElement);
    watching.forget();
    dispose();
    const said = message(t.notFoundTitle, t.notFoundText).element;
    element.className = "";
    element.replaceChildren(said);
    document.title = `${t.notFoundTitle} · ${strings.app}`;
    if (hadFocus) said.querySelector("h1")?.focus();
  }

  let reloading = false;
  let stale = false;
  /** Load the video again; while that runs, further calls are one. */
  async function reload() {
    if (disposed) return;
    if (reloading) {
      stale = true;
      return;
    }
    reloading = true;
    try {
      const next = await app.api.get(path).catch(refused);
      if (!next || disposed) return;
      video = next;
      draw();
    } finally {
      reloading = false;
      if (stale) {
        stale = false;
        void reload();
      }
    }
  }

  /**
   * Without an answer the bar above says that the server is away, and the next change loads the video again.
   * @param {import("../../lib/api.js").ApiError} error
   */
  function refused({ status }) {
    if (status === 404) showDeleted();
    return null;
  }

  /** @param {import("../../lib/live.js").Change} change */
  function onChange(change) {
    if (disposed) return;
    if (change.type === "video.deleted") return showDeleted();
    if (change.kind === "progress") {
      const { stage: name, percent, attempt, speed, eta_s } = change.data;
      video = { ...video, stages: video.stages.map((each) => (each.name === name ? { ...each, state: "running", percent, attempt, speed, eta_s } : each)) };
      return draw();
    }
    if (change.type === "poster.ready") void watching.updatePoster();
    if (change.type === "poster.failed") toast(strings.video.posterFailed);
    if (/^(captions|transcript)\./.test(change.type)) void watching.loadTranscript();
    void reload();
  }

  /** `#t=93` put into the address by hand seeks. */
  function seekToFragment() {
    const at = fragmentTime();
    if (at !== null) watching.seek(linkedTime(at));
  }

  window.addEventListener("hashchange", seekToFragment);
  const stops = [
    app.live.on(id, onChange),
    app.live.on("", (change) => change.kind === "reload" && void reload()),
    () => window.removeEventListener("hashchange", seekToFragment),
  ];
  try {
    draw();
  } catch (error) {
    dispose();
    throw error;
  }
  return {
    element,
    title: video.title,
    dispose,
  };
}

/** The time that the address's fragment names, as `#t=93`. */
const fragmentTime = () => new URLSearchParams(location.hash.slice(1)).get("t");
