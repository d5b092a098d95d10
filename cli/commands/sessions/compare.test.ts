import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tinsmith } from "../../support/test-meta.ts";

/** Leaves two sessions, whose guests fetched the same task and got these responses to their results. */
function leaveSessions(
  responses: Readonly<Record<string, { status: number; text: string; outcome?: string }>>,
): string {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  for (const [id, { status, text, outcome }] of Object.entries(responses)) {
    const folder = join(home, "sessions", id);
    mkdirSync(folder, { recursive: true });
    const body = (text: string) => ({
      bytes: text.length,
      beginning: Buffer.from(text).toString("base64"),
    });
    const exchange = (number: number, method: string, target: string, status: number, text: string) => [
      { type: "exchange-started", exchange: number, method, target: `/engine/v1/${target}`, headers: [] },
      { type: "exchange-replied", exchange: number, status, headers: [] },
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
  expect(stderr).toBe("2 exchanges compared, 0 of them differ.\n");
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

test("a session that is not there is named", async () => {
  const home = leaveSessions({ [first]: { status: 200, text: "{}" } });
  const { exitStatus, stderr } = await tinsmith(home, ["sessions", "compare", first, second]);
  expect(stderr).toContain(`there is no session "${second}"`);
  expect(exitStatus).toBe(2);
});
