/**
 * A video for a viewer without an account: player and transcript, by the playback token of a link.
 *
 * The token is in the fragment of the link, which no browser sends to a server.
 */

import { createPlayer } from "../../components/player/player.js";
import { linkedTime } from "../../components/player/times.js";
import { listenForHelp } from "../../components/shortcuts/opening.js";
import { createTranscript } from "../../components/transcript/transcript.js";
import { createApi } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { t as strings } from "../../lib/strings.js";
import { viewerLink } from "../../lib/viewer-link.js";
import { captionTrack } from "../video/watching.js";

const t = strings.watch;

/** @param {{id: string, token: string}} link */
export function createWatch({ id, token }) {
  const api = createApi({ token: async () => token });
  const path = `/api/videos/${id}`;
  const player = createPlayer({
    title: t.title,
    startAt: linkedTime(new URLSearchParams(location.search).get("t")),
    loadPlayback: () => api.get(`${path}/playback`),
    loadStoryboard: () => api.get(`${path}/storyboard.vtt`),
    onTime: (time) => transcript.setTime(time),
  });
  const transcript = createTranscript({
    onSeek: (at) => player.seek(at),
    onSave: () => Promise.resolve(),
    onReset: () => undefined,
    time: () => player.time,
    canEdit: false,
  });
  const columns = h("div", { class: "watch-columns" }, h("div", { class: "watch-main" }, h("div", { class: "watch-player" }, player.element)));
  const heading = h("h1", { dir: "auto" }, t.title);
  columns.firstElementChild?.append(h("div", { class: "watch-below" }, heading));
  const main = h("main", { id: "main", class: "watch-screen watch-alone", style: { "--bar-height": "0px" } }, columns);

  /** @param {string} title */
  function setTitle(title) {
    heading.textContent = title;
    player.setTitle(title);
    document.title = `${title} · ${strings.app}`;
  }

  async function open() {
    try {
      setTitle((await player.open()).title);
    } catch (error) {
      const refused = [401, 403, 404].includes(/** @type {import("../../lib/api.js").ApiError} */ (error).status);
      if (!refused) return player.fail();
      main.replaceChildren(h("div", { class: "message" }, icon("film"), h("h1", null, t.goneTitle), h("p", null, t.goneText)));
      return;
    }
    const shown = await api.get(`${path}/transcript`).catch(() => null);
    if (!shown?.cues.length) return;
    player.setCaptions([captionTrack(shown)]);
    transcript.showCues(shown);
    columns.append(transcript.element);
    main.classList.remove("watch-alone");
  }

  // Another link, put into the address by hand, is another video or another token.
  window.addEventListener("hashchange", () => viewerLink(location)?.token !== token && location.reload());
  listenForHelp();
  void open();
  document.title = `${t.title} · ${strings.app}`;
  return main;
}
