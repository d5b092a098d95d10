import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { letTimePass } from "../../tests/let-time-pass.ts";
import type { QmpClient } from "../qemu/process/qmp-client.ts";
import type { ScreenPictures } from "../recording/screen-pictures.ts";
import { grayPpm } from "../recording/test-screen.ts";
import { recordScreen } from "./record-screen.ts";

/** A QEMU whose screen can be set, and that counts how often it was looked at. */
function scriptedScreen() {
  const screen = { gray: 1, looks: 0, isGone: false };
  const execute = async (_command: string, { filename }: { filename: string }) => {
    if (screen.isGone) throw new Error("QEMU has ended");
    screen.looks += 1;
    writeFileSync(filename, grayPpm(screen.gray));
  };
  return { screen, qmp: { execute } as unknown as QmpClient };
}

const working = () => mkdtempSync(join(tmpdir(), "tinsmith-screen-"));

test("a screen is looked at again and again, until it is disposed of", async () => {
  const { screen, qmp } = scriptedScreen();
  const taken: Buffer[] = [];
  const pictures: ScreenPictures = {
    take: async (ppm) => {
      taken.push(ppm);
      return "new";
    },
  };
  const recorded = recordScreen(qmp, pictures, working());
  await vi.waitFor(() => expect(taken).toHaveLength(1));
  screen.gray = 9;
  await vi.waitFor(() => expect(taken.at(-1)?.equals(grayPpm(9))).toBe(true), { timeout: 5_000 });
  recorded[Symbol.dispose]();
  const { looks } = screen;
  await letTimePass(700);
  expect(screen.looks).toBe(looks);
});

test("it ends when no more pictures are kept, and when QEMU has ended", async () => {
  const { screen, qmp } = scriptedScreen();
  const take = vi.fn(async () => "full" as const);
  using _full = recordScreen(qmp, { take }, working());
  await vi.waitFor(() => expect(take).toHaveBeenCalledOnce());

  const gone = scriptedScreen();
  gone.screen.isGone = true;
  const never = vi.fn(async () => "new" as const);
  using _gone = recordScreen(gone.qmp, { take: never }, working());
  await letTimePass(700);
  expect(never).not.toHaveBeenCalled();
  expect([take.mock.calls.length, screen.looks]).toEqual([1, 1]);
});
