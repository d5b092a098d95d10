import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { enter } from "./access.ts";
import { App } from "./app.tsx";
import { connectDesktop } from "./desktop.ts";
import { waitForFonts } from "./fonts.ts";
import { start } from "./state/start.ts";
import { PanelBoundary } from "./ui/panel-boundary.tsx";
import { NoAccess } from "./views/no-access.tsx";
import "./theme.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has an element #root");
await connectDesktop();
const access = await enter();
const isRefused = access === "refused" || access === "replaced";
if (!isRefused) await start();
await waitForFonts();
createRoot(root).render(
  <StrictMode>
    <PanelBoundary part="The window" isWindow>
      {isRefused ? <NoAccess /> : <App />}
    </PanelBoundary>
  </StrictMode>,
);
