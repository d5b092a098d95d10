import { once } from "node:events";
import { addRule, BreakpointsPage, exchange } from "./breakpoints-page.ts";
import { expect, test } from "./fixtures.ts";
import type { ScriptedEngine } from "./scripted-engine.ts";
import { openRun } from "./session-tabs.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

async function begin(tinsmith: TinsmithPage, engine: ScriptedEngine) {
  const { run } = await openRun(tinsmith, engine, "make test");
  return { run, view: await BreakpointsPage.open(tinsmith) };
}

test("a breakpoint holds the next response, which is edited and sent; then it is used up", async ({
  tinsmith,
  engine,
}) => {
  const { run, view } = await begin(tinsmith, engine);
  await expect(view.part).toContainText("No breakpoints yet");
  await view.breakOn({ Direction: "response of", Endpoint: "execute" });
  await expect(view.rules).toContainText("not applied yet");
  await expect(view.button("Break on…")).toBeFocused();
  const response = exchange(run, "GET", "execute");
  await expect(view.held).toHaveText([/^execute response 200/]);
  await expect(view.part).toContainText("The virtual machine is paused while a message is held.");
  await expect(tinsmith.tabs("Breakpoints").getByRole("img", { name: "1 message held" })).toBeVisible();
  await expect(view.message).toContainText("From the MetaService");
  await expect(view.message).toContainText("Rule: break on execute response");
  await expect(view.editor).toContainText("make test");
  // The message scrolls: what can be done beside it stays in view.
  await tinsmith.page.setViewportSize({ width: 1280, height: 620 });
  await expect(view.part.getByLabel("Let the virtual machine run")).toBeInViewport();
  for (const name of ["Break on…", "Cut connection"]) await expect(view.button(name)).toBeInViewport();
  await expect(view.button("Send edited")).toHaveCount(0);
  await expect(view.button("Answer with error")).toHaveCount(0);
  await view.editor.fill('{"command": ["true"], "env": {}}');
  await view.message.getByLabel("Status").fill("2");
  await expect(view.message).toContainText("Enter a status from 200 to 599.");
  await view.message.getByLabel("Status").fill("202");
  await view.button("Send edited").click();
  expect(await response).toEqual({ status: 202, body: '{"command": ["true"], "env": {}}' });
  await expect(view.part).toContainText("No message is held");
  await expect(view.rules).toContainText("applied to 1 message, used up");
  await expect(tinsmith.tabs("Breakpoints").getByRole("img")).toHaveCount(0);
});

test("a held request is sent unchanged, answered with an error, or its connection is cut", async ({
  tinsmith,
  engine,
}) => {
  const { run, view } = await begin(tinsmith, engine);
  await view.breakOn({ "How often": "each", Direction: "request to", Endpoint: "log" });
  const sent = exchange(run, "POST", "log", "more of the log\n");
  await expect(view.message).toHaveAccessibleName("Held message 1");
  await expect(view.message).toContainText("The guest tools are still sending the body.");
  await view.button("Send unchanged").click();
  expect((await sent).status).toBe(200);
  const answered = exchange(run, "POST", "log", "unseen\n");
  await expect(view.message).toHaveAccessibleName("Held message 2");
  await view.button("Answer with error").click();
  await tinsmith.page.getByRole("menuitem", { name: "503" }).click();
  expect((await answered).status).toBe(503);
  const cut = exchange(run, "POST", "log", "unseen\n");
  await expect(view.message).toHaveAccessibleName("Held message 3");
  await view.button("Cut connection").click();
  expect((await cut).status).toBeNull();
  await expect(view.held).toHaveCount(0);
  await expect(view.rules).toContainText("applied to 3 messages");
  await expect(tinsmith.notices).toHaveCount(0);
  await tinsmith.showLog();
  const log = tinsmith.page.getByRole("log");
  await expect(log).toContainText("more of the log");
  await expect(log).not.toContainText("unseen");
});

test("a message that arrives while another one is edited only joins the queue; each keeps its draft", async ({
  tinsmith,
  engine,
}) => {
  const { run, view } = await begin(tinsmith, engine);
  await view.breakOn({ "How often": "each", Direction: "request to", Endpoint: "reply" });
  const first = exchange(run, "POST", "reply?id=first", "first");
  await expect(view.editor).toContainText("first");
  await view.editor.fill("edited");
  const second = exchange(run, "POST", "reply?id=second", "second");
  await expect(view.held).toHaveCount(2);
  await expect(view.editor).toBeFocused();
  await expect(view.editor).toHaveText("edited");
  await expect(view.held.first()).toHaveAttribute("aria-selected", "true");
  await view.held.last().click();
  await expect(view.editor).toContainText("second");
  await tinsmith.page.keyboard.press("ArrowUp");
  await expect(view.editor).toHaveText("edited");
  await view.button("Discard changes").click();
  await expect(view.editor).toContainText("first");
  await view.button("Send unchanged").click();
  // No action waits for these replies.
  expect((await first).status).toBe(400);
  await expect(view.held).toHaveCount(1);
  await expect(view.editor).toContainText("second");
  await view.button("Send unchanged").click();
  expect((await second).status).toBe(400);
});

test("the form of a body is explained and checked, and a malformed one can be sent all the same", async ({
  tinsmith,
  engine,
}) => {
  const { run, view } = await begin(tinsmith, engine);
  await view.breakOn({ Direction: "response of", Endpoint: "execute" });
  const response = exchange(run, "GET", "execute");
  const help = view.message.getByRole("complementary", { name: "The body by the protocol" });
  await expect(help).toContainText("commandlist of textsThe program and its arguments.");
  await expect(help).toContainText("ttytrue or false, optional");
  await view.editor.fill('{"comand": ["true"], "env": 1}');
  const issues = view.message.getByRole("region", { name: "Issues" });
  await expect(issues).toContainText("comand is a list: unknown key; did you mean command?");
  await expect(issues).toContainText("env is 1: must be an object of texts");
  await expect(issues).toContainText("command is missing: must be a list of texts");
  await view.button("Send edited").click();
  expect((await response).body).toBe('{"comand": ["true"], "env": 1}');
});

test("headers are changed, added and removed; one that can't be sent has an issue", async ({
  tinsmith,
  engine,
}) => {
  const { run, view } = await begin(tinsmith, engine);
  await view.breakOn({ Direction: "response of", Endpoint: "execute" });
  const answered = once(run.request("GET", "execute").end(), "response");
  await view.message.getByLabel("Value of Content-Type").fill("text/plain");
  await view.button("Add header").click();
  await tinsmith.page.keyboard.type("X Test");
  await expect(view.message.getByRole("alert")).toContainText("Enter a name");
  await expect(view.button("Send edited")).toHaveAttribute("aria-disabled", "true");
  await view.message.getByLabel("Header", { exact: true }).last().fill("X-Test");
  await view.message.getByLabel("Value of X-Test").fill("yes");
  await view.button("Send edited").click();
  const [{ headers }] = await answered;
  expect([headers["content-type"], headers["x-test"]]).toEqual(["text/plain", "yes"]);
});

test("bytes are edited in hexadecimal and base64, and text as it is", async ({ tinsmith, engine }) => {
  const { run, view } = await begin(tinsmith, engine);
  addRule(run, {
    name: "bytes",
    when: { endpoint: "reply" },
    steps: [{ hold: true }, { hold: true }],
  });
  void exchange(run, "POST", "reply?id=first", "\0a\n");
  const format = view.message.getByLabel("Body as");
  await tinsmith.showTab(/^Breakpoints/);
  await expect(format).toHaveValue("hex");
  const lines = async () => (await view.editor.locator(".cm-line").allTextContents()).join(" ");
  await expect.poll(lines).toBe("00 61 0a.a.");
  await view.editor.fill("61 0");
  await expect(view.message.getByRole("alert")).toContainText("Enter each byte as two digits");
  await expect(view.button("Send edited")).toHaveAttribute("aria-disabled", "true");
  await view.editor.fill("7b 7d ff");
  await format.selectOption("Bytes in base64");
  await expect(view.editor).toHaveText("e33/");
  await expect(format.getByRole("option", { name: "Text" })).toBeDisabled();
  await view.editor.fill("e30=");
  await format.selectOption("Text");
  await expect(view.editor).toHaveText("{}");
  await view.button("Send edited").click();
  // The second step holds what the first one has sent.
  await expect(view.message).toHaveAccessibleName("Held message 2");
  await expect(format).toHaveValue("json");
  await expect(view.editor).toHaveText("{}");
});

test("a session lets its virtual machine run while messages are held, and counts the guest tools' tries", async ({
  tinsmith,
  engine,
}) => {
  const { run, view } = await begin(tinsmith, engine);
  await view.breakOn({ "How often": "each", Direction: "request to", Endpoint: "success" });
  const first = run.request("PUT", "success").end();
  first.on("error", () => {});
  await expect(view.part).toContainText("The virtual machine is paused while a message is held.");
  await expect(view.message).not.toContainText("The guest tools give up");
  await view.part.getByLabel("Let the virtual machine run while messages are held").check();
  await expect(view.part).toContainText("The virtual machine runs while messages are held.");
  await expect(view.message).toContainText(/The guest tools give up (?:in \d s|now)\./);
  await expect(view.held).toContainText("s left");
  await view.button("Add a body").click();
  await view.editor.fill("edited");
  // The guest tools give up, and try it again.
  first.destroy();
  await expect(view.held).toHaveCount(0);
  await expect(view.part).toContainText(/success request: the guest tools gave up after \d+\.\d s\./);
  const second = exchange(run, "PUT", "success");
  await expect(view.held).toContainText("try 2");
  await expect(view.editor).toHaveText("edited");
  await view.button("Send unchanged").click();
  expect((await second).status).toBe(200);
});

test("many held messages scroll in their list; the buttons stay in sight, and one sends all unchanged", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { run, view } = await begin(tinsmith, engine);
  await view.breakOn({ "How often": "each", Direction: "request to", Endpoint: "ping" });
  const count = 40;
  const responses = Array.from({ length: count }, () => exchange(run, "GET", "ping"));
  await expect(view.held).toHaveCount(count);
  const wide = page.viewportSize() ?? { width: 0, height: 0 };
  for (const width of [wide.width, 640]) {
    await page.setViewportSize({ ...wide, width });
    await expect(view.button("Send unchanged")).toBeInViewport({ ratio: 1 });
    await expect(view.held.last()).not.toBeInViewport();
  }
  await view.held.first().click();
  await page.keyboard.press("End");
  await expect(view.held.last()).toBeInViewport({ ratio: 1 });
  await expect(view.message).toHaveAccessibleName(`Held message ${count}`);
  await view.button(`Send all ${count} unchanged`).click();
  expect(new Set((await Promise.all(responses)).map(({ status }) => status))).toEqual(new Set([200]));
  await expect(view.part).toContainText("No message is held");
  await expect(tinsmith.notices).toHaveCount(0);
});

test("a rule that is removed while it holds a message releases it", async ({ tinsmith, engine }) => {
  const { run, view } = await begin(tinsmith, engine);
  await view.breakOn({ Direction: "response of", Endpoint: "execute" });
  const response = exchange(run, "GET", "execute");
  await expect(view.held).toHaveCount(1);
  await view.button("Remove rule break on execute response").click();
  expect(JSON.parse((await response).body).command).toEqual(["sh", "-c", "make test"]);
  await expect(view.part).toContainText("No breakpoints yet");
});

test("a message stays held while the window is loaded again", async ({ tinsmith, engine, page }) => {
  const { run, view } = await begin(tinsmith, engine);
  await view.breakOn({ Direction: "response of", Endpoint: "execute" });
  const response = exchange(run, "GET", "execute");
  await expect(view.held).toHaveCount(1);
  await page.reload();
  await expect(view.held).toHaveText([/^execute response 200/]);
  await view.message.getByLabel("Status").fill("503");
  await view.button("Send edited").click();
  expect(await response).toMatchObject({ status: 503, body: expect.stringContaining("make test") });
});

test("a rule of the CLI holds a message of a session whose tab is behind another one", async ({
  tinsmith,
  engine,
}) => {
  const { run } = await openRun(tinsmith, engine, "make test");
  await openRun(tinsmith, engine, "make install");
  addRule(run, { name: "from the CLI", when: { endpoint: "ping" }, steps: [{ hold: true }] });
  const response = exchange(run, "GET", "ping");
  const notice = tinsmith.page.getByRole("status").filter({ hasText: "make test: 1 message held" });
  await expect(notice).toBeVisible();
  await expect(tinsmith.page).toHaveTitle(/^1 message held – /);
  await tinsmith.tabs("make test").first().click();
  // It is there, but not in front.
  await expect(tinsmith.tabs("Breakpoints").getByRole("img", { name: "1 message held" })).toBeVisible();
  await tinsmith.page.getByRole("button", { name: "Show message" }).click();
  await expect(notice).toBeHidden();
  const view = new BreakpointsPage(tinsmith);
  await expect(view.message).toContainText("Rule: from the CLI");
  await expect(view.message).toContainText("No body");
  await view.button("Send unchanged").click();
  expect((await response).status).toBe(200);
  await expect(tinsmith.page).toHaveTitle(/^make test – /);
});

test("without a window nothing is held, and a session that ends has no breakpoints", async ({
  tinsmith,
  engine,
}) => {
  const unseen = await engine.beginRun({ command: ["sh", "-c", "unseen"] });
  addRule(unseen, { name: "ping", when: { endpoint: "ping" }, steps: [{ hold: true }] });
  expect((await exchange(unseen, "GET", "ping")).status).toBe(200);
  const { run, view } = await begin(tinsmith, engine);
  await view.breakOn({ Direction: "request to", Endpoint: "ping" });
  await run.finish("success");
  await expect(view.part).toContainText("The session has ended");
  await expect(tinsmith.errors).toHaveCount(0);
});

test("a build has breakpoints, too", async ({ tinsmith, engine }) => {
  const build = await engine.begin("Worker image microcore", "/tmp/microcore-worker.tar.lz4");
  await tinsmith.showTab("Sessions");
  await tinsmith.page.locator(".session-open").click();
  const view = await BreakpointsPage.open(tinsmith);
  await view.breakOn({ Direction: "response of", Endpoint: "execute" });
  await expect(view.rules).toHaveCount(1);
  expect(build.session.rules.rules.list()).toHaveLength(1);
});
