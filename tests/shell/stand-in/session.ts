import type * as Electron from "electron";
import { toChromium } from "./address.ts";
import { browserContext } from "./browser.ts";

type RequestHandler = Parameters<Electron.Session["setPermissionRequestHandler"]>[0];
type CheckHandler = Parameters<Electron.Session["setPermissionCheckHandler"]>[0];

/** As Chromium names them, of those that it asks about at all. */
const permissions = [
  "geolocation",
  "notifications",
  "midi",
  "camera",
  "microphone",
  "clipboard-read",
  "clipboard-write",
] as const;
/** Electron has another name for one. */
const electronNames: Readonly<Record<string, string>> = { "clipboard-write": "clipboard-sanitized-write" };

class StandInSession {
  mayRequest: RequestHandler = null;
  mayUse: CheckHandler = null;

  setPermissionRequestHandler(handler: RequestHandler): void {
    this.mayRequest = handler;
  }

  setPermissionCheckHandler(handler: CheckHandler): void {
    this.mayUse = handler;
  }

  setDevicePermissionHandler(): void {}

  /** Lets Chromium grant what the app would, and nothing else. */
  async grantPermissions(page: string): Promise<void> {
    const granted = permissions.filter((name) =>
      this.mayUse?.(null, (electronNames[name] ?? name) as never, page, {} as never),
    );
    await browserContext().grantPermissions(granted, { origin: new URL(toChromium(page)).origin });
  }
}

const defaultSession = new StandInSession() satisfies Pick<
  Electron.Session,
  "setPermissionRequestHandler" | "setPermissionCheckHandler" | "setDevicePermissionHandler"
>;
export const session = { defaultSession };
