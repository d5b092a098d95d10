import fc from "fast-check";
import { expect, test } from "vitest";
import {
  afterNews,
  afterSave,
  isChanged,
  keepingMine,
  newsOnDisk,
  openedFile,
  takingTheirs,
  writtenText,
} from "./open-file.ts";

const content = (text: string) => ({ text, digest: `digest of ${text}` });
const opened = openedFile(content("one"));
const changed = { ...opened, text: "mine" };

test("a file that was only opened has nothing to save, and follows what is on disk", () => {
  expect(isChanged(opened)).toBe(false);
  const after = afterNews(opened, content("two"));
  expect(after.text).toBe("two");
  expect([isChanged(after), newsOnDisk(after)]).toEqual([false, "none"]);
});

test("a text that was changed stays when the file changes on disk, and that is told", () => {
  const after = afterNews(changed, content("theirs"));
  expect([after.text, isChanged(after), newsOnDisk(after)]).toEqual(["mine", true, "changed"]);
});

test("mine can be kept: saving then replaces theirs", () => {
  const kept = keepingMine(afterNews(changed, content("theirs")));
  expect([kept.text, kept.base?.text, newsOnDisk(kept)]).toEqual(["mine", "theirs", "none"]);
});

test("theirs can be taken", () => {
  const taken = takingTheirs(afterNews(changed, content("theirs")));
  expect([taken.text, isChanged(taken), newsOnDisk(taken)]).toEqual(["theirs", false, "none"]);
});

test("when somebody writes the same, there is nothing to decide", () => {
  const after = afterNews(changed, content("mine"));
  expect([isChanged(after), newsOnDisk(after)]).toEqual([false, "none"]);
});

test("when the file is gone the text stays, and saving makes it anew", () => {
  const gone = afterNews(opened, null);
  expect([gone.text, newsOnDisk(gone)]).toEqual(["one", "gone"]);
  const kept = keepingMine(gone);
  expect([isChanged(kept), kept.base, newsOnDisk(kept)]).toEqual([true, null, "none"]);
});

test("a file that is not there is empty, and appears when somebody makes it", () => {
  const missing = openedFile(null);
  expect([missing.text, isChanged(missing), newsOnDisk(missing)]).toEqual(["", false, "none"]);
  expect(afterNews(missing, content("new")).text).toBe("new");
});

test("what was typed while a text was saved is still to be saved", () => {
  const saved = afterSave({ ...changed, text: "mine and more", isSaving: true }, content("mine"));
  expect([isChanged(saved), newsOnDisk(saved), saved.isSaving]).toEqual([true, "none", false]);
});

test("whatever ends a text's lines, it is written as it was read", () => {
  const lines = fc.array(fc.constantFrom("a", "\n", "\r\n", "\r", "\ufeff"), { maxLength: 8 });
  fc.assert(
    fc.property(lines, (parts) => {
      const text = parts.join("");
      const file = openedFile(content(text));
      expect(writtenText(file)).toBe(text);
      expect(isChanged(file)).toBe(false);
    }),
  );
});

test("lines that are added to a text from Windows end as the others do", () => {
  const file = openedFile(content("a\r\nb\r\n"));
  expect(file.text).toBe("a\nb\n");
  expect(writtenText({ ...file, text: "a\nb\nc\n" })).toBe("a\r\nb\r\nc\r\n");
});
