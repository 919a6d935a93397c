// Follows videos: by a stream, which is opened again when it breaks, or by polling where that does not help.

import { ClientError } from "./errors.js";
import { ListPoller, type Poller, StatusPoller } from "./polling.js";
import type { Client } from "./rest/client/index.js";
import { isTransient, sleep } from "./retries.js";
import { EventStream } from "./stream.js";
import { type Update, updateOf } from "./updates.js";

/** How videos are followed. */
export interface WatchOptions {
  /** By default, a video is followed until it is completed or has failed; with false, until it is deleted. */
  untilTerminal?: boolean;
  /** Ends the iteration with the signal's reason. */
  signal?: AbortSignal;
}

const MAX_FAILURES = 4; // Connections in a row without an event, after which the client polls for a while.
const POLLING_S = 60;
const LONGEST_PAUSE_S = 30;
const LONGEST_RETRY_AFTER_S = 300;
const LAST_REASONS = new Set(["terminal", "deleted"]);

/** What happens to a video until it is completed or has failed; without an id, to all videos of the user, without end. */
export async function* watch(client: Client, videoId?: string, options: WatchOptions = {}): AsyncGenerator<Update> {
  const { untilTerminal = true, signal } = options;
  const stream = new EventStream(client, videoId, untilTerminal);
  const poller: Poller =
    videoId === undefined ? new ListPoller(client) : new StatusPoller(client, videoId, untilTerminal);
  let expectsSnapshot = true;
  for await (const update of updates(stream, poller, signal)) {
    // A later connection repeats the snapshot; it is news only if events were missed.
    if (update.event === "snapshot" && !expectsSnapshot) continue;
    expectsSnapshot = update.event === "reset" || (expectsSnapshot && update.event !== "snapshot");
    yield update;
  }
}

async function* updates(stream: EventStream, poller: Poller, signal?: AbortSignal): AsyncGenerator<Update> {
  let isSupported = true;
  while (!stream.isOver && !poller.isOver) {
    if (isSupported) isSupported = yield* streamed(stream, signal);
    if (!stream.isOver) yield* polled(poller, isSupported ? POLLING_S : Number.POSITIVE_INFINITY, signal);
  }
}

/** Stream until it is over or does not work; returns whether it is worth another try later. */
async function* streamed(stream: EventStream, signal?: AbortSignal): AsyncGenerator<Update, boolean> {
  for (let failures = 1; failures <= MAX_FAILURES; failures += 1) {
    let wishedS = 0;
    try {
      for await (const event of stream.connect(signal)) {
        const { update, endReason } = updateOf(event);
        failures = 1;
        stream.isOver = endReason !== undefined && LAST_REASONS.has(endReason);
        if (event.event !== "end") yield update;
      }
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      if (error.code === "stream_unsupported") return false;
      if (!isTransient(error) && error.code !== "malformed_stream") throw error;
      wishedS = Math.min(error.retryAfterS ?? 0, LONGEST_RETRY_AFTER_S);
    }
    if (stream.isOver) break;
    // With random jitter, so that the clients of a restarted server do not all return at once.
    const pauseS = Math.min(LONGEST_PAUSE_S, stream.retryS * 2 ** (failures - 1));
    await sleep(Math.max((pauseS * (1 + Math.random())) / 2, wishedS), signal);
  }
  return true;
}

async function* polled(poller: Poller, durationS: number, signal?: AbortSignal): AsyncGenerator<Update> {
  for (let waitedS = 0; waitedS < durationS; ) {
    const { updates: news, pauseS } = await poller.poll(signal);
    yield* news;
    if (poller.isOver) return;
    await sleep(Math.min(pauseS, LONGEST_RETRY_AFTER_S), signal);
    waitedS += pauseS;
  }
}
