import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RuleInput } from "../../../shared/rules/rule.ts";
import { buildGuestTools } from "../../protocol/build-guest-tools.ts";
import {
  buildFaultyTools,
  type FaultName,
  plantedFaults,
} from "../../protocol/planted-faults/build-faulty-tools.ts";
import { startRelay } from "../../protocol/relay.ts";
import { addRule, BreakpointsPage } from "../breakpoints-page.ts";
import { test as base, expect } from "../fixtures.ts";
import { RunPage } from "../run-page.ts";

// The real guest tools on this host, with and without a planted fault: what the window shows of it. tests/protocol/scenarios.test.ts
// finds the same faults by scenarios.

type Build = FaultName | "none";

/** Begins a run, and opens it. @returns also a function that starts its guest tools */
type Begin = (
  command: string,
  rule?: RuleInput,
) => Promise<{ readonly view: RunPage; readonly start: (build: Build) => void }>;

const test = base.extend<{ begin: Begin }, { tools: string }>({
  tools: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright finds a fixture's needs in its pattern.
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), "ts-"));
      await buildGuestTools(join(folder, "none"));
      for (const name of Object.keys(plantedFaults) as FaultName[])
        await buildFaultyTools(name, join(folder, name));
      await use(folder);
      rmSync(folder, { recursive: true });
    },
    { scope: "worker", timeout: 120_000 },
  ],
  begin: async ({ tinsmith, engine, tools }, use) => {
    await using cleanup = new AsyncDisposableStack();
    await use(async (command, rule) => {
      const run = await engine.beginRun({ command: ["sh", "-c", command] });
      if (rule) addRule(run, rule);
      const relay = cleanup.use(await startRelay(run.session.paths.metaServiceSocket));
      const start = (build: Build) => {
        const child = spawn(join(tools, build), ["--host", relay.host, "run"], { stdio: "ignore" });
        cleanup.defer(async () => {
          if (child.kill("SIGKILL")) await once(child, "exit");
        });
      };
      return { view: await RunPage.open(tinsmith, "Run of"), start };
    });
  },
});
// One worker builds the guest tools for all.
test.describe.configure({ mode: "default" });

/** A folder that the guest lists, and a file in it. */
const folder = join(import.meta.dirname, "../real");
const file = "breakpoints.spec.ts";
/** More than the buffer of the guest tools, at once. */
const longOutput = "dd if=/dev/zero bs=1M count=24 2>/dev/null | tr '\\0' x";
const findings = (view: RunPage) => view.exchanges.locator(".exchange-finding");
const markedRows = (view: RunPage) =>
  view.rows.filter({ has: view.tinsmith.page.locator(".exchange-finding") });
const delayed: RuleInput = { name: "late", when: { endpoint: "log" }, steps: [{ delay: 1 }] };
const cut: RuleInput = { name: "cut", when: { endpoint: "reply" }, steps: [{ cut: {} }] };

test("the Action log marks a reply that was lost on its retry", async ({ begin }) => {
  const { view, start } = await begin("sleep 1000", cut);
  start("reply lost on retry");
  await view.list(folder);
  await expect(findings(view)).toHaveText("another reply");
  await expect(markedRows(view)).toContainText("400");
  await expect(await view.select(markedRows(view))).toContainText(
    /The guest tools have sent this reply again with 0 bytes\. Before, it had \d+ bytes\./,
  );
  await expect(
    view.exchanges.getByRole("img", { name: /^Exchange \d+: The guest tools have sent/ }),
  ).toBeVisible();
  await view.filter("finding:again");
  await expect(view.rows).toHaveCount(1);
});

test("the Action log marks the result after a log that was cut", async ({ begin }) => {
  const { view, start } = await begin(longOutput, delayed);
  start("log cut at 4 MiB");
  await expect(findings(view)).toHaveText("log too short");
  await expect(markedRows(view)).toContainText("success");
  await expect(await view.select(markedRows(view))).toContainText(
    /The log has [\d,]+ bytes of the 25,165,824 bytes that the task has written\./,
  );
});

test("the Action log marks a result that came before the end of the log", async ({ begin }) => {
  const { view, start } = await begin(longOutput, delayed);
  start("exit before the output was sent");
  await expect(findings(view)).toHaveText("result before log");
  await expect(markedRows(view)).toContainText("success");
  await expect(await view.select(markedRows(view))).toContainText(
    /The result came before the end of the log, which is exchange \d+\./,
  );
});

test("a breakpoint that cuts a reply shows that the retry never brings it", async ({ begin, tinsmith }) => {
  const { view, start } = await begin("sleep 1000");
  const breakpoints = await BreakpointsPage.open(tinsmith);
  await breakpoints.breakOn({ "How often": "each", Direction: "request to", Endpoint: "reply" });
  start("reply lost on retry");
  await view.list(folder);
  await tinsmith.showTab(/^Breakpoints/);
  await expect(breakpoints.editor).toContainText(file);
  await breakpoints.button("Cut connection").click();
  await expect(breakpoints.message).toHaveAccessibleName("Held message 2");
  await expect(breakpoints.message).toContainText("No body");
});

test("a breakpoint on the log shows that the rest of a long one never comes", async ({
  begin,
  tinsmith,
  engine,
}) => {
  const ended = join(engine.workspace, "ended");
  const { view, start } = await begin(`${longOutput}; touch ${ended}`);
  const breakpoints = await BreakpointsPage.open(tinsmith);
  await breakpoints.breakOn({ Direction: "request to", Endpoint: "log" });
  start("log cut at 4 MiB");
  await expect(breakpoints.held).toHaveCount(1);
  // The task doesn't wait for its log to be taken, as it must.
  await expect.poll(() => existsSync(ended)).toBe(true);
  await breakpoints.button("Send unchanged").click();
  await expect(findings(view)).toHaveText("log too short");
});

test("guest tools without a fault wait for their log, repeat a reply as it was, and nothing is marked", async ({
  begin,
  tinsmith,
}) => {
  const { view, start } = await begin(longOutput, cut);
  const breakpoints = await BreakpointsPage.open(tinsmith);
  await breakpoints.breakOn({ Direction: "response of", Endpoint: "log" });
  start("none");
  await expect(breakpoints.held).toHaveCount(1);
  await view.list(folder);
  await expect(view.file(file)).toBeVisible();
  await expect(view.rows.filter({ hasText: "success" })).toHaveCount(0);
  await tinsmith.showTab(/^Breakpoints/);
  await breakpoints.button("Send unchanged").click();
  await expect(view.rows.filter({ hasText: "success" })).toBeVisible();
  await expect(view.rows.filter({ hasText: "reply" })).toHaveCount(2);
  await expect(findings(view)).toHaveCount(0);
});

test("a breakpoint on the response of the log shows that the result doesn't wait for it", async ({
  begin,
  tinsmith,
}) => {
  const { view, start } = await begin("echo text");
  const breakpoints = await BreakpointsPage.open(tinsmith);
  await breakpoints.breakOn({ Direction: "response of", Endpoint: "log" });
  start("exit before the output was sent");
  await expect(breakpoints.held).toHaveCount(1);
  await expect(findings(view)).toHaveText("result before log");
  await expect(breakpoints.held).toHaveCount(1);
});
