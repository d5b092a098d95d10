import { expect } from "@playwright/test";
import { addRule, BreakpointsPage, exchange } from "../breakpoints-page.ts";
import { holdAnswers } from "../hold-answers.ts";
import { RunPage } from "../run-page.ts";
import type { ScriptedEngine } from "../scripted-engine.ts";
import type { ScriptedRun } from "../scripted-run.ts";
import type { TinsmithPage } from "../tinsmith-page.ts";
import type { Scenes } from "./scene.ts";

/** Opens the breakpoints of a run. */
async function begin(tinsmith: TinsmithPage, engine: ScriptedEngine) {
  const run = await engine.beginRun({ command: ["sh", "-c", "make test"], env: { LANGUAGE: "en" } });
  await RunPage.open(tinsmith, "Run of");
  return { run, view: await BreakpointsPage.open(tinsmith) };
}

/** Lets the guest tools answer a listing of a folder. */
async function answerListing(run: ScriptedRun): Promise<void> {
  // It is cancelled with the session.
  void run.session.guest.use((actions) => actions.listFolder("/home/tc")).catch(() => {});
  const { id } = await run.poll();
  const files = ["/home/tc/.profile", "/home/tc/report.json"];
  void exchange(run, "POST", `reply?id=${id}`, JSON.stringify({ files, notFound: false }));
}

/** As `begin`, with two messages held: the answer to a listing, then the task. */
async function holdTwo(tinsmith: TinsmithPage, engine: ScriptedEngine) {
  const { run, view } = await begin(tinsmith, engine);
  addRule(run, {
    name: "replies",
    when: { endpoint: "reply", action: ["list-folder", "get-artifact"] },
    steps: [{ hold: true }],
    times: "always",
  });
  addRule(run, {
    name: "break on execute response",
    when: { from: "host", endpoint: "execute" },
    steps: [{ hold: true }],
  });
  await answerListing(run);
  await expect(view.held).toHaveCount(1);
  void exchange(run, "GET", "execute");
  await expect(view.held).toHaveCount(2);
  return view;
}

/** The scenes of breakpoints and rules. */
export const breakpointScenes: Scenes = {
  "breakpoints-none": async (tinsmith, engine) => {
    const { view } = await begin(tinsmith, engine);
    await expect(view.part).toContainText("No breakpoints yet");
  },
  "breakpoints-rules": async (tinsmith, engine) => {
    const { run, view } = await begin(tinsmith, engine);
    addRule(run, {
      name: "lost listing",
      when: { endpoint: "reply", action: "list-folder", occurrence: 2 },
      steps: [{ delay: 1.5 }, { answer: { status: 500 } }],
    });
    addRule(run, { name: "refused ping", when: { endpoint: "ping" }, steps: [{ answer: { status: 503 } }] });
    await exchange(run, "GET", "ping");
    await view.breakOn({ Direction: "response of", Action: "for list-folder" });
    await expect(view.rules).toHaveCount(3);
    await expect(view.rules.nth(1)).toContainText("used up");
  },
  "breakpoints-answer": async (tinsmith, engine) => {
    const { run, view } = await begin(tinsmith, engine);
    await view.breakOn({ Direction: "request to", Endpoint: "ping" });
    void exchange(run, "GET", "ping");
    await view.button("Answer with error").click();
    await tinsmith.page.getByRole("menuitem", { name: "Another status…" }).click();
    await tinsmith.dialog.getByLabel("Status").fill("390");
    await expect(tinsmith.dialog.getByRole("alert")).toContainText("from 400 to 599");
  },
  "breakpoints-busy": async (tinsmith, engine) => {
    const { page } = tinsmith;
    await begin(tinsmith, engine);
    await holdAnswers(page, "rules/add");
    await page.reload();
    const view = new BreakpointsPage(tinsmith);
    await view.button("Break on…").click();
    await view.button("Add breakpoint").click();
    await expect(view.rules).toHaveCount(1);
    await expect(view.button("Add breakpoint")).toBeDisabled();
  },
  "breakpoints-held": async (tinsmith, engine) => {
    const { run, view } = await begin(tinsmith, engine);
    await view.breakOn({ Direction: "request to", Endpoint: "reply", Action: "for list-folder" });
    await answerListing(run);
    await expect(view.editor).toContainText("report.json");
    await expect(view.rules).toContainText("applied to 1 message");
  },
  "breakpoints-two": async (tinsmith, engine) => {
    const view = await holdTwo(tinsmith, engine);
    await expect(view.editor).toContainText("report.json");
    await expect(view.rules.last()).toContainText("applied to 1 message");
  },
  "breakpoints-edited": async (tinsmith, engine) => {
    const view = await holdTwo(tinsmith, engine);
    await view.held.last().click();
    await expect(view.editor).toContainText("make test");
    await view.editor.fill('{\n  "command": ["sh", "-c", "make check"],\n  "env": {}\n');
    await view.message.getByLabel("Status").fill("202");
    await expect(view.message).toContainText("expected , or }");
    await expect(view.button("Send edited")).toBeVisible();
  },
  "breakpoints-bytes": async (tinsmith, engine) => {
    const { run, view } = await begin(tinsmith, engine);
    addRule(run, { name: "bytes", when: { endpoint: "reply" }, steps: [{ hold: true }] });
    await expect(view.rules).toHaveCount(1);
    void exchange(
      run,
      "POST",
      "reply?id=CsX0kAboRd-6W9Xzb7OBTg",
      "\x7fELF\x02\x01\x01\0 not quite a program\n",
    );
    await expect(view.editor).toContainText("7f 45 4c 46");
    await view.button("Add header").click();
    await tinsmith.page.keyboard.type("X Test");
    await expect(view.rules).toContainText("applied to 1 message");
  },
  "breakpoints-running": async (tinsmith, engine) => {
    const { run, view } = await begin(tinsmith, engine);
    await view.breakOn({ "How often": "each", Direction: "request to", Endpoint: "any endpoint" });
    await view.part.getByLabel("Let the virtual machine run").check();
    const answered = exchange(run, "PUT", "success");
    await expect(view.held).toHaveCount(1);
    await view.button("Answer with error").click();
    await tinsmith.page.getByRole("menuitem", { name: "503" }).click();
    await answered;
    const requests = ["PUT success", "GET execute", "GET ping", "GET poll", "POST log"] as const;
    for (const [index, request] of requests.entries()) {
      const [method = "", path = ""] = request.split(" ");
      void exchange(run, method, path);
      await expect(view.held).toHaveCount(index + 1);
    }
    await expect(view.held.first()).toContainText("try 2");
    await expect(view.message).toContainText("The guest tools give up now.");
    await expect(view.rules).toContainText("applied to 6 messages");
  },
  "breakpoints-behind": async (tinsmith, engine) => {
    const { run } = await begin(tinsmith, engine);
    await tinsmith.showLog();
    addRule(run, { name: "ping", when: { endpoint: "ping" }, steps: [{ hold: true }] });
    void exchange(run, "GET", "ping");
    await expect(tinsmith.page.getByRole("button", { name: "Show message" })).toBeVisible();
    await expect(tinsmith.page.getByRole("log")).toBeVisible();
  },
  "breakpoints-ended": async (tinsmith, engine) => {
    const { run, view } = await begin(tinsmith, engine);
    await run.finish("success");
    await expect(view.part).toContainText("The session has ended");
  },
};
