import { app, dialog, type Session, session, shell, type WebContents } from "electron";
import { findSiteFile, type Site } from "../../core/site/site-file.ts";
import { isOwnPage } from "./origin.ts";

type Permission = Parameters<NonNullable<Parameters<Session["setPermissionRequestHandler"]>[0]>>[1];

/** The permissions of the window's page: all others are denied. See docs/security.md. */
const permissions: readonly Permission[] = [
  // The serial console and the guest's screen paste from it, and copy to it.
  "clipboard-read",
  "clipboard-sanitized-write",
  // The guest's screen, which takes all keys while it is full.
  "fullscreen",
  "keyboardLock",
];

/**
 * Restricts every page of the app to its purpose, even if foreign code runs in it. To be called before the app is
 * ready.
 */
export function lockDown(site: Site): void {
  app.enableSandbox();
  app.on("web-contents-created", (_event, contents) => confine(contents, site));
  void app.whenReady().then(() => denyPermissions(session.defaultSession));
}

function confine(contents: WebContents, site: Site): void {
  contents.on("will-frame-navigate", (event) => {
    if (!event.isMainFrame || !isOwnPage(event.url)) event.preventDefault();
  });
  contents.on("will-redirect", (event) => event.preventDefault());
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isOwnPage(url)) showFile(site, url);
    else void offerLink(url);
    return { action: "deny" };
  });
}

function denyPermissions(of: Session): void {
  of.setPermissionRequestHandler((contents, permission, answer) =>
    answer(permissions.includes(permission) && isOwnPage(contents.getURL())),
  );
  of.setPermissionCheckHandler(
    (_contents, permission, origin) => permissions.includes(permission) && isOwnPage(origin),
  );
  of.setDevicePermissionHandler(() => false);
}

/** A log of a session's, which a browser would show beside the page: the file manager shows it. */
function showFile(site: Site, url: string): void {
  const file = findSiteFile(site, new URL(url).pathname);
  if (file) shell.showItemInFolder(file.path);
}

/** Asks whether a web page is to be opened in the browser: a guest can print links, too. */
async function offerLink(url: string): Promise<void> {
  const protocol = URL.parse(url)?.protocol;
  if (protocol !== "http:" && protocol !== "https:") return;
  const { response } = await dialog.showMessageBox({
    type: "question",
    message: "Open this page in the browser?",
    detail: url,
    buttons: ["Open page", "Cancel"],
    defaultId: 1,
    cancelId: 1,
  });
  if (response !== 0) return;
  await shell
    .openExternal(url)
    .catch((error) => dialog.showErrorBox("No browser could be started", `${error.message}\n\n${url}`));
}
