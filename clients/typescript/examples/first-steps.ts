// Uploads a video, follows it, and prints its URL and captions: the example of the README.

import { openAsBlob } from "node:fs";
import { connect, upload, watch } from "telecine-client";
import { getPlayback, getTranscript } from "telecine-client/rest";

const client = connect("http://127.0.0.1:8000", process.env.TELECINE_TOKEN ?? "");
const file = await openAsBlob("holiday.mp4");
const videoId = await upload(client, file, { filename: "holiday.mp4", onProgress: ({ ratio }) => console.log(ratio) });
for await (const { event, data } of watch(client, videoId)) console.log(event, "percent" in data ? data.percent : "");
const call = { client, path: { video_id: videoId }, throwOnError: true } as const;
const { data: playback } = await getPlayback(call);
const { data: transcript } = await getTranscript(call);
console.log(playback.url);
for (const cue of transcript.cues) console.log(cue.start_s, cue.text);
