import "media-chrome";

const api = import.meta.env.VITE_TELECINE_URL;
const video = document.querySelector("video");

/** Your own server issues the token of the user who is signed in, or a playback token of the video. */
const token = await (await fetch("/my-token")).text();
const id = new URLSearchParams(location.search).get("v");

const answer = await fetch(`${api}/api/videos/${id}/playback`, { headers: { Authorization: `Bearer ${token}` } });
const playback = await answer.json();

for (const { language, url } of playback.captions) addTrack({ kind: "captions", srclang: language, label: language, src: url });
// Of this track media-chrome shows the picture at the pointer above the seek bar.
if (playback.storyboard_url) addTrack({ kind: "metadata", label: "thumbnails", default: true, src: playback.storyboard_url });
if (playback.poster_url) document.querySelector("media-poster-image").src = playback.poster_url;
document.title = playback.title;
video.src = playback.url;

function addTrack(properties) {
  video.append(Object.assign(document.createElement("track"), properties));
}
