import type { ContractRouterClient } from "@orpc/contract";
import type { SessionClient } from "../shared/api.ts";
import { createClient } from "../shared/api-calls.ts";
import type { AppContract } from "../shared/app-contract.ts";
import { type Channel, socketChannel } from "../shared/channel.ts";
import { AppError } from "../shared/errors.ts";
import { desktop } from "./desktop.ts";

export type AppClient = ContractRouterClient<AppContract>;

let current: AppClient | undefined;
const sessionClients = new Map<string, SessionClient>();

/** The engine, while there is a connection. */
export function app(): AppClient {
  if (!current) throw new Error("there is no connection to Tinsmith");
  return current;
}

/** Opens a connection to the engine, which becomes the one that `app` gives. It closes when it does not come about. */
export function openApp(): { readonly app: AppClient; readonly channel: Channel } {
  const channel = openChannel("rpc");
  const client: AppClient = createClient(channel, connectionLost);
  current = client;
  sessionClients.clear();
  return { app: client, channel };
}

/** One session, running or ended; its connection is opened when it is first asked for. */
export function sessionClient(session: string): SessionClient {
  const known = sessionClients.get(session);
  if (known) return known;
  const channel = openChannel(`sessions/${session}/rpc`);
  const client: SessionClient = createClient(channel, connectionLost);
  sessionClients.set(session, client);
  channel.onClose(() => sessionClients.delete(session));
  return client;
}

/** Opens a byte channel of a session, such as `/serial`; see shared/byte-channel.ts. */
export function openByteChannel(session: string, path: string, query: Record<string, string>): Channel {
  return openChannel(`sessions/${session}${path}?${new URLSearchParams(query)}`);
}

/** The address of a file that a session left, for a picture or a download. */
export function sessionFile(session: string, name: string): string {
  return `sessions/${session}/files/${name}`;
}

/** The one place that knows what the window's channels are made of: on a desktop ports, in a browser WebSockets. */
function openChannel(path: string): Channel {
  const ported = desktop()?.openChannel(path);
  if (ported) return ported;
  const address = new URL(path, location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return socketChannel(new WebSocket(address));
}

function connectionLost(): AppError {
  return new AppError({
    code: "interrupted",
    message: "the connection to Tinsmith was lost before it had answered",
    advice: "It is being opened again; then try once more.",
  });
}
