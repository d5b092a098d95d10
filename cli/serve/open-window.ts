import { rmSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { beforeForcedStop } from "../../core/async/process-end.ts";
import { makePrivateFolder } from "../../core/files/private-folder.ts";
import { linkFile, type Paths } from "../../core/storage/paths.ts";
import { tokenParameter } from "../../shared/contracts/window-access.ts";
import { openOnDesktop } from "./desktop.ts";
import type { UiServer } from "./ui-server.ts";

/**
 * Opens the window in the browser from a file of this user's own, whose form sends a token. The token is then neither
 * in the arguments of a process, which all users can list, nor in an address, which a browser keeps in its history.
 *
 * The file is deleted when the browser has used it, when this is disposed of, and by a forced stop.
 *
 * @param onFail called when no browser could be opened
 */
export function openWindow(
  paths: Paths,
  { port, origin, newToken }: Pick<UiServer, "port" | "origin" | "newToken">,
  onFail: (error: unknown) => void,
): Disposable {
  makePrivateFolder(paths.sockets);
  const file = linkFile(paths, port);
  const remove = () => rmSync(file, { force: true });
  remove();
  const lastAct = beforeForcedStop("the page that opens the window", remove);
  const end = () => {
    lastAct[Symbol.dispose]();
    remove();
  };
  writeFileSync(file, formPage(`${origin}/`, newToken(remove)), { mode: 0o600, flag: "wx" });
  openOnDesktop(pathToFileURL(file).href).catch((error) => {
    end();
    onFail(error);
  });
  return { [Symbol.dispose]: end };
}

function formPage(address: string, token: string): string {
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<title>Tinsmith</title>
<form method="post" action="${address}">
  <input type="hidden" name="${tokenParameter}" value="${token}">
  <button>Open Tinsmith</button>
</form>
<script>document.forms[0].submit()</script>
`;
}
