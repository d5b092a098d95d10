import { buffer } from "node:stream/consumers";
import type { Alteration, PassedRequest } from "./altering-proxy.ts";
import { actionChanged, at, edited, never, replyChanged, response } from "./changes.ts";

/** Turns a result into the other one. */
const otherResult = (from: string, to: string): Alteration =>
  at(from, (request, pass) => pass({ ...request, endpoint: to, headers: {} }));
const listingChanged = (change: (value: Record<string, unknown>) => unknown) =>
  replyChanged((request) => ({
    ...request,
    body: Buffer.from(JSON.stringify(change(JSON.parse(`${request.body}`)))),
  }));
const shortListing = JSON.stringify({ files: ["/tmp/conformance/file"], notFound: false });
/** Guest tools try 16 times. */
const triesBeforeGivingUp = 10;
/** Passes a request on three times. */
const repeated: Parameters<typeof at>[1] = async (request, pass) => {
  await pass(request);
  await pass(request);
  return await pass(request);
};
/** Answers kills in place of the guest tools, which never hear of them. */
const killsIgnored: Alteration = at("poll", async (request, pass) => {
  for (;;) {
    const answer = await pass(request);
    const { type, id } = JSON.parse(`${answer.body}`);
    if (type !== "kill-process") return answer;
    await pass({ method: "POST", endpoint: `reply?id=${id}`, headers: {}, body: Buffer.alloc(0) });
  }
});
const logChanged = (change: (text: string) => string): Alteration => ({
  answerLog: (incoming, outgoing, pass) => {
    void (async () => {
      const body = Buffer.from(change(`${await buffer(incoming)}`));
      const { status } = await pass({ method: "POST", endpoint: "log", headers: {}, body });
      outgoing.writeHead(status).end();
    })();
    return true;
  },
});

/** The change that makes a planted violation. @param name one of those of `violations` */
export function guestViolation(name: string): Alteration {
  const violation = violations[name];
  if (!violation) throw new Error(`no violation ${name} is planted`);
  return violation();
}

/** The rule that a violation breaks. */
export function brokenRule(violation: string): string {
  return violation.replace(/:.*/, "");
}

/** For each rule for guest tools, changes of their messages that break it, by its id: `ID`, or `ID: WAY` if there are several ways. */
export const violations: Readonly<Record<string, () => Alteration>> = {
  "task-runs": () =>
    at("execute", async (request, pass) => edited(await pass(request), (task) => ({ ...task, env: {} }))),
  "execute-again": () => at("execute", (request, pass, number) => (number === 1 ? pass(request) : never())),
  "execute-lenient": () =>
    at("execute", async (request, pass) => {
      const answer = await pass(request);
      return JSON.parse(`${answer.body}`).env === null ? await never() : answer;
    }),
  // All of it comes at the end.
  "log-streams": () => logChanged((text) => text),
  "log-terminal": () => logChanged((text) => text.replaceAll("\r\n", "\n")),
  "log-before-result": () => {
    let log: PassedRequest | undefined;
    return {
      answerLog: (incoming, outgoing) => {
        void (async () => {
          log = { method: "POST", endpoint: "log", headers: {}, body: await buffer(incoming) };
          outgoing.writeHead(200).end();
        })();
        return true;
      },
      answer: async (request, pass) => {
        const answer = await pass(request);
        if (request.endpoint === "success" && log) await pass(log).catch(() => {});
        return answer;
      },
    };
  },
  "result-failed": () => otherResult("failed", "success"),
  "result-not-started": () => otherResult("failed", "success"),
  "result-again": () => at("success", (request, pass, number) => (number === 1 ? pass(request) : never())),
  "refusal-final": () =>
    at("success", async (request, pass) => {
      await pass(request);
      return await pass(request);
    }),
  "exit-status": () => at("failed", (request, pass) => pass({ ...request, headers: {} })),
  "no-terminal": () => logChanged((text) => text.replaceAll("\n", "\r\n")),
  "log-continues": () => {
    let count = 0;
    return {
      answerLog: (incoming, outgoing) => {
        if (++count === 1) return false;
        incoming.resume().once("end", () => outgoing.writeHead(200).end());
        return true;
      },
    };
  },
  "poll-during-task": () => {
    const ended = Promise.withResolvers<void>();
    return {
      answer: async (request, pass) => {
        if (request.endpoint === "success") ended.resolve();
        if (request.endpoint === "poll") await ended.promise;
        return await pass(request);
      },
    };
  },
  "poll-after-result": () => {
    let isOver = false;
    return {
      answer: async (request, pass) => {
        isOver ||= request.endpoint === "success";
        if (request.endpoint !== "poll") return await pass(request);
        const answer = await pass(request);
        return isOver ? await never() : answer;
      },
    };
  },
  "poll-again": () => at("poll", (request, pass, number) => (number === 1 ? pass(request) : never())),
  "poll-gives-up": () =>
    at("poll", (request, pass, number) => (number === 1 ? pass(request).catch(never) : never())),
  "unknown-action": () =>
    at("poll", async (request, pass) => {
      const answer = await pass(request);
      const { type, id } = JSON.parse(`${answer.body}`);
      if (type.startsWith("later"))
        await pass({ method: "POST", endpoint: `reply?id=${id}`, headers: {}, body: Buffer.alloc(0) });
      return answer;
    }),
  "list-folder": () => listingChanged((listing) => ({ ...listing, files: [] })),
  "list-folder-plain": () =>
    listingChanged((listing) => {
      const [file] = listing.files as string[];
      return { ...listing, files: [file, file?.replace(/file$/, "pipe")] };
    }),
  "list-folder-too-large": () =>
    replyChanged((request) => ({
      ...request,
      body: request.body.length < 1_000_000 ? request.body : Buffer.from(shortListing),
    })),
  "list-folder-missing": () => listingChanged((listing) => ({ ...listing, notFound: false })),
  "get-artifact": () => replyChanged((request) => ({ ...request, body: Buffer.from("another text") })),
  "get-artifact-missing": () => replyChanged((request) => ({ ...request, headers: {} })),
  "kill-process": () => killsIgnored,
  "kill-forced": () => killsIgnored,
  "kill-counts-as-failed": () => otherResult("failed", "success"),
  "reply-again": () => at("reply", async (request, pass) => await pass(request).catch(() => response(200))),
  "execute-cut": () =>
    at("execute", (request, pass, number) => (number === 1 ? pass(request).catch(never) : never())),
  "result-without-log": () => at("success", never),
  "request-gives-up": () =>
    at("success", (request, pass, number) => (number === 1 ? pass(request) : never())),
  // It is sent three times at once.
  "retry-pauses": () => at("success", repeated),
  "retry-count: tried too often": () => at("success", repeated),
  "retry-count: given up too early": () =>
    at("success", (request, pass, number) => (number <= triesBeforeGivingUp ? pass(request) : never())),
  "kill-before-start": () => killsIgnored,
  "kill-without-task": () => at("reply", never),
  "action-lenient": () =>
    at("poll", async (request, pass) => {
      const answer = await pass(request);
      const { type, command } = JSON.parse(`${answer.body}`);
      return type === "none" || command ? answer : await never();
    }),
  "actions-at-once": () => at("poll", (request, pass, number) => (number === 1 ? pass(request) : never())),
  "artifact-length": () => replyChanged((request) => ({ ...request, isChunked: true })),
  "shell-input": () => ({
    message: (from, bytes) => (from === "guest" && bytes[0] === 1 && bytes[1] === 0 ? undefined : bytes),
  }),
  "shell-default": () => actionChanged((action) => ({ ...action, command: ["false"] })),
  "shell-environment": () => actionChanged((action) => ({ ...action, command: ["echo", "<value>"] })),
  "shell-abort": () => ({ keepsAborted: true }),
  // The proxy sends none.
  "shell-ping": () => ({}),
  "shell-pong": () => ({ ignoresPings: true }),
  "shell-streams": () => ({
    message: (from, bytes) => {
      if (from === "guest" && bytes[0] === 0 && bytes[1] === 2) bytes[1] = 1;
      return bytes;
    },
  }),
  "shell-failure": () => ({
    message: (from, bytes) => {
      if (from === "guest" && bytes[0] === 5) bytes[1] = 0;
      return bytes;
    },
  }),
  "shell-terminal": () => actionChanged((action) => ({ ...action, tty: false })),
  // It acknowledges in place of the host, so that the guest sends on.
  "shell-window": () => ({
    message: (from, bytes, send) => {
      const isAck = bytes[0] === 1 && bytes[1] === 1;
      if (from === "host") return isAck ? undefined : bytes;
      if (bytes[0] === 0 && bytes[1] === 1 && bytes.length > 2) {
        const ack = Buffer.from([1, 1, 0, 0, 0, 0]);
        ack.writeUInt32BE(bytes.length - 2, 2);
        send(ack);
      }
      return bytes;
    },
  }),
};
