/** The signed URL of a video: it is renewed when it has expired, and playback goes on where it was. */

const MAX_RENEWALS = 3;

/** @typedef {{title: string, url: string, content_type: string, poster_url: string | null, storyboard_url: string | null, expires_at: string}} Playback */

/**
 * @param {HTMLVideoElement} video
 * @param {{load: () => Promise<Playback>, onState: (state: "ready" | "renewing" | "failed") => void, signal: AbortSignal}} options
 */
export function createSource(video, { load, onState, signal }) {
  /** @type {Playback | null} */
  let current = null;
  let failures = 0;
  let renewing = false;

  /** @param {number} startAt */
  async function open(startAt) {
    current = await load();
    attach(startAt);
    return current;
  }

  /** @param {number} time */
  function attach(time) {
    if (!current || signal.aborted) return;
    // The fragment makes the browser begin at the time without showing the first picture.
    video.src = time > 0 ? `${current.url}#t=${time}` : current.url;
    onState("ready");
  }

  /** Ask for a new URL; the element keeps its time, speed and state. */
  async function renew() {
    if (renewing || signal.aborted) return;
    const { currentTime, paused, playbackRate } = video;
    const play = !paused || wanted;
    renewing = true;
    failures += 1;
    onState("renewing");
    try {
      current = await load();
      if (signal.aborted) return;
      attach(currentTime);
      video.playbackRate = playbackRate;
      if (play) await video.play().catch(() => {});
    } catch {
      if (!signal.aborted) onState("failed");
    } finally {
      renewing = false;
    }
  }

  let wanted = false;
  video.addEventListener("error", () => {
    if (!video.getAttribute("src")) return;
    if (failures < MAX_RENEWALS) void renew();
    else onState("failed");
  });
  video.addEventListener("play", () => (wanted = true));
  video.addEventListener("pause", () => (wanted = video.error !== null && wanted));
  // Playing on for some seconds shows that the URL works.
  video.addEventListener("timeupdate", () => {
    if (video.readyState >= 3 && !video.paused) failures = 0;
  });

  return {
    open,
    renew,
    /** Try again after the state `failed`. */
    again() {
      failures = 0;
      return renew();
    },
    get isExpired() {
      return current !== null && Date.parse(current.expires_at) <= Date.now();
    },
  };
}
