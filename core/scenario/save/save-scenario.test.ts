import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fileNotFound, guestErrorHeader } from "../../../shared/guest/guest-protocol.ts";
import { parseScenario } from "../../../shared/scenario/scenario-file.ts";
import type { SessionHappening } from "../../../shared/session/session-event.ts";
import { makePrivateFolder } from "../../files/private-folder.ts";
import { newHome } from "../../session/serve/test-session.ts";
import { sessionLogVersion } from "../../session-record/session-log-version.ts";
import { sessionPaths } from "../../storage/paths.ts";
import { saveScenario } from "./save-scenario.ts";

const empty = { bytes: 0, beginning: "" };
const task = { command: ["make"], env: {} };
const started: SessionHappening = {
  ...{ type: "run-started", time: 0, session: "one", folder: "", kind: "run", title: "Run", task },
  keepAlive: false,
};

/** The scenario of a session with these events, without times of their own: a second is between them. */
async function save(...events: readonly object[]) {
  const paths = newHome();
  const files = sessionPaths(paths, "one");
  makePrivateFolder(paths.sessions);
  makePrivateFolder(files.folder);
  const lines = [started, ...events].map((event, index) =>
    JSON.stringify({ version: sessionLogVersion, seq: index + 1, time: index * 1000, ...event }),
  );
  writeFileSync(files.events, `${lines.join("\n")}\n`);
  const { text, leftOut } = await saveScenario(files, "one");
  return { scenario: parseScenario(text, "one.yaml"), leftOut };
}

function exchange(number: number, target: string): readonly SessionHappening[] {
  const of = { exchange: number, time: number * 1000 };
  return [
    { ...of, type: "exchange-started", method: "POST", target: `/engine/v1/${target}`, headers: [] },
    { ...of, type: "exchange-replied", status: 200, headers: [] },
    { ...of, type: "exchange-ended", outcome: "complete", request: empty, reply: empty },
  ];
}

/** A person releases the message of an exchange. */
function release(
  held: number,
  number: number,
  released: Partial<SessionHappening>,
): readonly SessionHappening[] {
  const of = { rule: "break", exchange: number, time: number * 1000 };
  const message = { ...of, type: "message-held", held, from: "guest" } as const;
  return [message, { ...of, type: "message-released", held, ...released } as SessionHappening];
}

const action = (number: number, id: string, event: object = {}): readonly SessionHappening[] => [
  {
    ...{ type: "action-requested", action: number, time: number * 1000 },
    request: { type: "list-folder", path: "/etc" },
    ...event,
  },
  { type: "action-taken", action: number, id, exchange: 100 + number, time: number * 1000 },
];

test("a change at a breakpoint becomes a rule for the message of that endpoint, action and occurrence", async () => {
  const { scenario, leftOut } = await save(
    {
      type: "rule-added",
      rule: { name: "break", when: { from: "guest" }, steps: [{ hold: true }], times: "always" },
      seed: 1,
    },
    { type: "rule-hit", rule: "break", exchange: 1, from: "guest", hit: 1, seed: 1 },
    ...action(1, "a"),
    ...exchange(1, "log"),
    ...exchange(2, "reply?id=a"),
    ...exchange(3, "reply?id=a"),
    ...exchange(4, "success"),
    ...release(1, 1, { release: "unchanged" }),
    ...release(2, 3, { release: "answered", step: { answer: { status: 503 } } }),
    ...release(3, 4, { release: "cut", step: { cut: { by: "reset" } } }),
    ...release(4, 1, { release: "edited" }),
    { type: "task-result", result: "success" },
  );
  expect(scenario.rules).toMatchObject([
    {
      name: "Held message 2, which was answered",
      when: { from: "guest", endpoint: "reply", action: "list-folder", occurrence: 2 },
      steps: [{ answer: { status: 503 } }],
    },
    { when: { from: "guest", endpoint: "success", occurrence: 1 }, steps: [{ cut: { by: "reset" } }] },
  ]);
  expect(leftOut).toEqual([
    'The rule "break" is left out: it holds messages until a person releases them. Released: 1 unchanged, 1 answered, 1 cut, 1 edited.',
    "The held message 4, which was edited, is left out: the session has not kept the change.",
  ]);
});

const bodyOf = (text: string | Buffer) => ({
  bytes: text.length,
  beginning: Buffer.from(text).toString("base64"),
});

/** An action, the guest's reply to it, and the reply as the host got it: after an edit, if one is given. */
function answered(number: number, request: object, sent: string | Buffer, edited?: object) {
  const id = `id-${number}`;
  const [began, replied, ended] = exchange(number, `reply?id=${id}`);
  return [
    ...action(number, id, { request }),
    began,
    ...(edited
      ? [
          ...release(number, number, { release: "edited", step: { edit: { text: "edited" } } }),
          { type: "message-edited", exchange: number, from: "guest", headers: [], ...edited },
        ]
      : []),
    { type: "action-answered", action: number, id, exchange: number },
    replied,
    { ...ended, request: bodyOf(sent) },
    { type: "action-ended", action: number, kind: "list-folder" },
  ] as object[];
}

test("the answer to an action is expected as the host got it: after an edit of the guest's reply", async () => {
  const file = { type: "get-artifact", path: "/etc/hostname" };
  const list = { type: "list-folder", path: "/opt" };
  const missing = { headers: [[guestErrorHeader, fileNotFound]], body: bodyOf("") };
  const { scenario } = await save(
    ...answered(1, list, '{"files":["/opt/original"],"notFound":false}', {
      body: bodyOf('{"files":["/opt/fake"],"notFound":false}'),
    }),
    ...answered(2, file, "original", { body: bodyOf("fake") }),
    ...answered(3, { type: "composed", text: "{}" }, "original", { body: bodyOf("fake") }),
    ...answered(4, list, '{"files":["/opt/original"],"notFound":false}'),
    ...answered(5, file, "original", missing),
    ...answered(6, file, Buffer.of(0xff, 0xfe)),
  );
  expect(scenario.actions.map(({ expect }) => expect)).toEqual([
    { files: ["/opt/fake"] },
    { content: "fake" },
    { content: "fake" },
    { files: ["/opt/original"] },
    { missing: true },
    { bytes: 2 },
  ]);
});

test("an action whose reply was cut is expected to end with the error, but not a shell that a person cut at a message", async () => {
  const failed = (number: number, kind: string) => [
    { type: "action-ended", action: number, kind, error: { code: "guest-action-failed", message: "lost" } },
  ];
  const hit = {
    type: "rule-hit",
    rule: "break",
    exchange: 2,
    from: "guest",
    hit: 1,
    seed: 1,
    message: "data",
  };
  const { scenario, leftOut } = await save(
    ...action(1, "a"),
    ...exchange(1, "reply?id=a"),
    ...release(1, 1, { release: "cut", step: { cut: { by: "reset" } } }),
    ...failed(1, "list-folder"),
    ...action(2, "b", { request: { type: "exec-shell", command: ["ls"], tty: false } }),
    ...exchange(2, "reply?id=b"),
    { type: "action-answered", action: 2, id: "b", exchange: 2 },
    { ...hit, time: 2000 },
    ...release(2, 2, { release: "cut", step: { cut: { by: "reset" } } }),
    ...failed(2, "exec-shell"),
    { type: "task-result", result: "success" },
  );
  expect(scenario.actions.map(({ expect }) => expect)).toEqual([{ error: "guest-action-failed" }, {}]);
  expect(scenario.rules).toMatchObject([{ steps: [{ cut: { by: "reset" } }] }]);
  expect(leftOut).toEqual(["The held message 2, which was cut, is left out: it is a message of a shell."]);
});

test("shells of Tinsmith's own are left out, with the changes to their messages, and are not counted", async () => {
  const { scenario, leftOut } = await save(
    ...action(1, "own", {
      request: { type: "exec-shell", command: ["date"], tty: false },
      purpose: "set-clock",
    }),
    ...action(2, "a", { request: { type: "exec-shell", command: ["ls"], tty: false } }),
    ...exchange(1, "reply?id=own"),
    ...exchange(2, "reply?id=a"),
    { type: "action-answered", action: 1, id: "own", exchange: 1 },
    { type: "action-answered", action: 2, id: "a", exchange: 2 },
    ...release(1, 1, { release: "cut", step: { cut: { by: "close" } } }),
    ...release(2, 2, { release: "cut", step: { cut: { by: "close" } } }),
    { type: "task-result", result: "success" },
  );
  expect(scenario.actions).toMatchObject([{ shell: ["ls"] }]);
  expect(scenario.rules).toMatchObject([{ when: { action: "exec-shell", occurrence: 1 } }]);
  expect(leftOut).toEqual([
    "The held message 1, which was cut, is left out: it belongs to an action of Tinsmith's own.",
    "Action 1 is left out: it is a shell of Tinsmith's own, to set the guest's clock.",
  ]);
});

test("the time-out is enough for the latest action and for the task's result", async () => {
  const late = { time: 400_000 };
  expect((await save(...action(1, "a", late))).scenario.timeout).toBe(600);
  expect((await save({ type: "task-result", result: "success", ...late })).scenario.timeout).toBe(600);
  expect((await save(...action(1, "a"))).scenario.timeout).toBe(120);
});

test("a rule that was armed again applies to as many messages as in the session, and that is said", async () => {
  const { scenario, leftOut } = await save(
    {
      type: "rule-added",
      rule: { name: "lost", when: { from: "host" }, steps: [{ cut: {} }], times: 1 },
      seed: 1,
    },
    { type: "rule-hit", rule: "lost", exchange: 1, from: "host", hit: 1, seed: 1 },
    { type: "rule-armed", rule: "lost" },
    { type: "rule-hit", rule: "lost", exchange: 3, from: "host", hit: 2, seed: 1 },
    { type: "task-result", result: "success" },
  );
  expect(scenario.rules).toMatchObject([{ name: "lost", times: 2 }]);
  expect(leftOut).toEqual([expect.stringContaining('the rule "lost" was armed again')]);
});

test("a session without a result yet, or that was stopped before one, is saved without its result", async () => {
  const stopped = { type: "run-failed", error: { code: "interrupted", message: "interrupted" } };
  const lost = { type: "run-failed", error: { code: "guest-tools-lost", message: "lost" } };
  for (const events of [[], [stopped]]) {
    const { scenario, leftOut } = await save(...events);
    expect(scenario.expect).toEqual([]);
    expect(leftOut).toEqual(["The result is left out: the session had none when it was saved."]);
  }
  expect(await save(lost)).toMatchObject({ scenario: { expect: [{ result: "none" }] }, leftOut: [] });
});
