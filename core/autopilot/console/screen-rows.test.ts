import { expect, test } from "vitest";
import { createConsoleReader } from "./console-reader.ts";
import { createScreenRows } from "./screen-rows.ts";

const height = 6;

/** A screen of 20 by 6 characters: the test plays the guest. */
function screenConsole() {
  const reader = createConsoleReader();
  const rows = createScreenRows();
  return {
    ...reader,
    show: (...lines: readonly string[]) => {
      const all = [...lines, ...Array.from({ length: height - lines.length }, () => "")];
      reader.update(rows.next({ lines: all, columns: 20 }));
    },
  };
}

test("a prompt is found with the space behind it, which nobody sees", () => {
  const { show, take } = screenConsole();
  show("boot", "box login:");
  expect(take("login: ")).toBeDefined();
  show("boot", "box login: root", "box:~#");
  expect(take("# ")).toBeDefined();
  expect(take("# ")).toBeUndefined();
});

test("what was found stays old while the screen scrolls, and the same text below is new", () => {
  const { show, take } = screenConsole();
  show("1", "2", "3", "4", "$ ls", "$");
  expect(take("$ ")).toBeDefined();
  expect(take("$ ")).toBeDefined();
  show("3", "4", "$ ls", "$ run", "out", "put");
  expect(take("$ ")).toBeUndefined();
  show("$ run", "out", "put", "more", "and more", "$");
  expect(take("$ ")).toBeDefined();
});

test("a cleared screen is new, also with the same prompt", () => {
  const { show, take } = screenConsole();
  show("banner", "$ one", "$");
  while (take("$ ") !== undefined);
  show("$");
  expect(take("$ ")).toBeDefined();
});

test("a dialog that is drawn over another one is new where it differs", () => {
  const { show, take } = screenConsole();
  show("+ Choose a language", "| English", "| French", "+---------");
  expect(take("Choose a language")).toBeDefined();
  expect(take("French")).toBeDefined();
  show("+ Choose a layout", "| English", "| French", "+---------");
  expect(take("French")).toBeUndefined();
  expect(take("Choose a layout")).toBeDefined();
});

test("the echo of a typed line is none of the guest's, also in a full row", () => {
  const { show, take, expectEcho } = screenConsole();
  show("boot:");
  take("boot:");
  expectEcho("linux console=ttyS0 quiet");
  show("boot: linux console=", "ttyS0 quiet");
  expect(take("quiet")).toBeUndefined();
  show("boot: linux console=", "ttyS0 quiet", "Loading quietly");
  expect(take("quiet")).toBeDefined();
});

test("the echo of a line that is typed into a dialog's field is known, above the last row; the same text in another dialog is new", () => {
  const { show, take, expectEcho, typed } = screenConsole();
  show("+ Network ---------+", "| ________________ |", "+------------------+", "<Tab> moves");
  take("Network");
  expectEcho("10.0.2.15");
  expect(typed().right).toBe(0);
  show("+ Network ---------+", "| 10.0.2__________ |", "+------------------+", "<Tab> moves");
  expect(typed().right).toBe(0);
  show("+ Network ---------+", "| 10.0.2.15_______ |", "+------------------+", "<Tab> moves");
  expect(typed().right).toBe(9);
  expect(take("10.0.2.15")).toBeUndefined();
  show("+ Check -----------+", "| It is 10.0.2.15. |", "+------------------+", "<Tab> moves");
  expect(take("10.0.2.15")).toBeDefined();
});

test("a text that a dialog had shown before a line was typed is not the line's echo", () => {
  const { show, expectEcho, typed } = screenConsole();
  show("+ Name is root ----+", "| ________________ |", "<Tab> moves");
  expectEcho("root");
  show("+ Name is root ----+", "| ****____________ |", "<Tab> moves");
  expect(typed().right).toBe(0);
});
