import { contextBridge, ipcRenderer, webUtils } from "electron";
import { connectMessage, type DesktopBridge, portMessage } from "../shared/contracts/desktop-bridge.ts";

// The page gets a port to the main process, and the paths of dropped files; nothing of Electron or Node.
const bridge: DesktopBridge = {
  connect: () => {
    const { port1, port2 } = new MessageChannel();
    ipcRenderer.postMessage(connectMessage, null, [port1]);
    window.postMessage(portMessage, location.origin, [port2]);
  },
  pathOf: (file) => webUtils.getPathForFile(file as File),
};
contextBridge.exposeInMainWorld("tinsmithDesktop", bridge);
