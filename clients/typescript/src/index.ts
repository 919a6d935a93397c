/** A client of Telecine, a video ingest service. Every operation of the API is in `telecine-client/rest`. */

export { connect, type Token } from "./connect.js";
export { ClientError } from "./errors.js";
export type { Client } from "./rest/client/index.js";
export type { StatusUpdate, Update } from "./updates.js";
export { type Progress, upload, type UploadOptions } from "./upload.js";
export { watch, type WatchOptions } from "./watch.js";
export { verifyWebhook, type WebhookMessage } from "./webhooks.js";
