import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { enter } from "./client/access.ts";
import { connectDesktop } from "./client/desktop.ts";
import { waitForFonts } from "./fonts.ts";
import { start } from "./state/connection/start.ts";
import { PanelBoundary } from "./ui/messages/panel-boundary.tsx";
import { NoAccess } from "./views/no-access/no-access.tsx";
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
