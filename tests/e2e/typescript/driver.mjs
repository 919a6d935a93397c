// Calls the TypeScript client for the tests: driver.mjs COMMAND JSON. Prints one JSON value per line.

import { openAsBlob } from "node:fs";
import { connect, upload, verifyWebhook, watch } from "telecine-client";

const print = (value) => console.log(JSON.stringify(value));

const commands = {
  /** With `stopAt`, the upload is aborted once this many bytes were sent. */
  async upload({ url, token, file, stopAt = Number.POSITIVE_INFINITY, ...options }) {
    const stop = new AbortController();
    const onProgress = (progress) => {
      print(progress);
      if (progress.sentBytes >= stopAt) stop.abort(new Error("stopped"));
    };
    const blob = await openAsBlob(file);
    print({ videoId: await upload(connect(url, token), blob, { ...options, onProgress, signal: stop.signal }) });
  },
  async watch({ url, token, videoId }) {
    for await (const update of watch(connect(url, () => token), videoId)) print(update);
  },
  async verify({ secret, body, headers }) {
    print(verifyWebhook(secret, new TextEncoder().encode(body), headers));
  },
};

const [, , command, argument] = process.argv;
try {
  await commands[command](JSON.parse(argument));
} catch (error) {
  print({ error: error.code ?? error.message, status: error.status });
}
