import { EventEmitter } from "node:events";
import type { BrowserWindow, MessageBoxOptions } from "electron";
import { type Mock, vi } from "vitest";

/** The replacement for Electron in unit tests, which run without its program. */
export interface FakeElectron {
  readonly app: EventEmitter & { readonly quit: Mock<() => void>; readonly exit: Mock<() => void> };
  readonly dialog: {
    readonly showMessageBox: Mock<Ask>;
    readonly showMessageBoxSync: Mock<() => number>;
  };
  readonly powerMonitor: EventEmitter;
  readonly Notification: { readonly shown: ReadonlySet<unknown> };
}
type Ask = (window: unknown, options: MessageBoxOptions) => Promise<{ response: number }>;

export function fakeElectron(): FakeElectron {
  class Shown extends EventEmitter {
    static readonly shown = new Set<Shown>();
    show() {
      Shown.shown.add(this);
    }
    close() {
      Shown.shown.delete(this);
    }
  }
  class Tray extends EventEmitter {
    setToolTip() {}
    setContextMenu() {}
  }
  const unused = {
    Menu: { buildFromTemplate: (template: unknown) => template },
    Tray,
  };
  return {
    ...unused,
    app: Object.assign(new EventEmitter(), { quit: vi.fn(), exit: vi.fn() }),
    dialog: {
      showMessageBox: vi.fn<Ask>(async () => ({ response: 0 })),
      showMessageBoxSync: vi.fn(() => 1),
    },
    powerMonitor: new EventEmitter(),
    Notification: Shown,
  };
}

/** A window that is only its events, and whether it is shown. */
export type FakeWindow = BrowserWindow & {
  readonly webContents: {
    readonly isCrashed: Mock<() => boolean>;
    readonly reload: Mock;
    readonly forcefullyCrashRenderer: Mock;
  };
};

export function fakeWindow(): FakeWindow {
  const webContents = Object.assign(new EventEmitter(), {
    isCrashed: vi.fn(() => false),
    reload: vi.fn(() => void webContents.isCrashed.mockReturnValue(false)),
    isDestroyed: () => false,
    forcefullyCrashRenderer: vi.fn(),
  });
  let isVisible = true;
  const window = Object.assign(new EventEmitter(), {
    webContents,
    isVisible: () => isVisible,
    isDestroyed: () => false,
    isMinimized: () => false,
    setProgressBar: () => {},
    focus: () => {},
    show: () => {
      isVisible = true;
      window.emit("show");
    },
    hide: () => {
      isVisible = false;
    },
  });
  return window as unknown as FakeWindow;
}

/** An event whose default can be prevented. */
export function fakeEvent(): { readonly defaultPrevented: boolean; preventDefault(): void } {
  const event = {
    defaultPrevented: false,
    preventDefault: () => {
      event.defaultPrevented = true;
    },
  };
  return event;
}
