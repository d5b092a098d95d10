import { EventEmitter } from "node:events";

// Loaded before a session's process (node --import): gives it what an Electron utility process has.

class ParentPort extends EventEmitter {
  postMessage(message: unknown): void {
    process.send?.(message);
  }
}

const parentPort = new ParentPort();
Object.defineProperty(process, "parentPort", { value: parentPort, enumerable: true });
process.on("message", (data) => parentPort.emit("message", { data, ports: [] }));
// It ends with the app, however that ends.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
