import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tinsmith } from "../../support/test-meta.ts";

/** Leaves two sessions, whose guests fetched the same task and got these responses to their results. */
function leaveSessions(
  responses: Readonly<
    Record<
      string,
      {
        status: number;
        text: string;
        outcome?: string;
        /** Of the response. */
        headers?: readonly (readonly [string, string])[];
        more?: readonly object[];
      }
    >
  >,
): string {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  for (const [id, { status, text, outcome, headers = [], more = [] }] of Object.entries(responses)) {
    const folder = join(home, "sessions", id);
    mkdirSync(folder, { recursive: true });
    const body = (text: string) => ({
      bytes: text.length,
      beginning: Buffer.from(text).toString("base64"),
    });
    const exchange = (number: number, method: string, target: string, status: number, text: string) => [
      { type: "exchange-started", exchange: number, method, target: `/engine/v1/${target}`, headers: [] },
      { type: "exchange-replied", exchange: number, status, headers },
      {
        type: "exchange-ended",
        exchange: number,
        outcome: outcome ?? "complete",
        request: body(""),
        reply: body(text),
      },
    ];
    const events = [
      ...exchange(1, "GET", "execute", 200, '{"command":["true"]}'),
      ...exchange(2, "PUT", "success", status, text),
      ...more,
    ];
    writeFileSync(
      join(folder, "events.jsonl"),
      events.map((event, index) => `${JSON.stringify({ seq: index + 1, time: 1, ...event })}\n`).join(""),
    );
  }
  return home;
}

const [first, second] = ["20261124-050313-aaaa", "20261124-050314-bbbb"] as const;

test("two sessions that said the same are equal", async () => {
  const home = leaveSessions({
    [first]: { status: 200, text: "{}" },
    [second]: { status: 200, text: "{}" },
  });
  const { exitStatus, stdout, stderr } = await tinsmith(home, ["sessions", "compare", first, second]);
  expect(stdout.toString()).toBe("");
  expect(stderr).toBe(`2 exchanges compared, 0 of them differ.
Headers that are not compared: Date, Sec-WebSocket-Key, Sec-WebSocket-Accept, the port of Host, and Content-Length if the bodies have different sizes.
`);
  expect(exitStatus).toBe(0);
});

test("a response that was cut has its status in the list, too", async () => {
  const home = leaveSessions({
    [first]: { status: 200, text: "{}" },
    [second]: { status: 503, text: "{", outcome: "cut" },
  });
  const { stdout } = await tinsmith(home, ["sessions", "compare", first, second]);
  expect(stdout.toString()).toContain("success               200     503 cut ");
});

test("the exchanges that differ are listed, with the bodies of the first one", async () => {
  const home = leaveSessions({
    [first]: { status: 200, text: "{}" },
    [second]: { status: 503, text: '{"code":"Busy"}\u001b[31m' },
  });
  const { exitStatus, stdout } = await tinsmith(home, ["sessions", "compare", first, second]);
  expect(stdout.toString()).toBe(
    `     2     2  success               200     503      status, response

The first difference, in the response of exchanges 2 and 2:
  first:  {}
  second: {"code":"Busy"}\\x1b[31m
`,
  );
  expect(exitStatus).toBe(1);
  const all = await tinsmith(home, ["sessions", "compare", "--all", first, second]);
  expect(all.stdout.toString()).toContain("     1     1  execute               200     200      equal\n");
});

test("polls that are left out are counted, and compared on demand", async () => {
  const poll = (exchange: number) => [
    { type: "exchange-started", exchange, method: "GET", target: "/engine/v1/poll", headers: [] },
  ];
  const home = leaveSessions({
    [first]: { status: 200, text: "{}", more: [...poll(3), ...poll(4)] },
    [second]: { status: 200, text: "{}", more: poll(3) },
  });
  const { exitStatus, stderr } = await tinsmith(home, ["sessions", "compare", first, second]);
  expect(stderr).toContain("2 exchanges compared, 0 of them differ.\n");
  expect(stderr).toContain(
    "3 polls without an action left out: 2 in the first session, 1 in the second. --polls compares them, too.\n",
  );
  expect(exitStatus).toBe(0);
  const withPolls = await tinsmith(home, ["sessions", "compare", "--polls", first, second]);
  expect(withPolls.stderr).toContain("4 exchanges compared, 1 of them differ.\n");
  expect(withPolls.stderr).not.toContain("left out:");
  expect(withPolls.stdout.toString()).toContain("     4     -  poll ");
});

test("headers that differ are listed with their values, and those that are not compared are named", async () => {
  const home = leaveSessions({
    [first]: { status: 200, text: "{}", headers: [["Date", "one"]] },
    [second]: {
      status: 200,
      text: "{}",
      headers: [
        ["Date", "two"],
        ["Retry-After", "5"],
      ],
    },
  });
  const { stdout } = await tinsmith(home, ["sessions", "compare", first, second]);
  expect(stdout.toString()).toBe(
    `     1     1  execute               200     200      headers
     2     2  success               200     200      headers

The first difference, in the response's header Retry-After of exchanges 1 and 1:
  first:  -
  second: 5
`,
  );
  const json = await tinsmith(home, ["sessions", "compare", "--json", first, second]);
  expect(JSON.parse(json.stdout.toString())).toMatchObject({
    pairs: [{ headers: [{ part: "response", name: "Retry-After", second: "5" }] }, {}],
    headersLeftOut: ["Date", "Sec-WebSocket-Key", "Sec-WebSocket-Accept"],
    emptyPolls: [0, 0],
    rules: [[], []],
  });
});

test("the rules of each session are named, with the exchanges that they applied to", async () => {
  const added = (name: string) => ({ type: "rule-added", rule: { name }, seed: 1 });
  const hit = { type: "rule-hit", rule: "refuse", exchange: 2, from: "host", hit: 1, seed: 1 };
  const home = leaveSessions({
    [first]: { status: 200, text: "{}" },
    [second]: { status: 503, text: "{}", more: [added("refuse"), added("slow"), hit] },
  });
  const { stderr } = await tinsmith(home, ["sessions", "compare", first, second]);
  expect(stderr).toContain(
    "Rules were active in the second session: refuse (1 message), slow (never applied).\n",
  );
  expect(stderr).not.toContain("in the first session");
  const json = await tinsmith(home, ["sessions", "compare", "--json", first, second]);
  expect(JSON.parse(json.stdout.toString())).toMatchObject({
    rules: [[], [{ name: "refuse", hits: 1 }, { name: "slow" }]],
    pairs: [{}, { second: { rules: ["refuse"] } }],
  });
});

test("a session that is not there is named", async () => {
  const home = leaveSessions({ [first]: { status: 200, text: "{}" } });
  const { exitStatus, stderr } = await tinsmith(home, ["sessions", "compare", first, second]);
  expect(stderr).toContain(`there is no session "${second}"`);
  expect(exitStatus).toBe(2);
});
