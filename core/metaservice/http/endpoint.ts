import type { IncomingMessage, ServerResponse } from "node:http";

/** Serves the requests to one path. */
export interface Endpoint {
  /** The one that it takes; else it looks at the method itself. */
  readonly method?: "GET" | "POST" | "PUT";
  /** Replies; `exchange` is the number of this one. An exception that it throws becomes a 500. */
  readonly handle: (
    request: IncomingMessage,
    response: ServerResponse,
    exchange: number,
  ) => void | Promise<void>;
}
