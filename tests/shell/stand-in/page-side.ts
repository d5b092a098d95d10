/// <reference lib="dom" />

// These functions run in the page: their sources are sent to it, so that each stands for itself.

/** Runs in the page's own world: makes there what the preload script exposes, whose functions run in the other world. */
export function receiveExposed(): void {
  let result: unknown;
  window.addEventListener("stand-in:result", (event) => {
    result = (event as CustomEvent).detail;
  });
  window.addEventListener("stand-in:expose", (event) => {
    const { name, functions } = JSON.parse((event as CustomEvent).detail);
    const exposed = functions.map((method: string) => [
      method,
      (...given: unknown[]) => {
        // A file is known by its name in the other world.
        const args = given.map((one) => (one instanceof File ? { file: one.name } : one));
        result = undefined;
        window.dispatchEvent(new CustomEvent("stand-in:call", { detail: JSON.stringify({ method, args }) }));
        return result;
      },
    ]);
    Object.defineProperty(window, name, { value: Object.freeze(Object.fromEntries(exposed)) });
  });
}

/**
 * Runs in the preload script's world: what `require("electron")` gives there.
 *
 * @param dropFolder where the files of that name are, which are dropped on the page
 */
export function createPreloadElectron(dropFolder: string) {
  const ports = new Map<number, MessagePort>();
  let lastPort = 0;
  const send = (message: object) =>
    (globalThis as unknown as { toMain(text: string): void }).toMain(JSON.stringify(message));
  const keep = (port: MessagePort): number => {
    lastPort += 1;
    const number = lastPort;
    ports.set(number, port);
    port.addEventListener("message", ({ data, ports: sent }) => {
      const isBytes = data instanceof Uint8Array || data instanceof ArrayBuffer;
      const bytes = (given: Uint8Array | ArrayBuffer) =>
        (new Uint8Array(given as ArrayBuffer) as unknown as { toBase64(): string }).toBase64();
      const encoded = isBytes ? { base64: bytes(data) } : { json: JSON.stringify(data) };
      send({ port: number, data: encoded, ports: sent.map(keep) });
    });
    port.addEventListener("close", () => send({ port: number }));
    port.start();
    return number;
  };
  Object.assign(globalThis, {
    fromMain: (messages: readonly { port: number; data?: { json?: string; base64?: string } }[]) => {
      for (const { port: number, data } of messages) {
        const port = ports.get(number);
        if (!data) port?.close();
        else if (data.base64 === undefined) port?.postMessage(JSON.parse(data.json ?? "null"));
        else
          port?.postMessage(
            (Uint8Array as unknown as { fromBase64(text: string): Uint8Array }).fromBase64(data.base64),
          );
      }
    },
  });
  return {
    contextBridge: {
      exposeInMainWorld: (name: string, api: Readonly<Record<string, (...args: unknown[]) => unknown>>) => {
        window.addEventListener("stand-in:call", (event) => {
          const { method, args } = JSON.parse((event as CustomEvent).detail);
          const detail = api[method]?.(...args);
          window.dispatchEvent(new CustomEvent("stand-in:result", { detail }));
        });
        const detail = JSON.stringify({ name, functions: Object.keys(api) });
        window.dispatchEvent(new CustomEvent("stand-in:expose", { detail }));
      },
    },
    ipcRenderer: {
      postMessage: (channel: string, message: unknown, transfer: readonly MessagePort[] = []) =>
        send({ channel, message, ports: transfer.map(keep) }),
    },
    webUtils: { getPathForFile: ({ file }: { file?: string }) => (file ? `${dropFolder}/${file}` : "") },
  };
}
