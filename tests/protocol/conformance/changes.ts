import type { Alteration, PassedRequest, PassedResponse } from "./altering-proxy.ts";

/** Never settles: the peer does nothing more. */
export const never = () => new Promise<never>(() => {});

export function response(status: number, body: unknown = ""): PassedResponse {
  return {
    status,
    headers: typeof body === "string" ? {} : { "content-type": "application/json" },
    body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
  };
}

/** Changes the body of responses as JSON. */
export function edited(
  answer: PassedResponse,
  change: (value: Record<string, unknown>) => unknown,
): PassedResponse {
  if (answer.body.length === 0) return answer;
  return { ...answer, body: Buffer.from(JSON.stringify(change(JSON.parse(answer.body.toString())))) };
}

/** Alters requests to one endpoint, and passes all others on. */
export function at(
  endpoint: string,
  change: (
    request: PassedRequest,
    pass: (request: PassedRequest) => Promise<PassedResponse>,
    /** Counts the requests to it from 1. */
    number: number,
  ) => Promise<PassedResponse>,
): Alteration {
  let count = 0;
  return {
    answer: (request, pass) =>
      request.endpoint.replace(/\?.*/, "") === endpoint ? change(request, pass, ++count) : pass(request),
  };
}

/** Alters the action that a response to poll gives. */
export function actionChanged(change: (action: Record<string, unknown>) => unknown): Alteration {
  return at("poll", async (request, pass) => edited(await pass(request), change));
}

/** Alters the bodies of requests to reply. */
export function replyChanged(change: (request: PassedRequest) => PassedRequest): Alteration {
  return at("reply", (request, pass) => pass(change(request)));
}
