// What a client learns of videos, whether from a stream or by polling.

import { ClientError } from "./errors.js";
import type { EventType, EventView, ProgressView, ResetView, SnapshotView, StatusResponse } from "./rest/index.js";
import type { ServerSentEvent } from "./sse.js";

/** The status of a video, if the client polls. */
export interface StatusUpdate {
  event: "status";
  data: StatusResponse;
  id?: string | undefined;
}

/** An event of a stream, or a polled status. The snapshot of one video is its status, that of all is a list. */
export type Update =
  | StatusUpdate
  | { event: "snapshot"; data: StatusResponse | SnapshotView; id?: string | undefined }
  | { event: "progress"; data: ProgressView; id?: string | undefined }
  | { event: "reset"; data: ResetView; id?: string | undefined }
  | { event: EventType; data: EventView; id?: string | undefined };

/** The update in an event, and the reason if the stream ends with it. */
export function updateOf({ event, data, id }: ServerSentEvent): { update: Update; endReason?: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(data);
  } catch (cause) {
    throw new ClientError("malformed_stream", `The data of the event ${event} is not JSON.`, { cause });
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new ClientError("malformed_stream", `The data of the event ${event} is not a JSON object.`);
  }
  const update = { event, data: parsed, id } as Update;
  return event === "end" && "reason" in parsed ? { update, endReason: String(parsed.reason) } : { update };
}
