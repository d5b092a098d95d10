import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";

// Electron's security checklist, as far as a page can try it; docs/security.md says where each point is kept.

test("the page has a port and paths of dropped files, and nothing of Node or Electron", async ({
  tinsmith,
}) => {
  const globals = await tinsmith.page.evaluate(() => ({
    bridge: Object.keys((window as unknown as { tinsmithDesktop: object }).tinsmithDesktop).sort(),
    node: ["require", "process", "module", "Buffer", "electron", "ipcRenderer"].filter(
      (name) => name in window,
    ),
  }));
  expect(globals).toEqual({ bridge: ["connect", "pathOf"], node: [] });
});

test("its process is in Chromium's sandbox", async ({ shell, tinsmith }) => {
  await expect(tinsmith.library).toBeVisible();
  const processId = await shell.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
  );
  const status = readFileSync(`/proc/${processId}/status`, "utf8");
  // It may call what a filter lets through (2), and can't get other rights by programs that it starts.
  expect(status).toMatch(/^Seccomp:\t2$/m);
  expect(status).toMatch(/^NoNewPrivs:\t1$/m);
});

test("its script is its own, by a policy that allows no other", async ({ tinsmith }) => {
  const policy = await tinsmith.page.evaluate(async () =>
    (await fetch(location.href)).headers.get("content-security-policy"),
  );
  expect(policy).toContain("default-src 'none'; script-src 'self'");
  const didRun = await tinsmith.page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.didRun = true";
    document.head.append(script);
    return "didRun" in window;
  });
  expect(didRun).toBe(false);
});

test("it loads nothing from elsewhere", async ({ tinsmith }) => {
  const load = (address: string) =>
    tinsmith.page.evaluate(
      (url) =>
        fetch(url).then(
          () => "loaded",
          (error) => String(error),
        ),
      address,
    );
  expect(await load("https://example.com/")).toContain("Failed to fetch");
  expect(await load("file:///etc/passwd")).toContain("Failed to fetch");
});

test("of the files on disk it gets its bundle's and what sessions left, and no others", async ({
  tinsmith,
}) => {
  const status = (path: string) => tinsmith.page.evaluate(async (url) => (await fetch(url)).status, path);
  expect(await status("icon.svg")).toBe(200);
  for (const path of [
    "..%2f..%2fpackage.json",
    "%2e%2e/%2e%2e/package.json",
    "sessions/..%2f..%2fsettings.json",
    "sessions/any/files/..%2f..%2f..%2fsettings.json",
    "sessions/any/files/lock",
  ])
    expect([path, await status(path)]).toEqual([path, 404]);
});

test("it stays where it is", async ({ shell, tinsmith }) => {
  await expect(tinsmith.library).toBeVisible();
  const address = tinsmith.page.url();
  for (const target of ["https://example.com/", "file:///etc/passwd"]) {
    // By the window itself: Playwright would wait for a navigation that never comes.
    const now = await shell.evaluate(async ({ BrowserWindow }, url) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      await contents?.executeJavaScript(`location.href = ${JSON.stringify(url)}`);
      return await contents?.executeJavaScript("location.href");
    }, target);
    expect(now).toBe(address);
  }
});

test("no window opens beside it; a web page is shown in the browser, when the person wants that", async ({
  shell,
  tinsmith,
}) => {
  await shell.evaluate(({ dialog, shell: desktop }) => {
    const seen = { asked: [] as string[], opened: [] as string[], answer: 1 };
    Object.assign(globalThis, { seen });
    dialog.showMessageBox = async (...given: unknown[]) => {
      seen.asked.push((given.at(-1) as Electron.MessageBoxOptions).detail ?? "");
      return { response: seen.answer, checkboxChecked: false };
    };
    desktop.openExternal = async (url) => void seen.opened.push(url);
  });
  const seen = () =>
    shell.evaluate(() => (globalThis as unknown as { seen: { asked: string[]; opened: string[] } }).seen);
  const open = (url: string) => tinsmith.page.evaluate((target) => void window.open(target), url);
  await open("https://example.com/refused");
  await expect.poll(async () => (await seen()).asked).toEqual(["https://example.com/refused"]);
  await shell.evaluate(() => Object.assign((globalThis as unknown as { seen: object }).seen, { answer: 0 }));
  await open("https://example.com/wanted");
  await expect.poll(async () => (await seen()).opened).toEqual(["https://example.com/wanted"]);
  // A desktop without a browser is reported, and is not a reason for the app to end.
  await shell.evaluate(({ dialog, shell: desktop }) => {
    const { seen: noted } = globalThis as unknown as { seen: { opened: string[] } };
    desktop.openExternal = () => Promise.reject(new Error("there is no browser"));
    dialog.showErrorBox = (title) => void noted.opened.push(title);
  });
  await open("https://example.com/unopened");
  await expect.poll(async () => (await seen()).opened.at(-1)).toBe("No browser could be started");
  await open("file:///etc/passwd");
  await open("smb://example.com/share");
  await open("https://example.com/last");
  await expect.poll(async () => (await seen()).asked.at(-1)).toBe("https://example.com/last");
  expect((await seen()).asked).toHaveLength(4);
  await expect.poll(() => tinsmith.page.context().pages()).toHaveLength(1);
});

test("it may use the clipboard, and no camera, place or device", async ({ tinsmith }) => {
  const state = (name: string) =>
    tinsmith.page.evaluate(
      async (one) => (await navigator.permissions.query({ name: one as PermissionName })).state,
      name,
    );
  for (const name of ["clipboard-read", "clipboard-write"])
    expect([name, await state(name)]).toEqual([name, "granted"]);
  for (const name of ["geolocation", "camera", "microphone", "notifications", "midi"])
    expect([name, await state(name)]).not.toEqual([name, "granted"]);
});

test("a port is given to the window's own page alone", async ({ shell, tinsmith }) => {
  await expect(tinsmith.library).toBeVisible();
  const isRefused = (senderFrame: { url: string; parent: object | null } | null) =>
    shell.evaluate(({ ipcMain }, frame) => {
      let isClosed = false;
      const port = { close: () => (isClosed = true), on: () => {}, start: () => {} };
      ipcMain.emit("tinsmith:connect", { senderFrame: frame, ports: [port] });
      return isClosed;
    }, senderFrame);
  expect(await isRefused({ url: "tinsmith://app/", parent: null })).toBe(false);
  expect(await isRefused(null)).toBe(true);
  expect(await isRefused({ url: "tinsmith://app/", parent: {} })).toBe(true);
  expect(await isRefused({ url: "tinsmith://elsewhere/", parent: null })).toBe(true);
  expect(await isRefused({ url: "https://example.com/tinsmith://app/", parent: null })).toBe(true);
});

test("a session's log is shown in the file manager, where a browser would open it beside the page", async ({
  home,
  shell,
  tinsmith,
}) => {
  await shell.evaluate(({ shell: desktop }) => {
    Object.assign(globalThis, { shown: [] as string[] });
    desktop.showItemInFolder = (path) => void (globalThis as unknown as { shown: string[] }).shown.push(path);
  });
  const folder = join(home, "sessions/one");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "serial.log"), "login:\n");
  for (const path of ["sessions/one/files/lock", "sessions/one/files/serial.log"])
    await tinsmith.page.evaluate((target) => void window.open(target), path);
  await expect
    .poll(() => shell.evaluate(() => (globalThis as unknown as { shown: string[] }).shown))
    .toEqual([join(folder, "serial.log")]);
});
