import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// In a project of your own: copy telecine-upload.js into it, or name its address on your server.
const module = new URL("../../../src/entrypoints/http/web/static/telecine-upload.js", import.meta.url);

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "telecine-upload": fileURLToPath(module) } },
});
