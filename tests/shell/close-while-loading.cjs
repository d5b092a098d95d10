// Loaded into the app's main process (electron -r): the window closes while its page loads.
const { app, protocol } = require("electron");

const handle = protocol.handle.bind(protocol);
protocol.handle = (scheme) => handle(scheme, () => new Promise(() => {}));
app.on("browser-window-created", (_event, window) =>
  window.webContents.once("did-start-loading", () => setImmediate(() => window.close())),
);
