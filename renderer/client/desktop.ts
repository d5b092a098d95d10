import type { ContractRouterClient } from "@orpc/contract";
import { type Channel, portChannel } from "../../shared/channel/channel.ts";
import { createClient } from "../../shared/contracts/calls.ts";
import { type DesktopBridge, desktopChannel, portMessage } from "../../shared/contracts/desktop-bridge.ts";
import type { DesktopContract } from "../../shared/contracts/desktop-contract.ts";
import { AppError } from "../../shared/errors/errors.ts";

export type DesktopClient = ContractRouterClient<DesktopContract>;

/** The desktop that the window is on, which can do what a browser can't. */
export interface Desktop {
  readonly api: DesktopClient;
  /** Opens a channel of the engine's. */
  openChannel(path: string): Channel;
  /** The path of a file that was dropped on the page; "" for one that is none on disk. */
  pathOf(file: File): string;
}

let found: Desktop | undefined;

/** The desktop; undefined in a browser. */
export function desktop(): Desktop | undefined {
  return found;
}

/** Connects to the desktop, when the window is on one. */
export async function connectDesktop(): Promise<void> {
  const { tinsmithDesktop: bridge } = window as { readonly tinsmithDesktop?: DesktopBridge };
  if (!bridge) return;
  const port = await new Promise<MessagePort>((resolve) => {
    window.addEventListener("message", ({ source, data, ports: [first] }) => {
      if (source === window && data === portMessage && first) resolve(first);
    });
    bridge.connect();
  });
  const openChannel = (path: string) => {
    const { port1, port2 } = new MessageChannel();
    port.postMessage({ open: path }, [port2]);
    return portChannel(port1);
  };
  const api: DesktopClient = createClient(
    openChannel(desktopChannel),
    () => new AppError({ code: "interrupted", message: "Tinsmith has ended" }),
  );
  found = { api, openChannel, pathOf: bridge.pathOf };
}
