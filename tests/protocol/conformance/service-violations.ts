import { protocolLimits } from "../../../shared/limits.ts";
import type { Alteration, PassedRequest, PassedResponse } from "./altering-proxy.ts";
import { actionChanged, at, edited, replyChanged, response } from "./changes.ts";

/** Alters the responses that have a status. */
const whenStatus = (status: number, change: (answer: PassedResponse) => PassedResponse): Alteration => ({
  answer: async (request, pass) => {
    const answer = await pass(request);
    return answer.status === status ? change(answer) : answer;
  },
});
const withoutHeader = (name: string): Alteration => ({
  answer: async (request, pass) => {
    const answer = await pass(request);
    const { [name]: _left, ...headers } = answer.headers;
    return { ...answer, headers };
  },
});
const refused = { code: "InternalError", message: "no" };

/** A service that keeps the binding rules and has none of the additions: it sends null, no types, and no Allow. */
export const bindingOnly: Alteration = {
  answer: async (request, pass) => {
    const { status, body } = await pass(request);
    const bare = { status, headers: {}, body };
    if (status !== 200 || !["execute", "poll"].includes(request.endpoint)) return bare;
    return edited(bare, (value) => ({
      ...value,
      ...("env" in value ? { env: null } : { command: null, tty: null }),
    }));
  },
};

/** For each rule for services, a change of its messages that breaks it. */
export const serviceViolations: Readonly<Record<string, () => Alteration>> = {
  "execute-form": () => at("execute", async () => response(200, {})),
  "execute-again": () =>
    at("execute", async (request, pass, number) =>
      edited(await pass(request), (task) => ({ ...task, env: { NUMBER: `${number}` } })),
    ),
  "log-until-end": () => ({
    answerLog: (incoming, outgoing) => {
      incoming.once("data", () => outgoing.writeHead(200).end());
      return true;
    },
  }),
  "log-several": () => {
    let open = 0;
    return {
      answerLog: (incoming, outgoing) => {
        open += 1;
        const isSecond = open > 1;
        incoming.resume().once("end", () => {
          open -= 1;
          outgoing.writeHead(isSecond ? 500 : 200).end();
        });
        return true;
      },
    };
  },
  ping: () => at("ping", async () => response(200, "pong")),
  "no-such-endpoint": () => whenStatus(404, () => response(200, {})),
  "method-not-allowed": () => whenStatus(405, () => response(404, { code: "NoSuchEndPoint", message: "no" })),
  "error-form": () => whenStatus(404, () => response(404, { code: "NoSuchEndPoint" })),
  "unknown-action": () => whenStatus(400, () => response(200)),
  "poll-none": () => actionChanged((action) => ({ ...action, type: "nothing" })),
  allow: () => withoutHeader("allow"),
  "json-type": () => withoutHeader("content-type"),
  "strict-task": () =>
    at("execute", async (request, pass) => edited(await pass(request), (task) => ({ ...task, env: null }))),
  "result-taken": () =>
    at("success", async (request, pass, number) =>
      number > 1 ? response(409, refused) : await pass(request),
    ),
  "result-first": () => at("failed", async () => response(200)),
  "action-form": () => actionChanged((action) => (action.path ? { ...action, path: "/another" } : action)),
  "listing-type": () =>
    replyChanged((request) => ({
      ...request,
      headers: { ...request.headers, "content-type": "application/json" },
    })),
  "id-spent": () => whenStatus(400, () => response(200)),
  "one-poll": () => {
    const waiting = new Set<(answer: PassedResponse) => void>();
    return at("poll", async (request, pass) => {
      const copied = Promise.withResolvers<PassedResponse>();
      waiting.add(copied.resolve);
      const own = pass(request).then((answer) => {
        waiting.delete(copied.resolve);
        if (!`${answer.body}`.includes('"none"')) for (const give of waiting) give(answer);
        return answer;
      });
      return await Promise.race([own, copied.promise]);
    });
  },
  artifact: () =>
    replyChanged((request: PassedRequest) => ({
      ...request,
      body: Buffer.from(`${request.body}`.toUpperCase()),
    })),
  kill: () => at("reply", async () => response(500, refused)),
  // It takes more than it was sent.
  shell: () => ({
    message: (from, bytes) => {
      if (from === "host" && bytes[0] === 1) bytes.writeUInt32BE(bytes.readUInt32BE(2) + 1, 2);
      return bytes;
    },
  }),
  "shell-old-exit": () => ({
    message: (from, bytes) => (from === "guest" && bytes[0] === 3 ? undefined : bytes),
  }),
  "http-1.0": () => ({
    answer: async (request, pass) => (request.headers.host ? await pass(request) : response(400, refused)),
  }),
  "browser-refused": () => ({
    answer: (request, pass) => {
      const { origin: _origin, ...headers } = request.headers;
      return pass({ ...request, headers });
    },
  }),
  "listing-malformed": () => whenStatus(400, () => response(200)),
  "reply-method": () => whenStatus(405, () => response(404, refused)),
  // It is given once.
  "action-again": () => {
    let count = 0;
    return actionChanged((action) =>
      action.type === "none" || ++count === 1 ? action : { ...action, type: "none" },
    );
  },
  "poll-gone": () => ({ keepsRequests: true }),
  "listing-large": () =>
    at("reply", async (request, pass) =>
      request.body.length < 1_000_000 ? await pass(request) : response(400, refused),
    ),
  "listing-too-large": () =>
    at("reply", async (request, pass) =>
      request.body.length <= protocolLimits.folderListingBytes ? await pass(request) : response(200),
    ),
  "listing-missing": () => at("reply", async () => response(500, refused)),
  "artifact-missing": () => at("reply", async () => response(500, refused)),
  // It takes the input in place of the guest, so that the service sends on.
  "shell-input-window": () => ({
    message: (from, bytes, send) => {
      if (from === "guest") return bytes[0] === 1 && bytes[1] === 0 ? undefined : bytes;
      if (bytes[0] === 0 && bytes.length > 2) {
        const ack = Buffer.from([1, 0, 0, 0, 0, 0]);
        ack.writeUInt32BE(bytes.length - 2, 2);
        send(ack);
      }
      return bytes;
    },
  }),
  "shell-ping": () => ({ keepsPings: true }),
  "shell-pong": () => ({ ignoresPings: true }),
  "shell-ignores": () => ({
    message: (from, bytes) => (from === "guest" && bytes.length === 0 ? Uint8Array.of(5, 1) : bytes),
  }),
  "strict-action": () => actionChanged((action) => ({ ...action, tty: null })),
};
