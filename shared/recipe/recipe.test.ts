import { expect, test } from "vitest";
import { AppError } from "../errors/errors.ts";
import { parseRecipe } from "./recipe.ts";

/** The messages about an invalid recipe, without the numbers of the lines. */
const issues = (text: string) => issuesWithLines(text).map((issue) => issue.replace(/^line \d+: /, ""));

function issuesWithLines(text: string): readonly string[] {
  try {
    parseRecipe(text);
  } catch (error) {
    if (error instanceof AppError) return error.details;
  }
  throw new Error("the recipe is valid");
}

test("an empty recipe is one with nothing but defaults", () => {
  expect(parseRecipe("")).toEqual({
    size: 1,
    machine: "machine.json",
    internet: false,
    console: "serial",
    install: [],
    cd: [],
    outputs: {},
    variables: {},
  });
});

test("all that a recipe can say is read", () => {
  const recipe = parseRecipe(`
iso: {build: [./build.sh, --quick], inputs: [iso]}
size: 4
machine: other.json
internet: true
console: screen
install:
  - wait: "$ "
    timeout: 30
  - type: poweroff
cd: [setup.sh]
guestTools: {build: [make, tools], binary: tools, run: [qemu-guest-tools]}
done: "setup: done"
outputs: {worker: worker.tar.zst}
`);
  expect(recipe).toEqual({
    iso: { build: ["./build.sh", "--quick"], inputs: ["iso"] },
    size: 4,
    machine: "other.json",
    internet: true,
    console: "screen",
    install: [{ wait: "$ ", timeout: 30 }, { type: "poweroff" }],
    cd: ["setup.sh"],
    guestTools: { build: ["make", "tools"], binary: "tools", run: ["qemu-guest-tools"] },
    done: "setup: done",
    outputs: { worker: "worker.tar.zst" },
    variables: {},
  });
});

test("each issue names its line", () => {
  expect(issuesWithLines("size: 1\nsizes: 2\ncd:\n  - setup.sh\n  - 5\n")).toEqual([
    "line 5: cd.1 is 5: must be a path, relative to the recipe's folder",
    expect.stringMatching(/^line 2: sizes is 2: unknown key/),
  ]);
});

test("all issues come at once, each with its place, its value and what would be right", () => {
  expect(
    issues("size: 70\nintrenet: true\ninstall: [{wait: x, timeuot: 3}]\noutputs: {setup: ../x.tar.lz4}"),
  ).toEqual([
    "size is 70: must be a whole number of GiB from 1 to 49",
    "install.0.timeuot is 3: unknown key; did you mean timeout?",
    'outputs.setup is "../x.tar.lz4": must be a file name that ends in .tar.lz4 or .tar.zst',
    "intrenet is true: unknown key; did you mean internet?",
  ]);
});

test("a download needs an address of the web and a digest", () => {
  expect(issues("iso: {url: ftp://example.org/a.iso, sha256: abc}")).toEqual([
    'iso.url is "ftp://example.org/a.iso": must be an http or https address',
    'iso.sha256 is "abc": must be 64 hexadecimal digits in lower case',
  ]);
});

test("a number that is wrong in two ways is told once", () => {
  for (const size of ["1e400", "99999999999999999999", "-1e300", "50.5"]) {
    expect(issues(`size: ${size}`)).toEqual([
      `size is ${Number(size)}: must be a whole number of GiB from 1 to 49`,
    ]);
  }
});

test("more issues than anybody reads are counted", () => {
  const keys = Array.from({ length: 1000 }, (_, index) => `key${index}: 0`);
  const found = issues(keys.join("\n"));
  expect(found).toHaveLength(101);
  expect(found.at(-1)).toBe("and 900 more");
});

test("text that is not YAML is told with its place", () => {
  expect(issues("cd: [")).toEqual([expect.stringContaining("line 1, column 6: ")]);
});

test("a key without QEMU's name is refused, with the name that was meant", () => {
  const press = (key: string) => issues(`install: [{press: [ctrl, ${key}]}]`);
  const rule = "must be QEMU's name of a key";
  expect(press("f13")).toEqual([
    expect.stringContaining(`install.0.press.1 is "f13": ${rule}; did you mean f1`),
  ]);
  for (const [name, meant] of [
    ["crtl", "ctrl"],
    ["Return", "ret"],
    ["enter", "ret"],
    ["space", "spc"],
    ["Delete", "delete"],
    ["win", "meta_l"],
    ["unmapped_", undefined],
  ] as const)
    expect(press(name)).toEqual([
      `install.0.press.1 is "${name}": ${rule}${meant ? `; did you mean ${meant}?` : "; known are a to z, 0 to 9, f1 to f12, ret, tab, spc, esc, ctrl, alt, shift and QEMU's others"}`,
    ]);
  expect(press("2")).toEqual([`install.0.press.1 is 2: ${rule}, in quotes if it is a digit`]);
  expect(issues("install: [{keys: 'a<enter>'}]")).toEqual([
    'install.0.keys is "a<enter>": has no keys that are called <enter>; did you mean ret?',
  ]);
  parseRecipe("install: [{press: [ctrl, alt, f2]}, {press: ['1', kp_enter, grave_accent]}]");
});

test("a pattern has RE2's syntax, so that none takes a time without end", () => {
  const match = (source: string) => issues(JSON.stringify({ install: [{ wait: { match: source } }] }));
  const rule = "must be a regular expression of RE2";
  expect(match("(?=login)")).toEqual([
    `install.0.wait is an object: ${rule}: invalid or unsupported Perl syntax: \`(?=\``,
  ]);
  expect(match("(a)\\1")).toEqual([`install.0.wait is an object: ${rule}: invalid escape sequence: \`\\1\``]);
  expect(match("((a{100}){100}){100}")).toEqual([expect.stringContaining(`${rule}: invalid repeat count`)]);
  expect(match("a*")).toEqual(["install.0.wait is an object: must not match an empty text"]);
  parseRecipe(JSON.stringify({ install: [{ wait: { match: "(a+)+$" } }, { wait: { match: "box\\d\\/" } }] }));
});

test("a click outside of any screen is refused", () => {
  expect(
    issues("install: [{click: [-1, 5]}, {click: [5, 20000]}, {region: a.png, click: [-20, 99999]}]"),
  ).toEqual([
    "install.0.click is a list: must not be left of the screen or above it: only a click in a region has negative pixels",
    "install.1.click.1 is 20000: must be at most 8192 pixels: no screen is larger",
    "install.2.click.1 is 99999: must be at most 8192 pixels: no screen is larger",
  ]);
  parseRecipe("install: [{click: [0, 0]}, {region: a.png, click: [-20, -5]}]");
});

test("a step has one kind, its pattern and keys are right, and none follows the power-off", () => {
  const refused = issues(
    [
      "install:",
      "  - {wait: x, type: y}",
      "  - {wait: {match: '('}}",
      "  - {keys: 'a<retrun>'}",
      "  - {type: x, timeout: 3}",
      "  - {click: [1, 2], tolerance: 0.1}",
      "  - {region: a.png, click: [1.5, 2], tolerance: 2}",
      "  - {region: a.png, type: x}",
      "  - {wait: power-off}",
      "  - {type: x}",
    ].join("\n"),
  );
  expect(refused).toEqual([
    "install.0 is an object: must have one of wait, screen, region, click, type, keys, press, insert, eject, reset, checkpoint",
    "install.1.wait is an object: must be a regular expression of RE2: missing closing ): `(`",
    'install.2.keys is "a<retrun>": has no keys that are called <retrun>',
    "install.3.timeout is 3: is for wait, screen and region only",
    "install.4.tolerance is 0.1: is for region only",
    "install.5.click.0 is 1.5: must be two whole numbers of pixels, such as [20, 10]",
    "install.5.tolerance is 2: must be a number from 0 to 1, such as 0.01",
    "install.6 is an object: must have one of wait, screen, region, click, type, keys, press, insert, eject, reset, checkpoint",
  ]);
  expect(issues("install: [{wait: power-off}, {type: x}]")).toEqual([
    "install.1 is an object: must not come after {wait: power-off}, which ends the steps",
  ]);
});
