import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { formatCount } from "../../../shared/text/format.ts";
import type { MetaLimits } from "../limits.ts";
import type { ExchangeRecorder } from "../record/exchange-recorder.ts";
import { refuseConnection } from "./http-reply.ts";

/**
 * Returns a function that refuses a request for which too many others wait on its connection, and closes that. The person
 * is told once.
 */
export function refuseTooMany(
  { waitingRequests }: Pick<MetaLimits, "waitingRequests">,
  {
    recorder,
    onNote = () => {},
  }: {
    readonly recorder?: ExchangeRecorder | undefined;
    readonly onNote?: ((text: string) => void) | undefined;
  },
): (request: IncomingMessage, socket: Socket) => void {
  let isNoted = false;
  return (request, socket) => {
    const waiting = formatCount(waitingRequests, "request");
    const message = `${waiting} without a response wait on this connection, which are the most: it is closed. Await each response.`;
    refuseConnection(
      socket,
      { status: 503, code: "InternalError", message },
      recorder?.beginUpgrade(request),
    );
    if (isNoted) return;
    isNoted = true;
    onNote(
      `The guest has sent more requests on a connection than may wait there, ${waitingRequests}. Tinsmith has refused one with status 503 and closed the connection, and does so each time.`,
    );
  };
}
