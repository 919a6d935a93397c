// Polls the status of videos where event streams do not work.

import { retryAfterS } from "./errors.js";
import { getVideoStatus, listVideos } from "./rest/index.js";
import type { Client } from "./rest/client/index.js";
import { call } from "./retries.js";
import type { StatusUpdate } from "./updates.js";

const PAUSE_S = 1;
const LIST_PAUSE_S = 2;

/** Asks for news; `isOver` says that there is nothing more to ask. */
export interface Poller {
  readonly isOver: boolean;
  /** What has changed since the previous poll, and the pause before the next one. */
  poll(signal?: AbortSignal): Promise<{ updates: StatusUpdate[]; pauseS: number }>;
}

/** Polls the status of one video with the ETag of the last answer. */
export class StatusPoller implements Poller {
  isOver = false;
  #etag: string | undefined;

  constructor(
    readonly client: Client,
    readonly videoId: string,
    readonly untilTerminal: boolean,
  ) {}

  async poll(signal?: AbortSignal) {
    let response: Response | undefined;
    const headers = this.#etag ? { "If-None-Match": this.#etag } : {};
    const options = { client: this.client, path: { video_id: this.videoId }, headers, signal: signal ?? null };
    const status = await call(
      this.client,
      async () => {
        const answer = await getVideoStatus(options);
        response = answer.response;
        return answer;
      },
      signal,
    );
    const pauseS = (response && retryAfterS(response)) ?? PAUSE_S;
    if (response?.status === 304 || !status) return { updates: [], pauseS };
    this.#etag = response?.headers.get("etag") ?? undefined;
    this.isOver = this.untilTerminal && (status.status === "completed" || status.status === "failed");
    return { updates: [{ event: "status" as const, data: status }], pauseS };
  }
}

/** Polls the newest videos of the user; the first poll reports those in progress, each later one what changed. */
export class ListPoller implements Poller {
  readonly isOver = false;
  #seen: Map<string, string> | undefined;

  constructor(readonly client: Client) {}

  async poll(signal?: AbortSignal) {
    const options = { client: this.client, query: { limit: 100 }, signal: signal ?? null };
    const { items } = await call(this.client, () => listVideos(options), signal);
    const seen = this.#seen;
    const isNews = (video: (typeof items)[number]) =>
      seen ? seen.get(video.video_id) !== video.updated_at : video.status !== "completed" && video.status !== "failed";
    const updates = items.filter(isNews).reverse().map((data) => ({ event: "status" as const, data }));
    this.#seen = new Map(items.map((video) => [video.video_id, video.updated_at]));
    return { updates, pauseS: LIST_PAUSE_S };
  }
}
