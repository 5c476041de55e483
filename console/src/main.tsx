import "@cloudscape-design/global-styles/index.css";
import { createRoot } from "react-dom/client";
import { Shell } from "./app/shell";
import { startTheme } from "./app/theme";

startTheme();
const place = document.getElementById("app");
if (place) createRoot(place).render(<Shell />);
