import { expect, test } from "vitest";
import { createConsoleReader } from "./console-reader.ts";
import type { ConsoleRow, ConsoleView, Expected } from "./console-view.ts";

/** A view whose cursor is behind its last row. A row that ends in "⏎" continues in the next one. */
function viewOf(...texts: readonly string[]): ConsoleView {
  const rows = texts.map(
    (text): ConsoleRow => ({ text: text.replace("⏎", ""), isWrapped: text.endsWith("⏎") }),
  );
  return { first: 0, rows, cursor: { row: rows.length - 1, column: rows.at(-1)?.text.length ?? 0 } };
}

/** A reader that has seen these views in turn. */
function readerOf(...views: readonly ConsoleView[]) {
  const reader = createConsoleReader();
  for (const view of views) reader.update(view);
  return reader;
}

test("a text is found once; what comes behind it is still new", () => {
  const reader = readerOf(viewOf("box login: root", "Password: ", "# "));
  expect(reader.take("login: ")).toBe("login: ");
  expect(reader.take("login: ")).toBeUndefined();
  expect(reader.take({ match: String.raw`\w+word: ` })).toBe("Password: ");
  expect(reader.take("login: ")).toBeUndefined();
  expect(reader.take("# ")).toBe("# ");
  reader.update(viewOf("box login: root", "Password: ", "# ", "# "));
  expect(reader.take("# ")).toBe("# ");
  expect(reader.take("# ")).toBeUndefined();
});

test("a text in a dialog that is drawn over another one is new where it differs", () => {
  const reader = readerOf(
    viewOf("+- Select a language -+", "| English             |", "+---------------------+"),
  );
  expect(reader.take("Select a language")).toBeDefined();
  expect(reader.take("English")).toBeDefined();
  reader.update(viewOf("+- Select your place -+", "| English             |", "+---------------------+"));
  expect(reader.take("English")).toBeUndefined();
  expect(reader.take("Select your place")).toBe("Select your place");
});

test("a prompt that the guest writes again where it has erased it is new", () => {
  const reader = readerOf(viewOf("$ "));
  expect(reader.take("$ ")).toBeDefined();
  reader.erase({ row: 0, column: 0 });
  reader.update(viewOf("$ "));
  expect(reader.take("$ ")).toBe("$ ");
});

/** Each types a line at a prompt; the views come after that. */
test.each<[name: string, line: string, views: readonly ConsoleView[], wanted: Expected, isFound: boolean]>([
  ["the echo", "echo done", [viewOf("$ echo done")], "done", false],
  ["a part of the echo", "echo done", [viewOf("$ echo do")], "do", false],
  ["the output behind the echo", "echo done", [viewOf("$ echo done", "done")], "done", true],
  ["an echo that wraps", "echo installed", [viewOf("$ echo insta⏎", "lled")], "installed", false],
  [
    "an echo that wraps, with a space",
    "echo installed",
    [viewOf("$ echo insta", " lled")],
    "installed",
    false,
  ],
  ["the output behind one that wraps", "echo done", [viewOf("$ echo d⏎", "one", "done")], "done", true],
  [
    "an echo that a kernel's message interrupts",
    "echo done",
    [viewOf("$ echo [   12.345678] usb 1-1: new device", "done")],
    "done",
    false,
  ],
  ["an echo that the guest repeats", "echo done", [viewOf("$ echo done", "$ echo done")], "done", false],
  ["the output behind both", "echo done", [viewOf("$ echo done", "$ echo done", "done")], "done", true],
  ["an answer without an echo", "secret", [viewOf("$ ", "Welcome, secret")], "Welcome", true],
  ["one that begins as the line does", "in", [viewOf("$ ", "installed")], "installed", true],
  ["an echo in a pattern", "echo done", [viewOf("$ echo done")], { match: "d[o]ne" }, false],
  ["a prompt before the echo", "x", [viewOf("$ x", "$ ")], "$ ", true],
])("%s", (_name, line, views, wanted, isFound) => {
  const reader = readerOf(viewOf("$ "));
  reader.take("$ ");
  reader.expectEcho(line);
  for (const view of views) reader.update(view);
  expect(reader.take(wanted) !== undefined).toBe(isFound);
});

test("the echo of an earlier line is not found later", () => {
  const reader = readerOf(viewOf("$ "));
  reader.take("$ ");
  reader.expectEcho("echo one");
  reader.update(viewOf("$ echo one", "one", "$ "));
  reader.expectEcho("echo two");
  reader.update(viewOf("$ echo one", "one", "$ echo two"));
  expect(reader.take("echo one")).toBeUndefined();
  expect(reader.take("one")).toBe("one");
});

test("a text that the kernel's messages interrupt is found, and so are these", () => {
  const view = viewOf("box log[   12.345678] usb 1-1: new device", "[   12.345679][ T1] usb: more", "in: ");
  expect(readerOf(view).take("box login: ")).toBe("box login: ");
  expect(readerOf(view).take("new device")).toBe("new device");
  expect(readerOf(view).take({ match: String.raw`\[T1\]|usb: more` })).toBe("usb: more");
});

/** Each types a line at a prompt, or in a field; the view comes after that. */
test.each<
  [name: string, line: string, before: ConsoleView, after: ConsoleView, right: number, wrong: number]
>([
  ["all of it", "echo done", viewOf("$ "), viewOf("$ echo done"), 9, 0],
  ["a part", "echo done", viewOf("$ "), viewOf("$ echo "), 4, 0],
  ["a repeated key", "echo done", viewOf("$ "), viewOf("$ echho done"), 3, 7],
  ["a repeated space", "echo a b", viewOf("$ "), viewOf("$ echo   a b"), 4, 6],
  ["a lost space", "echo a b", viewOf("$ "), viewOf("$ echoa"), 4, 1],
  ["a key too many at the end", "echo", viewOf("$ "), viewOf("$ echoo"), 4, 1],
  ["a line that wraps", "echo done", viewOf("$ "), viewOf("$ echo d⏎", "one"), 9, 0],
  ["one that wraps with a space", "echo done", viewOf("$ "), viewOf("$ echo d", " one"), 9, 0],
  ["one that is echoed twice", "echo done", viewOf("$ "), viewOf("$ echo done", "$ echo done"), 9, 0],
  ["stars for a password", "secret", viewOf("Password: "), viewOf("Password: ******"), 0, 0],
  ["the rest of a field", "10.0", fieldOf("____"), fieldOf("10.0"), 4, 0],
  ["the rest of a longer field", "10.0", fieldOf("______"), fieldOf("10.0__"), 4, 0],
  ["an empty field", "10.0", fieldOf("______"), fieldOf("______"), 0, 0],
])("of a typed line a console shows %s", (_name, line, before, after, right, wrong) => {
  const reader = readerOf(before);
  reader.expectEcho(line);
  reader.update(after);
  expect(reader.typed()).toEqual({ right, wrong });
});

/** A dialog whose cursor is at the beginning of its field. */
function fieldOf(field: string): ConsoleView {
  return { ...viewOf(`| ${field} |`, "<Tab> moves"), cursor: { row: 0, column: 2 } };
}
