"""Uploads a video, follows it, and prints its URL and captions: the example of the README."""

import os

from telecine_client import Client, upload, watch
from telecine_client.answers import successful
from telecine_client.rest.api.videos import get_playback, get_transcript

with Client("http://127.0.0.1:8000", os.environ["TELECINE_TOKEN"]) as client:
    video_id = upload(client, "holiday.mp4", on_progress=lambda progress: print(f"{progress.ratio:.0%}"))
    for update in watch(client, video_id):
        print(update.event, update.data.get("percent", ""))
    print(successful(get_playback.sync(client=client.rest, video_id=video_id)).url)
    for cue in successful(get_transcript.sync(client=client.rest, video_id=video_id)).cues:
        print(cue.start_s, cue.text)
