/** The commands of the screen: each calls the API and says what came of it. */

import { ApiError } from "../../lib/api.js";
import { t as strings } from "../../lib/strings.js";
import { toast } from "../../lib/toast.js";

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

  /** What asks in a dialog is loaded when it is wanted. */
  const asking = async () => (await import("./caption-commands.js")).createCaptionCommands({ api, path, watching, reload });

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
    /** @param {File} file */
    uploadCaptions: (file) => void run(async () => (await asking()).upload(file)),
    write: () => void run(async () => (await asking()).write()),
    reset: () => void run(async () => (await asking()).reset()),
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
    downloadCaptions: (format) =>
      void run(async () => {
        const { saveText, stem } = await import("./saving.js");
        saveText(await api.get(`${path}/transcript.${format}`), `${stem(video().filename)}.${format}`);
      }),
    downloadVideo: () =>
      void run(async () => {
        const { saveUrl, stem } = await import("./saving.js");
        saveUrl((await api.get(`${path}/playback`)).url, `${stem(video().filename)}.mp4`);
      }),
    downloadOriginal: () =>
      void run(async () => {
        const { redirectOf, saveUrl } = await import("./saving.js");
        saveUrl(await redirectOf(`${path}/original`, await app.api.token()), video().filename);
      }),
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
