import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import { describe, expect, onTestFinished, test } from "vitest";
import { exitStatus } from "../cli/support/exit-status.ts";
import { eventually } from "./eventually.ts";

const project = resolve(import.meta.dirname, "..");

/** A folder with copies of scripts, and with programs that a host could have. */
function makeHost(scripts: readonly string[], programs: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "wrapper-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const script of scripts) cpSync(join(project, script), join(folder, script));
  mkdirSync(join(folder, "bin"));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "bin", name), 0o755);
  }
  return folder;
}

const runIn = (folder: string, script: string, path = "/usr/bin:/bin") =>
  execa(join(folder, script), { env: { PATH: `${join(folder, "bin")}:${path}` }, reject: false });

const checkout = ["tinsmith", "rebuild.sh", "scripts/bootstrap.sh", "scripts/cli-bundle.sh"];
const oldNode = { node: "echo v18.0.0", uname: "echo Plan9 mips" };

test.each(["tinsmith", "rebuild.sh"])(
  "%s on a host without a Node that is new enough ends as on one that lacks something",
  async (script) => {
    const { exitCode, stderr } = await runIn(makeHost(checkout, oldNode), script);
    expect(stderr).toContain("error: please install Node");
    expect(exitCode).toBe(exitStatus.host);
  },
);

test("what fails before Node runs is trouble on this host, too, and not a task that failed", async () => {
  const folder = makeHost(checkout, { node: "echo v24.5.0" });
  // Something is in the place where packages are to be installed.
  writeFileSync(join(folder, "node_modules"), "");
  const { exitCode } = await runIn(folder, "tinsmith");
  expect(exitCode).toBe(exitStatus.host);
});

test.each([
  ["without Node", {}],
  ["with an old Node", { node: "echo v24.4.1" }],
])(
  "the Debian package's tinsmith on a host %s ends as on one that lacks something",
  async (_host, programs) => {
    const folder = makeHost(["packaging/deb/tinsmith"], programs);
    const tools = ["sort", "sh"].map((name) => `ln -s "$(command -v ${name})" "${folder}/bin/${name}"`);
    await execa("sh", ["-c", tools.join(" && ")]);
    const { exitCode, stderr } = await runIn(folder, "packaging/deb/tinsmith", "");
    expect(stderr).toContain("tinsmith: Node 24.5 or newer is needed");
    expect(exitCode).toBe(exitStatus.host);
  },
);

/** A checkout with the given sources, whose Node prints what it runs, and whose bundler copies the CLI's source. */
function makeCheckout() {
  const folder = makeHost(checkout, {
    node: '[ "$1" = --version ] && echo v24.5.0 || echo "PATH=$PATH ran $*"',
  });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const path of ["cli/main.ts", "core/one.ts", "shared/two.ts", "package.json", "vite.cli.config.ts"])
    write(path, "original");
  for (const path of ["package-lock.json", "node_modules/.installed-lock"]) write(path, "{}");
  write(
    "node_modules/.bin/vite",
    '#!/bin/sh\nwhile [ "$1" != --outDir ]; do shift; done\nmkdir -p "$2"\ncp cli/main.ts "$2/tinsmith.cjs"\n',
  );
  chmodSync(join(folder, "node_modules/.bin/vite"), 0o755);
  const start = async () => {
    const { stdout } = await runIn(folder, "tinsmith");
    if (stdout.includes("cli/main.ts")) return "sources";
    const [, bundle = ""] = /(\S+tinsmith\.cjs)$/.exec(stdout) ?? [];
    return `bundle of ${readFileSync(bundle, "utf8")}`;
  };
  const startsFromBundle = (text: string) =>
    eventually(async () => expect(await start()).toBe(`bundle of ${text}`));
  return { folder, write, start, startsFromBundle };
}

test("the CLI finds the programs of the person's PATH also when it starts from a bundle", async () => {
  const { folder, startsFromBundle } = makeCheckout();
  await startsFromBundle("original");
  const { stdout } = await execa(join(folder, "tinsmith"), {
    env: { PATH: `/own:${folder}/bin:/usr/bin:/bin` },
  });
  expect(stdout).toMatch(/^PATH=\/own:.* ran .*tinsmith\.cjs$/);
});

test("the checkout's CLI starts from a bundle, and from its sources after any change of these until there is a new one", {
  timeout: 60_000,
}, async () => {
  const { folder, write, start, startsFromBundle } = makeCheckout();
  expect(await start()).toBe("sources");
  await startsFromBundle("original");
  const path = (name: string) => join(folder, name);
  const changes: readonly (readonly [text: string, change: () => void])[] = [
    ["original", () => write("core/new.ts", "")],
    ["original", () => renameSync(path("shared/two.ts"), path("shared/three.ts"))],
    [
      "older",
      () => {
        write("cli/main.ts", "older");
        utimesSync(path("cli/main.ts"), 1, 1);
      },
    ],
  ];
  for (const [text, change] of changes) {
    change();
    expect(await start()).toBe("sources");
    await startsFromBundle(text);
  }
});

describe("rebuild.sh takes the image set", () => {
  const bootstrap = "need_engine() { :; }\nneed_guest_os_builder() { :; }\n";
  const steps = "iso: CorePlus.iso\nsteps: core-plus.steps.yaml\n";
  test.each([
    ["microcore, if tinycore has no setup image", "microcore", { "recipe.yaml": "size: 1\n" }],
    [
      "microcore, if tinycore's recipe names an ISO, and no steps",
      "microcore",
      { "recipe.yaml": "iso: Core.iso\n" },
    ],
    [
      "tinycore, if it has a setup image",
      "tinycore",
      { "recipe.yaml": "size: 1\n", "tinycore-setup.tar.lz4": "" },
    ],
    ["tinycore, if its recipe names an ISO and a file of steps", "tinycore", { "recipe.yaml": steps }],
    [
      "tinycore, if its recipe names an ISO and has the steps",
      "tinycore",
      { "recipe.yaml": "iso: Core.iso\ninstall:\n" },
    ],
  ])("%s", async (_case, set, files) => {
    const folder = makeHost(["rebuild.sh"], {});
    mkdirSync(join(folder, "images/tinycore"), { recursive: true });
    for (const [name, content] of Object.entries<string>(files))
      writeFileSync(join(folder, "images/tinycore", name), content);
    mkdirSync(join(folder, "scripts"), { recursive: true });
    writeFileSync(join(folder, "scripts/bootstrap.sh"), bootstrap);
    writeFileSync(join(folder, "tinsmith"), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
    const { stdout } = await execa(join(folder, "rebuild.sh"), ["--force"]);
    expect(stdout).toBe(`rebuild worker --recipe images/${set} --force`);
  });
});
