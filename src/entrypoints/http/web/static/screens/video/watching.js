/** The player and the transcript of the screen, and how they follow each other and the video's changes. */

import { createPlayer } from "../../components/player/player.js";
import { createTranscript } from "../../components/transcript/transcript.js";
import { h } from "../../lib/dom.js";
import { t as strings } from "../../lib/strings.js";
import { toast } from "../../lib/toast.js";
import { captionsPending } from "./state.js";
import { keepDraft, takeDraft } from "./drafts.js";

const t = strings.transcript;

/** @typedef {import("../../components/transcript/transcript.js").Transcript} Transcript */
/** @typedef {ReturnType<typeof createWatching>} Watching */

/**
 * @param {{
 *   app: import("../../lib/types.js").App,
 *   video: () => import("../../lib/types.js").Video,
 *   stage: HTMLElement,
 *   startAt: number,
 *   plays: boolean,
 *   canWrite: boolean,
 *   onCaptionsChange: () => void,
 *   commands: () => import("./commands.js").VideoCommands,
 * }} parts
 */
export function createWatching({ app, video, stage, startAt, plays, canWrite, onCaptionsChange, commands }) {
  const { video_id: id } = video();
  const path = `/api/videos/${id}`;
  /** @type {ReturnType<typeof createPlayer> | null} */
  let player = null;
  /** @type {Transcript | null} */
  let shown = null;
  let asked = "";
  let disposed = false;
  let forgotten = false;

  const transcript = createTranscript({
    onSeek: (at) => player?.seek(at),
    onSave: saveCaptions,
    onReset: () => commands().reset(),
    time: () => player?.time ?? startAt,
    canEdit: canWrite,
  });

  /** @param {string} vtt @param {string | null} language */
  async function saveCaptions(vtt, language) {
    await app.api.put(`${path}/transcript.vtt${language ? `?language=${language}` : ""}`, vtt);
    toast(strings.video.captionsSaved);
    asked = "";
    await loadTranscript();
    onCaptionsChange();
  }

  /** Bring player and transcript to the video's state. */
  function update() {
    if (video().playable && !player) openPlayer();
    const { captions, updated_at: at, playable } = video();
    const key = `${captions} ${playable} ${captionsPending(video())} ${captions === "none" ? "" : at}`;
    if (key === asked) return;
    asked = key;
    if (captions === "none") showNone();
    else void loadTranscript();
  }

  function openPlayer() {
    if (disposed) return;
    const { media, title } = video();
    player = createPlayer({
      title,
      width: media?.width,
      height: media?.height,
      durationS: media?.duration_s,
      frameRate: /** @type {any} */ (media)?.frame_rate,
      startAt,
      loadPlayback: () => app.api.get(`${path}/playback`),
      loadStoryboard: () => app.api.get(`${path}/storyboard.vtt`),
      onTime: (time) => transcript.setTime(time),
    });
    stage.replaceChildren(player.element);
    if (shown) player.setCaptions([captionTrack(shown)]);
    const opened = player;
    void opened.open().then(
      () => void (plays && !disposed && opened.play()),
      () => disposed || opened.fail(),
    );
  }

  async function loadTranscript() {
    if (disposed) return;
    try {
      const next = await app.api.get(`${path}/transcript`);
      if (disposed) return;
      // An unchanged transcript keeps its place, its search and its focus.
      if (shown && JSON.stringify(next) === JSON.stringify(shown)) return;
      shown = next;
    } catch (error) {
      if (disposed) return;
      shown = null;
      if (/** @type {import("../../lib/api.js").ApiError} */ (error).status === 404) showNone();
      else transcript.showNone(t.failedTitle, /** @type {Error} */ (error).message);
      return;
    }
    if (!shown) return;
    player?.setCaptions(shown.cues.length ? [captionTrack(shown)] : []);
    if (transcript.isEditing) return;
    if (shown.cues.length === 0) return showNone();
    transcript.showCues(shown);
    const draft = takeDraft(id);
    if (draft && canWrite) void transcript.startEditing(draft);
  }

  /** Say why there are no cues. */
  function showNone() {
    player?.setCaptions([]);
    shown = null;
    const { playable, status, warnings } = video();
    if (captionsPending(video())) return playable ? transcript.showNone(t.comingTitle, t.comingText) : transcript.showNone(t.laterTitle, t.laterText);
    if (!playable) return transcript.showNone(status === "failed" ? t.missingTitle : t.laterTitle, status === "failed" ? "" : t.laterText);
    const disabled = warnings.some(({ code }) => code.startsWith("transcription_"));
    const silent = !disabled && status === "completed";
    const upload = h("button", { class: "button", type: "button", on: { click: () => commands().chooseCaptions() } }, strings.video.captionsUpload);
    transcript.showNone(silent ? t.noneTitle : t.missingTitle, silent ? t.noneText : t.missingText, canWrite ? [upload] : []);
  }

  async function updatePoster() {
    const playback = await app.api.get(`${path}/playback`).catch(() => null);
    if (disposed || !playback) return;
    player?.showPoster(playback.poster_url);
    toast(strings.video.posterReady);
  }

  /** @param {BeforeUnloadEvent} event */
  const warn = (event) => transcript.isDirty() && event.preventDefault();
  window.addEventListener("beforeunload", warn);

  return {
    transcript,
    update,
    loadTranscript,
    updatePoster,
    /** @param {string} title */
    setTitle: (title) => player?.setTitle(title),
    /** Keep no draft: the video is deleted. */
    forget: () => void (forgotten = true),
    time: () => player?.time ?? 0,
    /** @param {number} at */
    seek: (at) => player?.seek(at),
    shown: () => shown,
    dispose() {
      disposed = true;
      window.removeEventListener("beforeunload", warn);
      if (transcript.isDirty() && !forgotten) {
        keepDraft(id, transcript.draft());
        toast(strings.video.draftKept, { action: strings.video.draftBack, onAction: () => void app.navigate(`/v/${id}`) });
      }
      player?.dispose();
    },
  };
}

/**
 * @param {Transcript} transcript
 * @returns {import("../../components/player/captions.js").CaptionTrack}
 */
export function captionTrack({ language, origin, cues }) {
  const name = language ? new Intl.DisplayNames(undefined, { type: "language" }).of(language) ?? language : strings.player.captions;
  return { language, cues, label: origin === "generated" ? strings.player.generated(name) : name };
}
