import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/websocket";
import type { ContractRouterClient } from "@orpc/contract";
import type { SessionClient } from "../shared/api.ts";
import { receiveErrors } from "../shared/api-calls.ts";
import type { AppContract } from "../shared/app-contract.ts";
import { AppError } from "../shared/errors.ts";

export type AppClient = ContractRouterClient<AppContract>;

let current: AppClient | undefined;
const sessionClients = new Map<string, SessionClient>();

/** The engine, while there is a connection. */
export function app(): AppClient {
  if (!current) throw new Error("there is no connection to Tinsmith");
  return current;
}

/** A connection to the engine, from when it is asked for to its end. */
interface AppConnection {
  readonly app: AppClient;
  /** Settles when it is there; never, when it does not come about. */
  readonly opened: Promise<void>;
  readonly closed: Promise<void>;
}

/** Opens a connection to the engine, which becomes the one that `app` gives. */
export function openApp(): AppConnection {
  const socket = openSocket("rpc");
  const client: AppClient = createClient(socket);
  current = client;
  sessionClients.clear();
  const when = (event: "open" | "close") =>
    new Promise<void>((resolve) => socket.addEventListener(event, () => resolve()));
  return { app: client, opened: when("open"), closed: when("close") };
}

/** One session, running or ended; its connection is opened when it is first asked for. */
export function sessionClient(session: string): SessionClient {
  const known = sessionClients.get(session);
  if (known) return known;
  const socket = openSocket(`sessions/${session}/rpc`);
  const client: SessionClient = createClient(socket);
  sessionClients.set(session, client);
  socket.addEventListener("close", () => sessionClients.delete(session));
  return client;
}

/** Opens a byte channel of a session, such as `serial`. */
export function openChannel(session: string, channel: string, query: Record<string, string>): WebSocket {
  const socket = openSocket(`sessions/${session}/${channel}?${new URLSearchParams(query)}`);
  socket.binaryType = "arraybuffer";
  return socket;
}

/** The address of a file that a session left, for a picture or a download. */
export function sessionFile(session: string, name: string): string {
  return `sessions/${session}/files/${name}`;
}

function openSocket(path: string): WebSocket {
  const address = new URL(path, location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(address);
}

function createClient<Client>(websocket: WebSocket): Client {
  return createORPCClient(
    new RPCLink({ websocket, interceptors: [receiveErrors(connectionLost)] }),
  ) as Client;
}

function connectionLost(): AppError {
  return new AppError({
    code: "interrupted",
    message: "the connection to Tinsmith was lost before it had answered",
    advice: "It is being opened again; then try once more.",
  });
}
