import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { connectDesktop } from "./desktop.ts";
import { connect } from "./state/connection.ts";
import "./theme.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has an element #root");
await connectDesktop();
connect();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
