import { type CDPSession, expect, type Page, test } from "@playwright/test";
import { keysDown as linuxKeysDown, startKeyReader } from "../guest-keys.ts";
import { embeddedIso, keyboardReady, startGuestScreen } from "../guest-screen.ts";
import { startRealEngine } from "../real-engine.ts";
import { keyEvents, keysDown, keysHeld, startScanCodeGuest } from "../scan-code-guest.ts";
import { TinsmithPage } from "../tinsmith-page.ts";

/** A key of the person's keyboard: what it gives, where it is, and what is held with it. */
type Press = readonly [character: string, code: string, held?: "Shift" | "AltGraph"];

interface KeyboardCase {
  /** The presses of a person whose own keyboard has that layout; but for the last, it is from a US keyboard. */
  readonly presses: readonly Press[];
  /** The scan codes of the keys that go down for it, each with its modifier before it. */
  readonly typed: readonly number[];
  readonly pasted: readonly [text: string, keys: readonly number[]];
}

// Scan codes of the PC's first set, by the keys of a US keyboard; and the key that Brazilian ones have beside the right Shift.
const [shift, altgr] = [0x2a, 0xb8];
const [digit1, digit2, digit3, digit4, digit7, digit0, minus, equal] = [2, 3, 4, 5, 8, 0xb, 0xc, 0xd];
const [q, e, y, bracketLeft, grave, backslash] = [0x10, 0x12, 0x15, 0x1a, 0x29, 0x2b];
const [a, semicolon, apostrophe, z, space, ro] = [0x1e, 0x27, 0x28, 0x2c, 0x39, 0x73];

/** By the layouts as they are printed on keyboards. */
const cases: Readonly<Record<string, KeyboardCase>> = {
  "en-us": {
    presses: [
      ["z", "KeyZ"],
      ["Z", "KeyZ", "Shift"],
      ["@", "Digit2", "Shift"],
      ["~", "Backquote", "Shift"],
    ],
    typed: [z, shift, z, shift, digit2, shift, grave],
    pasted: ["zZ@", [z, shift, z, digit2]],
  },
  de: {
    presses: [
      ["z", "KeyY"],
      ["ß", "Minus"],
      ["/", "Digit7", "Shift"],
      ["€", "KeyE", "AltGraph"],
      ["{", "Digit7", "AltGraph"],
      ["Ü", "BracketLeft", "Shift"],
      ["@", "Digit2", "Shift"],
    ],
    typed: [
      ...[y, minus, shift, digit7, altgr, e, altgr, digit7, shift, bracketLeft],
      ...[shift, altgr, q, shift],
    ],
    pasted: ["zyß@/", [y, z, minus, altgr, q, shift, digit7]],
  },
  fr: {
    presses: [
      ["a", "KeyQ"],
      ["é", "Digit2"],
      ["1", "Digit1", "Shift"],
      ["@", "Digit0", "AltGraph"],
      ["q", "KeyQ"],
    ],
    typed: [q, digit2, shift, digit1, altgr, digit0, a],
    pasted: ["aé1@", [q, digit2, shift, digit1, altgr, digit0]],
  },
  es: {
    presses: [
      ["ñ", "Semicolon"],
      ["ç", "Backslash"],
      ["Ñ", "Semicolon", "Shift"],
      ["¿", "Equal", "Shift"],
      ["@", "Digit2", "AltGraph"],
      ["|", "Digit1", "AltGraph"],
      ["#", "Digit3", "Shift"],
    ],
    typed: [
      ...[semicolon, backslash, shift, semicolon, shift, equal, altgr, digit2, altgr, digit1],
      ...[shift, altgr, digit3, shift],
    ],
    pasted: ["ñ¿@'", [semicolon, shift, equal, altgr, digit2, minus]],
  },
  sv: {
    presses: [
      ["å", "BracketLeft"],
      ["ä", "Quote"],
      ["Ö", "Semicolon", "Shift"],
      ["/", "Digit7", "Shift"],
      ["$", "Digit4", "AltGraph"],
      ["\\", "Minus", "AltGraph"],
      ["@", "Digit2", "Shift"],
    ],
    typed: [
      ...[bracketLeft, apostrophe, shift, semicolon, shift, digit7, altgr, digit4, altgr, minus],
      ...[shift, altgr, digit2, shift],
    ],
    pasted: ["åÖ@", [bracketLeft, shift, semicolon, altgr, digit2]],
  },
  da: {
    presses: [
      ["æ", "Semicolon"],
      ["Ø", "Quote", "Shift"],
      ["å", "BracketLeft"],
      ["@", "Digit2", "AltGraph"],
      ["$", "Digit4", "Shift"],
    ],
    typed: [semicolon, shift, apostrophe, bracketLeft, altgr, digit2, shift, altgr, digit4, shift],
    pasted: ["æØå@", [semicolon, shift, apostrophe, bracketLeft, altgr, digit2]],
  },
  "pt-br": {
    presses: [
      ["ç", "Semicolon"],
      ["/", "IntlRo"],
      ["]", "Backslash"],
      // The result of a dead key and a letter.
      ["ã", "KeyA"],
      ["'", "Quote"],
    ],
    typed: [semicolon, ro, backslash, apostrophe, a, grave],
    pasted: ["ç/ã^ ", [semicolon, ro, apostrophe, a, shift, altgr, apostrophe, space]],
  },
};

// Boots a real virtual machine for each layout, whose guest is a boot sector.
test("the keys that reach a guest are those of its layout, for what is typed and for what is pasted", async ({
  page,
}) => {
  test.setTimeout(240_000);
  await using engine = await startRealEngine();
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.address);
  const keyboard = await page.context().newCDPSession(page);
  for (const [keyboardLayout, { presses, typed, pasted }] of Object.entries(cases))
    await test.step(keyboardLayout, async () => {
      await using guest = await startScanCodeGuest(tinsmith, { engine, keyboardLayout });
      const { serial } = guest;
      await tinsmith.screenCanvas.click();
      for (const press of presses) {
        const before = keyEvents(serial).length;
        await pressKey(keyboard, press);
        // As a person, who can't be faster: the guest's keyboard holds 16 events, and loses what comes too fast.
        await expect.poll(() => keyEvents(serial).length).toBeGreaterThan(before);
        await expect.poll(() => keysHeld(serial)).toEqual([]);
      }
      await expect.poll(() => keysDown(serial)).toEqual(typed);
      await paste(page, pasted[0]);
      await tinsmith.screen.getByRole("button", { name: "Type the clipboard's text" }).click();
      await expect.poll(() => keysDown(serial), { timeout: 15_000 }).toEqual([...typed, ...pasted[1]]);
      await expect.poll(() => keysHeld(serial)).toEqual([]);
    });
});

/** Linux's numbers of keys. */
const linux = { shift: 42, altgr: 100, e: 18, y: 21, digit7: 8 } as const;

// Boots a real virtual machine under emulation.
test("so do those that reach Linux by the keyboard of a USB controller", async ({ page }) => {
  test.setTimeout(240_000);
  await using engine = await startRealEngine();
  const iso = await embeddedIso(engine);
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.address);
  await using guest = await startGuestScreen(tinsmith, { engine, iso, keyboardLayout: "de" });
  await keyboardReady(guest.serial);
  await startKeyReader(guest.serial);
  await tinsmith.screenShows();
  await tinsmith.screenCanvas.click();
  const keyboard = await page.context().newCDPSession(page);
  await pressKey(keyboard, ["z", "KeyY"]);
  await pressKey(keyboard, ["/", "Digit7", "Shift"]);
  await pressKey(keyboard, ["€", "KeyE", "AltGraph"]);
  const { shift, altgr, e, y, digit7 } = linux;
  await expect.poll(() => linuxKeysDown(guest.serial)).toEqual([y, shift, digit7, altgr, e]);
});

const holders = {
  Shift: { code: "ShiftLeft", modifiers: 8 },
  AltGraph: { code: "AltRight", modifiers: 0 },
} as const;

async function pressKey(keyboard: CDPSession, [key, code, held]: Press): Promise<void> {
  const holder = held && { key: held, code: holders[held].code };
  const modifiers = held ? holders[held].modifiers : 0;
  if (holder) await keyboard.send("Input.dispatchKeyEvent", { type: "rawKeyDown", modifiers, ...holder });
  await keyboard.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key, code, modifiers });
  await keyboard.send("Input.dispatchKeyEvent", { type: "keyUp", key, code, modifiers });
  if (holder) await keyboard.send("Input.dispatchKeyEvent", { type: "keyUp", ...holder });
}

async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((value) => navigator.clipboard.writeText(value), text);
}
