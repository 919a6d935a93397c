/** The commands of the screen: each calls the API and says what came of it. */

import { ApiError } from "../../lib/api.js";
import { openDialog, prompt, confirm } from "../../lib/dialog.js";
import { h, uniqueId } from "../../lib/dom.js";
import { t as strings } from "../../lib/strings.js";
import { toast } from "../../lib/toast.js";
import { redirectOf, saveText, saveUrl, stem } from "./saving.js";

const t = strings.video;
const VIEWER_LINK_S = 30 * 86_400;

/** @typedef {ReturnType<typeof createCommands>} VideoCommands */

/**
 * @param {{
 *   app: import("../../lib/types.js").App,
 *   video: () => import("../../lib/types.js").Video,
 *   watching: import("./watching.js").Watching,
 *   canWrite: boolean,
 *   reload: () => Promise<void>,
 *   rename: () => void,
 * }} parts
 */
export function createCommands({ app, video, watching, canWrite, reload, rename }) {
  const { api } = app;
  const path = `/api/videos/${video().video_id}`;

  /**
   * Run a call and say what went wrong.
   * @param {() => Promise<string | void>} call returns what to say
   */
  async function run(call) {
    try {
      const said = await call();
      if (said) toast(said);
    } catch (error) {
      toast(error instanceof ApiError ? error.message : strings.somethingFailed);
    }
  }

  /** @param {File} file */
  async function uploadCaptions(file) {
    const known = watching.shown()?.language ?? "";
    const language = await prompt({ title: t.captionsLanguageTitle, label: t.captionsLanguage, value: known, action: strings.bar.upload });
    if (language === null) return;
    await run(async () => {
      await api.put(`${path}/transcript.vtt${language ? `?language=${encodeURIComponent(language)}` : ""}`, await file.text());
      await watching.loadTranscript();
      await reload();
      return t.captionsSaved;
    });
  }

  async function write() {
    const hints = await askHints(watching.shown()?.language ?? "");
    if (!hints) return;
    await run(async () => {
      await api.post(`${path}/transcript/regenerate`, hints);
      await reload();
      return t.captionsWriting;
    });
  }

  async function reset() {
    if (!(await confirm({ title: t.resetTitle, text: t.resetText, action: t.reset }))) return;
    await run(async () => {
      await api.del(`${path}/transcript.vtt`);
      await api.post(`${path}/transcript/regenerate`, {});
      await watching.loadTranscript();
      await reload();
      return t.captionsWriting;
    });
  }

  function remove() {
    const back = `/v/${video().video_id}`;
    app.deletions.later(video(), () => void app.navigate(back));
    void app.navigate("/");
  }

  return {
    video,
    canWrite,
    rename,
    remove,
    uploadCaptions,
    write: () => void write(),
    reset: () => void reset(),
    time: watching.time,
    transcript: watching.shown,
    edit: () => watching.transcript.startEditing(),
    /** A link that plays the video without an account. */
    async viewerLink() {
      const { token } = await api.post(`${path}/playback-tokens`, { expires_in: VIEWER_LINK_S });
      return `${location.origin}/v/${video().video_id}#watch=${token}`;
    },
    retry: () =>
      void run(async () => {
        await api.post(`${path}/retry`);
        await reload();
        return t.retrying;
      }),
    usePoster: () =>
      void run(async () => {
        await api.put(`${path}/poster`, { time_s: Math.round(watching.time() * 1000) / 1000 });
        return t.posterComing;
      }),
    /** @param {"vtt" | "srt" | "txt"} format */
    downloadCaptions: (format) => void run(async () => saveText(await api.get(`${path}/transcript.${format}`), `${stem(video().filename)}.${format}`)),
    downloadVideo: () => void run(async () => saveUrl((await api.get(`${path}/playback`)).url, `${stem(video().filename)}.mp4`)),
    downloadOriginal: () => void run(async () => saveUrl(await redirectOf(`${path}/original`, await app.api.token()), video().filename)),
    /** @param {string} title @param {boolean} [quiet] says nothing of a failure @returns {Promise<string>} as it is stored */
    async saveTitle(title, quiet = false) {
      try {
        const saved = await api.patch(path, { title });
        return saved.title;
      } catch (error) {
        if (!quiet) toast(error instanceof ApiError ? error.message : strings.somethingFailed);
        throw error;
      }
    },
    /** Set by the actions, which hold the input for files. */
    chooseCaptions: () => undefined,
  };
}

/**
 * Ask for the language and the terms of a new transcription.
 * @param {string} language
 * @returns {Promise<{language?: string, keywords?: string[]} | null>} null if it was cancelled
 */
async function askHints(language) {
  const [languageId, termsId] = [uniqueId("language"), uniqueId("terms")];
  const spoken = h("input", { class: "field", id: languageId, value: language, maxlength: 2, pattern: "[a-zA-Z]{2}", autocomplete: "off", autocapitalize: "none" });
  const terms = h("input", { class: "field", id: termsId, autocomplete: "off", dir: "auto" });
  const answer = await openDialog(t.writeTitle, (close) => [
    h("p", null, t.writeText),
    h(
      "form",
      { class: "hints", on: { submit: (/** @type {Event} */ event) => (event.preventDefault(), close("yes")) } },
      h("label", { for: languageId }, t.writeLanguage),
      spoken,
      h("label", { for: termsId }, t.writeKeywords),
      terms,
      h(
        "div",
        { class: "actions" },
        h("button", { class: "button", type: "button", on: { click: () => close() } }, strings.cancel),
        h("button", { class: "button button-primary", type: "submit" }, t.write),
      ),
    ),
  ]);
  if (answer !== "yes") return null;
  const keywords = terms.value.split(",").map((word) => word.trim()).filter(Boolean);
  return { ...(spoken.value && { language: spoken.value.toLowerCase() }), ...(keywords.length && { keywords }) };
}
