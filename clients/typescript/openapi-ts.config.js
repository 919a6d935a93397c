// The input and the output are named on the command line, by scripts/clients.py.
export default {
  input: "../../docs/openapi.json",
  output: { path: "src/rest", module: { extension: ".js" } },
  plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
};
