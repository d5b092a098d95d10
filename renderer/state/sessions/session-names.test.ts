import { expect, test } from "vitest";
import { nameOf } from "../../../shared/session/session-name.ts";
import { type GivenName, giveNames } from "./session-names.ts";

const worker = "/images/microcore/microcore-worker.tar.lz4";
const other = "/images/tinycore/tinycore-worker.tar.zst";
const run = (id: string, script: string, image = worker) => ({
  id,
  title: "Run of microcore-worker",
  command: ["sh", "-c", script],
  image,
});
const shown = (given: readonly GivenName[]) =>
  given.map(({ name, number }) => (number > 1 ? `${name} ${number}` : name));

test("a run is named by its command, in one line, and anything else by its title", () => {
  expect(nameOf(run("a", "make test"))).toBe("make test");
  expect(nameOf(run("a", "make test\nmake install"))).toBe("make test…");
  expect(nameOf({ title: "Run", command: ["ls", "-l", "a b"] })).toBe("ls -l 'a b'");
  expect(nameOf({ title: "Worker image microcore" })).toBe("Worker image microcore");
  expect(nameOf({ title: "It polls", command: ["sleep", "7"], isScenario: true })).toBe("It polls");
  expect(nameOf(run("a", "x".repeat(500)))).toHaveLength(80);
});

test("a command that would turn the text around it is named harmlessly, and none is cut within a character", () => {
  expect(nameOf(run("a", "echo \u202Egnp.exe"))).toBe("echo \\u{202e}gnp.exe");
  expect(nameOf(run("a", "\x1b[31mmake\ttest"))).toBe("make test");
  expect(nameOf(run("a", "a\u{1F9F1}".repeat(60)))).toBe(`${"a\u{1F9F1}".repeat(39)}a…`);
});

test("equal names have numbers, which stay when another session is closed", () => {
  const first = giveNames([run("a", "make test"), run("b", "make test"), run("c", "ls")], []);
  expect(shown(first)).toEqual(["make test", "make test 2", "ls"]);
  const second = giveNames([run("b", "make test"), run("c", "ls")], first);
  expect(shown(second)).toEqual(["make test 2", "ls"]);
  const third = giveNames([run("b", "make test"), run("d", "make test"), run("e", "make test")], second);
  expect(shown(third)).toEqual(["make test 2", "make test", "make test 3"]);
});

test("the image set is named only where the same command runs in two", () => {
  const both = [run("a", "make test"), run("b", "make test", other), run("c", "ls", other)];
  expect(shown(giveNames(both, []))).toEqual(["make test (microcore)", "make test (tinycore)", "ls"]);
});
