import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMachine } from "../../../../shared/machine/machine.ts";
import { machineTextIssues } from "./machine-issues.ts";

/** Each issue as the part of the text that it is about, and its message. */
function issues(text: string): [string, string][] {
  return machineTextIssues(text).map(({ from, to, message }) => [text.slice(from, to), message]);
}

test("several issues come at once, each at the value or key that is wrong", () => {
  const text = `{
  "version": 1,
  "sound": "AC79",
  "memry": 512,
  "threads": 0,
  "mac": ["x"]
}`;
  expect(issues(text)).toEqual([
    ['"AC79"', expect.stringContaining("must be one of none, AC97, ES1370")],
    ['"memry"', "memry is 512: unknown key; did you mean memory?"],
    ["0", "threads is 0: must be a whole number from 1 to 255"],
    ['["x"]', expect.stringContaining("six pairs")],
  ]);
});

test("what is missing is said at the bracket of what should have it", () => {
  expect(issues('{"network": {"device": "e1000"}, "keyboard": {"layout": "da"}}')).toEqual([
    ["{", expect.stringContaining("uuid is missing")],
    ["{", expect.stringContaining("network.mac is missing")],
  ]);
});

test("a broken text shows where it breaks, a key given twice, and what is wrong beside", () => {
  expect(issues('{"version": 1, "usb": "x", "usb": "y" "cpu": "host"}')).toEqual([
    ['"usb"', 'the key "usb" is given more than once'],
    ['"y"', expect.stringContaining('usb is "y"')],
    ['"cpu"', "expected , or }"],
  ]);
  expect(issues("")).toEqual([["", expect.stringContaining("expected a value")]]);
});

test("what has issues is what is refused, and places are in the text", () => {
  const part = fc.constantFrom(
    '"version": 1',
    '"version": 2',
    '"memory": 1',
    '"memory": "1"',
    '"colour": "red"',
    '"uuid": "52bab607-10f1-4049-a0f8-ee4725cb715b"',
    '"network": {"device": "e1000", "mac": "aa:54:1a:30:5c:de"}',
    '"network": {"device": "e100", "mc": "aa:54:1a:30:5c:de"}',
    '"keyboard": {"layout": "da"}',
    '"flags": ["x"]',
    '"threads": 255, "cores": 2',
    '"x',
    "}",
  );
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 5 }),
      fc.constantFrom("{}", "[]", "{", ""),
      (parts, [open = "", close = ""]) => {
        const text = `${open}${parts.join(",\n")}${close}`;
        const found = machineTextIssues(text);
        for (const { from, to } of found) expect(0 <= from && from <= to && to <= text.length).toBe(true);
        if (found.length === 0) parseMachine(text);
        else expect(() => parseMachine(text)).toThrow();
      },
    ),
  );
});
