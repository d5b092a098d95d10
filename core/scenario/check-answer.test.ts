import { expect, test } from "vitest";
import { AppError } from "../../shared/errors/errors.ts";
import { actionSchema } from "../../shared/scenario/scenario-action.ts";
import { checkAnswer } from "./check-answer.ts";
import type { SeenAnswer } from "./perform-action.ts";

const lost = new AppError({ code: "guest-no-answer", message: "no guest tools asked for actions" });

test.each<[object, SeenAnswer, boolean]>([
  [{ "list-folder": "/a" }, { files: ["/a/b"], missing: false }, true],
  [{ "list-folder": "/a" }, { files: [], missing: true }, false],
  [{ "list-folder": "/a", expect: { missing: true } }, { files: [], missing: true }, true],
  [{ "list-folder": "/a", expect: { files: ["/a/b"] } }, { files: ["/a/b", "/a/c"] }, true],
  [{ "list-folder": "/a", expect: { files: ["/a/d"] } }, { files: ["/a/b", "/a/c"] }, false],
  [{ "list-folder": "/a" }, { error: lost }, false],
  [{ "list-folder": "/a", expect: { lacks: ["/a/d"] } }, { files: ["/a/b", "/a/c"] }, true],
  [{ "list-folder": "/a", expect: { lacks: ["/a/d", "/a/c"] } }, { files: ["/a/b", "/a/c"] }, false],
  [{ "list-folder": "/a", expect: { error: "guest-no-answer" } }, { error: lost }, true],
  [{ "list-folder": "/a", expect: { error: "guest-action-failed" } }, { error: lost }, false],
  [{ "list-folder": "/a", expect: { error: "guest-no-answer" } }, { files: [] }, false],
  [{ "get-artifact": "/a", expect: { content: "abc" } }, { content: Buffer.from("abc") }, true],
  [{ "get-artifact": "/a", expect: { content: "ab" } }, { content: Buffer.from("abc") }, false],
  [{ "get-artifact": "/a", expect: { text: "b", bytes: 3 } }, { content: Buffer.from("abc") }, true],
  [{ "get-artifact": "/a", expect: { bytes: 4 } }, { content: Buffer.from("abc") }, false],
  [
    {
      "get-artifact": "/a",
      expect: { sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
    },
    { content: Buffer.from("abc") },
    true,
  ],
  [{ "get-artifact": "/a", expect: { sha256: "0".repeat(64) } }, { content: Buffer.from("abc") }, false],
  [{ shell: ["a"] }, { content: Buffer.from(""), stderr: "", result: "success" }, true],
  [{ shell: ["a"] }, { content: Buffer.from(""), stderr: "", result: "failed" }, false],
  [{ shell: ["a"], expect: { result: "failed", stderr: "no" } }, { stderr: "no a", result: "failed" }, true],
  [{ shell: ["a"], expect: { stderr: "no" } }, { stderr: "", result: "success" }, false],
  [{ composed: "{}" }, { content: Buffer.from(""), headers: [] }, true],
  [
    { composed: "{}", expect: { text: "b", headers: { "content-length": "3" } } },
    { content: Buffer.from("abc"), headers: [["Content-Length", "3"]] },
    true,
  ],
  [{ composed: "{}", expect: { headers: { "content-length": "3" } } }, { headers: [["Host", "a"]] }, false],
  [{ "kill-process": true }, {}, true],
  [{ "kill-process": true, expect: { within: 1 } }, {}, false],
])("%j, answered by %j: %s", (action, answer, passed) => {
  const check = checkAnswer(actionSchema.parse(action), answer, 2000, 0);
  expect(check.passed).toBe(passed);
  expect(check.seen).toContain("after 2.0 s");
});
