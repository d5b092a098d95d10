import type { Socket } from "node:net";
import slugid from "slugid";
import type { Action } from "../../shared/guest-protocol.ts";
import type { ActionDesk } from "./action-desk.ts";
import { sendJson } from "./http-reply.ts";
import type { Endpoint } from "./task-endpoints.ts";

/** @param timeout milliseconds after which a poll is answered with nothing to do */
export function pollEndpoint(desk: ActionDesk, timeout: number): Endpoint {
  const waiting = new Map<Socket, () => void>();
  return {
    method: "GET",
    handle: ({ socket }, response, exchange) => {
      // A connection that polls before it was answered would otherwise pile up polls without end.
      waiting.get(socket)?.();
      let takeBack = () => {};
      const answer = (action: Action) => {
        clearTimeout(timer);
        clearImmediate(next);
        takeBack();
        waiting.delete(socket);
        socket.off("end", giveUp).off("close", giveUp);
        sendJson(response, action);
      };
      const giveUp = () => answer(nothingToDo());
      const give = (action: Action, onLost: () => void) => {
        response.once("close", () => {
          if (!response.writableFinished) onLost();
        });
        answer(action);
      };
      const timer = setTimeout(giveUp, timeout);
      const begin = () => {
        takeBack = desk.wait({ exchange, give });
      };
      // Not at once: a client's end that came with its poll is seen in the event loop's next turn.
      let next = setImmediate(() => {
        next = setImmediate(begin);
      });
      waiting.set(socket, giveUp);
      // A client that is gone looks like one that only closed its sending half, which may still read: answer now.
      socket.once("end", giveUp).once("close", giveUp);
    },
  };
}

function nothingToDo(): Action {
  return { id: slugid.nice(), type: "none", path: "", command: [], tty: false };
}
