// Checks that a webhook message comes from Telecine.

import { Webhook } from "standardwebhooks";
import { ClientError } from "./errors.js";
import type { Webhooks } from "./rest/index.js";

/** A message of a webhook: `type`, `timestamp` and `data`. */
export type WebhookMessage = Webhooks["body"];

/**
 * The message, if it was signed with this secret in the last five minutes; otherwise throws `invalid_signature`.
 *
 * `body` is the request's body, byte for byte: not parsed and serialised again.
 */
export function verifyWebhook(
  secret: string,
  body: string | Uint8Array,
  headers: Headers | Record<string, string | string[] | undefined>,
): WebhookMessage {
  const entries = headers instanceof Headers ? [...headers] : Object.entries(headers);
  const named = Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
  const text = typeof body === "string" ? body : new TextDecoder("utf-8", { ignoreBOM: true }).decode(body);
  let webhook: Webhook;
  try {
    webhook = new Webhook(secret);
  } catch (cause) {
    throw new ClientError("invalid_secret", "The secret must be base64 after `whsec_`.", { cause });
  }
  try {
    return webhook.verify(text, named) as WebhookMessage;
  } catch (cause) {
    throw new ClientError("invalid_signature", `The webhook message is not genuine: ${String(cause)}.`, { cause });
  }
}
