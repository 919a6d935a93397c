/** What the system shows of the video, such as on a lock screen, and its media keys. */

/**
 * @param {HTMLVideoElement} video
 * @param {{title: string, poster: string | null, seekBy: (seconds: number) => void, seek: (time: number) => void}} options
 */
export function joinMediaSession(video, { title, poster, seekBy, seek }) {
  const session = navigator.mediaSession;
  if (!session) return;
  session.metadata = new MediaMetadata({ title, artwork: poster ? [{ src: poster, type: "image/jpeg" }] : [] });
  session.setActionHandler("play", () => void video.play());
  session.setActionHandler("pause", () => video.pause());
  session.setActionHandler("seekbackward", ({ seekOffset }) => seekBy(-(seekOffset ?? 10)));
  session.setActionHandler("seekforward", ({ seekOffset }) => seekBy(seekOffset ?? 10));
  session.setActionHandler("seekto", ({ seekTime }) => seek(seekTime ?? 0));
}

/** Leave the session, so that media keys do nothing once the player is gone. */
export function leaveMediaSession() {
  const session = navigator.mediaSession;
  if (!session) return;
  session.metadata = null;
  for (const action of /** @type {MediaSessionAction[]} */ (["play", "pause", "seekbackward", "seekforward", "seekto"])) {
    session.setActionHandler(action, null);
  }
}
