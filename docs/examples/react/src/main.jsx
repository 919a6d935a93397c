import { createRoot } from "react-dom/client";

import { Uploader } from "./Uploader.jsx";

createRoot(document.getElementById("app")).render(<Uploader />);
