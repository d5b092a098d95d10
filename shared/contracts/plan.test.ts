import { expect, test } from "vitest";
import { makePlan, parsePlan, planVersion } from "./plan.ts";

const task = { command: ["sh", "-c", "make test"], env: { TOKEN: "a\nsecret" } };

test.each([
  makePlan({ kind: "rebuild", folder: "/set", image: "worker" }),
  makePlan({
    ...{ kind: "rebuild", folder: "/set", image: "setup", byHand: true, size: 49, machine: "/machine.json" },
    ...{ iso: { path: "/core.iso" }, memory: 256, timeout: 604_800, vncPort: 5900, keepFailed: true },
    retry: "20261123-013803-0b71",
  }),
  makePlan({
    ...{ kind: "build", output: "/out.tar.zst", source: { kind: "new", machine: "/machine.json", size: 1 } },
    ...{ bootIso: "/boot.iso", dataIso: "/data.iso", kernel: { kernel: "/vmlinuz", append: "quiet" } },
  }),
  makePlan({ kind: "build", output: "/out.tar.lz4", source: { kind: "image", archive: "/in.tar.lz4" } }),
  makePlan({ kind: "run", archive: "/worker.tar.lz4", task, keepAlive: true, internet: true }),
  makePlan({ kind: "meta", listen: { port: 0 }, task }),
  makePlan({ kind: "watch", folder: "/set", task, timeout: 60 }),
  makePlan({ kind: "watch", folder: "/set", scenarios: ["/set/scenarios/one.yaml"] }),
  makePlan({ kind: "meta", listen: { socketPath: "/run/meta.sock" }, task }),
])("a plan ($kind) comes out of JSON as it went in", (plan) => {
  expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
});

test("a plan that says less has everything by its defaults", () => {
  expect(
    parsePlan({ version: planVersion, kind: "run", archive: "/a.tar.lz4", task: { command: ["true"] } }),
  ).toEqual({
    ...{ version: planVersion, kind: "run", archive: "/a.tar.lz4", task: { command: ["true"], env: {} } },
    ...{ keepAlive: false, internet: false, warm: "never" },
  });
});

const issuesOf = (data: object) => {
  try {
    parsePlan({ version: planVersion, ...data });
  } catch (error) {
    return error;
  }
  return undefined;
};

test("all that is wrong is told at once, each with its place and what would be right", () => {
  const plan = {
    kind: "run",
    archive: "worker.tar.lz4",
    task: { command: [] },
    memory: 0.5,
    timeout: 604_801,
  };
  expect(issuesOf({ ...plan, vncPort: 5899, shell: true })).toMatchObject({
    code: "usage",
    details: [
      'archive is "worker.tar.lz4": must be an absolute path',
      "task.command is a list: must name a program",
      "memory is 0.5: must be a whole number of MiB from 1 to 1048576",
      "timeout is 604801: must be a whole number of seconds from 1 to 604800",
      "vncPort is 5899: must be a port from 5900 to 65535",
      expect.stringMatching(/^shell is true: unknown key/),
    ],
  });
});

test.each([
  { kind: "rebuild", folder: "set", image: "worker" },
  { kind: "rebuild", folder: "/set", image: "worker", iso: { path: "core.iso" } },
  { kind: "rebuild", folder: "/set", image: "setup", machine: "machine.json" },
  { kind: "build", output: "out.tar.lz4", source: { kind: "image", archive: "/in.tar.lz4" } },
  { kind: "build", output: "/out.tar.lz4", source: { kind: "image", archive: "in.tar.lz4" } },
  {
    ...{ kind: "build", output: "/out.tar.lz4", source: { kind: "image", archive: "/in.tar.lz4" } },
    dataIso: "data.iso",
  },
  { kind: "meta", listen: { socketPath: "meta.sock" }, task },
])("a relative path is refused wherever it stands: %j", (plan) => {
  expect(issuesOf(plan)).toMatchObject({ code: "usage" });
});

test("a plan of an earlier version, which had fewer keys, is read", () => {
  const plan = { kind: "rebuild", folder: "/set", image: "worker" } as const;
  expect(parsePlan({ version: 9, ...plan })).toEqual(makePlan(plan));
  expect(issuesOf({ version: 8, ...plan })).toMatchObject({ code: "usage" });
});

test("a newer Tinsmith's plan is refused as such, whatever it holds", () => {
  expect(issuesOf({ version: planVersion + 1, kind: "dream" })).toMatchObject({
    code: "newer-version",
    message: expect.stringContaining(`version ${planVersion + 1}`),
  });
});
