import { expect, test } from "vitest";
import type { ScreenText } from "../../../shared/screen/screen-text.ts";
import { createScreenLooks } from "./screen-looks.ts";

const screen = (line: string): ScreenText => ({ kind: "text", columns: 80, lines: [line] });

test("one look comes after another, and a look that begins now does not wait for one more", async () => {
  const seen: ScreenText[] = [];
  const looks = createScreenLooks((text) => seen.push(text));
  const reads: PromiseWithResolvers<ScreenText>[] = [];
  const screenText = () => {
    const read = Promise.withResolvers<ScreenText>();
    reads.push(read);
    return read.promise;
  };
  looks.use({ screenText });
  const first = looks.look();
  const second = looks.look();
  await Promise.resolve();
  expect(reads).toHaveLength(1);
  reads[0]?.resolve(screen("login:"));
  await Promise.all([first, second]);
  expect([reads.length, seen]).toEqual([1, [screen("login:")]]);
});

test("a screen that can't be read for a while is read again; without a virtual machine, nothing is", async () => {
  const seen: ScreenText[] = [];
  const looks = createScreenLooks((text) => seen.push(text));
  await looks.look();
  looks.use({ screenText: () => Promise.reject(new Error("the disk is full")) });
  await looks.look();
  expect(seen).toEqual([]);
  looks.use({ screenText: async () => screen("#") });
  await looks.look();
  expect(seen).toEqual([screen("#")]);
});
