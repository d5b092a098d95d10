import type { IncomingMessage } from "node:http";
import type { GuestResponse } from "./guest-response.ts";

/** Serves the requests to one path. */
export interface Endpoint {
  /** The one that it takes; else it looks at the method itself. */
  readonly method?: "GET" | "POST" | "PUT";
  /** Replies; `exchange` is the number of this one. An exception that it throws becomes a 500. */
  readonly handle: (
    request: IncomingMessage,
    response: GuestResponse,
    exchange: number,
  ) => void | Promise<void>;
}
