import { useRef, useState } from "react";

import { upload } from "./upload.js";

export function Uploader() {
  const current = useRef(null);
  const [state, setState] = useState("");
  const [ratio, setRatio] = useState(0);
  const [result, setResult] = useState("");

  async function send(event) {
    setResult("");
    current.current = upload(event.target.files[0], {
      until: "uploaded",
      onState: setState,
      onProgress: (progress) => setRatio(progress.ratio),
    });
    try {
      const video = await current.current.promise;
      setResult(`Uploaded as ${video.video_id}`);
    } catch (error) {
      setResult(error.advice);
    }
  }

  return (
    <>
      <label>Video <input type="file" onChange={send} /></label>
      <progress max="1" value={ratio} aria-label="Progress" />
      <button onClick={() => current.current?.pause()} disabled={state !== "sending"}>Pause</button>
      <button onClick={() => current.current?.resume()} disabled={state !== "paused"}>Resume</button>
      <p role="status">{result || state}</p>
    </>
  );
}
