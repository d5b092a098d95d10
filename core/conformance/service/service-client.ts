import { addAbortListener, once } from "node:events";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { WebSocket } from "ws";
import { type Action, actionSchema } from "../../../shared/guest/guest-protocol.ts";
import { parseJson } from "../../../shared/text/parse-json.ts";
import { isTimeout, readAtMost } from "./read-response.ts";
import type { ServiceAddress } from "./service-address.ts";

/** A response that is whole. */
export interface SeenResponse {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

interface RequestOptions {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Speaks to a MetaService as guest tools do, and also as they must not. */
export interface ServiceClient {
  /** @param path below /engine/v1/, or an absolute one */
  send(method: string, path: string, options?: RequestOptions): Promise<SeenResponse>;
  /** Begins a request whose body comes in pieces. */
  begin(
    method: string,
    path: string,
    headers?: Readonly<Record<string, string>>,
  ): { readonly outgoing: ClientRequest; readonly response: Promise<SeenResponse> };
  /** Polls until there is an action of a type. */
  pollFor(type: Action["type"]): Promise<Action>;
  /**
   * Answers a shell's action. @returns the WebSocket when it is open
   *
   * @param onMessage takes the messages; the first ones may come with the news that it is open
   */
  openShell(id: string, onMessage: (data: Buffer) => void): Promise<WebSocket>;
  /** Sends the bytes of a request on a connection of its own. @returns the response, to the connection's end */
  sendRaw(request: string): Promise<string>;
  /** Whether the last several requests got no answer in time. */
  isSilent(): boolean;
  /** Whether it has a port, which a page in a browser can reach too. */
  readonly hasPort: boolean;
  /** Longer than a response or a message takes. Milliseconds. */
  readonly patience: number;
}

/** More than any response takes, the poll's aside, of a service that is slow. Milliseconds. */
const usualPatience = 10_000;
/** Milliseconds. */
const pollPatience = 40_000;
/** Somebody asks for an action before that, or the service gives it to no poll. Milliseconds. */
const actionPatience = 60_000;

/** A service that left so many requests in a row without an answer answers no other. */
const mostUnanswered = 3;

export function createServiceClient(
  address: ServiceAddress,
  signal: AbortSignal,
  usual = usualPatience,
): ServiceClient {
  const base = "socketPath" in address ? { socketPath: address.socketPath } : address;
  const pathOf = (path: string) => (path.startsWith("/") ? path : `/engine/v1/${path}`);
  let unanswered = 0;
  const count = (response: Promise<unknown>) =>
    response.then(
      () => {
        unanswered = 0;
      },
      (error) => {
        unanswered = isTimeout(error) ? unanswered + 1 : 0;
      },
    );
  const begin = (method: string, path: string, headers: Readonly<Record<string, string>> = {}) => {
    const patience = path === "poll" ? pollPatience : usual;
    const limits = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
    const outgoing = request({ ...base, method, path: pathOf(path), headers, agent: false, signal: limits });
    const response = readResponse(outgoing);
    void count(response);
    return { outgoing, response };
  };
  const send: ServiceClient["send"] = async (method, path, { body, headers } = {}) => {
    const { outgoing, response } = begin(method, path, headers);
    outgoing.end(body);
    return await response;
  };
  return {
    send,
    begin,
    pollFor: async (type) => {
      const end = performance.now() + Math.min(actionPatience, 6 * usual);
      while (performance.now() < end) {
        const { body } = await send("GET", "poll");
        const action = actionSchema.parse(JSON.parse(body));
        if (action.type === type) return action;
        if (action.type !== "none") await send("POST", `reply?id=${action.id}`);
      }
      throw new Error(`no poll had an action ${type}`);
    },
    openShell: async (id, onMessage) => {
      const path = pathOf(`reply?id=${id}`);
      const socket = new WebSocket(
        "socketPath" in address
          ? `ws+unix:${address.socketPath}:${path}`
          : `ws://${address.host}:${address.port}${path}`,
        { perMessageDeflate: false },
      );
      socket.on("message", onMessage).on("error", () => {});
      await once(socket, "open", { signal: AbortSignal.any([signal, AbortSignal.timeout(usual)]) });
      return socket;
    },
    sendRaw: async (text) => {
      const socket = connect("socketPath" in address ? { path: address.socketPath } : address);
      const limits = AbortSignal.any([signal, AbortSignal.timeout(usual)]);
      using _end = addAbortListener(limits, () => socket.destroy(limits.reason));
      socket.write(text);
      const response = readAtMost(socket);
      void count(response);
      return await response;
    },
    isSilent: () => unanswered >= mostUnanswered,
    hasPort: "port" in address,
    patience: usual,
  };
}

async function readResponse(outgoing: ClientRequest): Promise<SeenResponse> {
  const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: await readAtMost(incoming) };
}

/** The body of a response as an object of JSON; empty if it is not one. */
export function objectIn({ body }: SeenResponse): Readonly<Record<string, unknown>> {
  const value = parseJson(body);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
