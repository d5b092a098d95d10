import RFB from "@novnc/novnc";
import type { KeyboardLayout } from "../../../shared/machine/keyboard-layout.ts";
import { sessionClient } from "../../client/api-client.ts";
import { openScreenChannel } from "../../state/guest/screen-channel.ts";
import { sayError } from "../../state/messages/notices.ts";
import { createReopening } from "../../state/sessions/session-life.ts";
import { watchHeldKeys } from "./keyboard/held-keys.ts";
import { createLayoutKeyboard, type KeyEventHandler } from "./keyboard/layout-keyboard.ts";

/** The state of a screen's connection, as a person sees it. */
export type DisplayStatus = "connecting" | "connected";

interface DisplayOptions {
  readonly isReadOnly: boolean;
  readonly isScaled: boolean;
}

interface OpeningOptions extends DisplayOptions {
  readonly onStatus: (status: DisplayStatus) => void;
  /** Whether it may take the keyboard when its picture comes. */
  readonly mayFocus: () => boolean;
}

/** A guest's screen in an element of the page. */
export interface ScreenDisplay extends DisplayOptions {
  isReadOnly: boolean;
  isScaled: boolean;
  focus(): void;
  /** The shown picture, as a PNG. */
  picture(): Promise<Blob>;
  dispose(): void;
}

/** Local and lossless: little is won by compressing, and much time lost. */
const compressionLevel = 0;

/** A connection whose keys are those of the guest's layout. */
class LayoutRfb extends RFB {
  keyboard: KeyEventHandler | undefined;

  override sendKey(keysym: number, code: string | null, down?: boolean): void {
    if (!this.keyboard || down === undefined) super.sendKey(keysym, code, down);
    else this.keyboard(keysym ?? 0, code, down);
  }

  press: KeyEventHandler = (keysym, code, down) => super.sendKey(keysym, code, down);
}

/** Shows a session's screen, and opens it again when its connection breaks. */
export function openScreenDisplay(
  element: HTMLElement,
  session: string,
  { onStatus, mayFocus, ...chosen }: OpeningOptions,
): ScreenDisplay {
  const gone = new AbortController();
  const reopening = createReopening(session, gone.signal);
  const options = { ...chosen };
  const pressed = watchKeys(element, gone.signal);
  const heldKeys = watchHeldKeys(element, gone.signal);
  const { machine } = sessionClient(session);
  let rfb: LayoutRfb | undefined;
  let layout: KeyboardLayout | undefined;
  const apply = () => {
    if (!rfb) return;
    rfb.viewOnly = options.isReadOnly;
    rfb.scaleViewport = options.isScaled;
  };
  const open = () => {
    const opened = new LayoutRfb(element, openScreenChannel(session));
    rfb = opened;
    opened.compressionLevel = compressionLevel;
    opened.background = "transparent";
    apply();
    makeReachable(element);
    opened.keyboard = createLayoutKeyboard({
      layout: () => layout,
      send: opened.press,
      pressed,
      typeText: (text) => void machine.typeText({ text }).catch(sayError),
    });
    opened.addEventListener("connect", () => {
      reopening.works();
      onStatus("connected");
      if (mayFocus()) opened.focus({ preventScroll: true });
    });
    opened.addEventListener("disconnect", () => {
      if (gone.signal.aborted) return;
      onStatus("connecting");
      void reopening.wait().then((isWanted) => isWanted && open());
    });
  };
  machine.layout(undefined, { signal: gone.signal }).then(
    (found) => {
      layout = found;
    },
    () => {},
  );
  onStatus("connecting");
  open();

  return {
    get isReadOnly() {
      return options.isReadOnly;
    },
    set isReadOnly(value) {
      // The library sends nothing any more once it is.
      heldKeys.release();
      options.isReadOnly = value;
      apply();
    },
    get isScaled() {
      return options.isScaled;
    },
    set isScaled(value) {
      options.isScaled = value;
      apply();
    },
    focus: () => rfb?.focus(),
    picture: async () => {
      const { promise, resolve } = Promise.withResolvers<Blob | null>();
      if (rfb) rfb.toBlob(resolve, "image/png");
      else resolve(null);
      const picture = await promise;
      if (!picture) throw new Error("there is nothing on the screen yet");
      return picture;
    },
    dispose: () => {
      heldKeys.release();
      gone.abort();
      rfb?.disconnect();
      element.replaceChildren();
    },
  };
}

/** The library's canvas can be focused by a click only, and has no name. */
function makeReachable(element: HTMLElement): void {
  const canvas = element.querySelector("canvas");
  if (!canvas) return;
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", "The guest's screen and keyboard");
}

/** Remembers the text of the last key that was pressed: the library passes on only a number. */
function watchKeys(element: HTMLElement, signal: AbortSignal) {
  let last = { character: "", isCapsLockOn: false };
  const onKeyDown = (event: KeyboardEvent) => {
    last = {
      character: event.key.length === 1 ? event.key : "",
      isCapsLockOn: event.getModifierState("CapsLock"),
    };
  };
  element.addEventListener("keydown", onKeyDown, { capture: true, signal });
  return () => last;
}
