import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isTemplateFile } from "../core/image-set/create-image-set.ts";
import packageJson from "../package.json" with { type: "json" };

// node scripts/lay-out-package.ts
// Lays out dist/package: the content of an installation outside of a checkout, as the npm package "tinsmith". The
// desktop app's packages take parts of it. The bundles have to be built before.

const project = resolve(import.meta.dirname, "..");
const out = join(project, "dist/package");
/** The bundles find these at run time: they have files of their own. */
const outsideBundle = ["keysym", "koffi", "lz4-napi", "node-pty"] as const;

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "dist/cli"), { recursive: true });
const bundle = readFileSync(join(project, "dist/cli/tinsmith.mjs"), "utf8");
writeFileSync(join(out, "dist/cli/tinsmith.mjs"), `#!/usr/bin/env node\n${bundle}`);
chmodSync(join(out, "dist/cli/tinsmith.mjs"), 0o755);
cpSync(join(project, "dist/renderer"), join(out, "dist/renderer"), { recursive: true });
cpSync(join(project, "images"), join(out, "images"), { recursive: true, filter: isTemplateFile });
mkdirSync(join(out, "guest-tools"));
execFileSync(join(project, "guest/build.sh"), [join(out, "guest-tools/guest-tools")], { stdio: "inherit" });
for (const file of ["LICENSE", "README.md", "CHANGELOG.md"]) cpSync(join(project, file), join(out, file));
writeFileSync(join(out, "THIRD-PARTY-LICENSES"), describeLicenses());
writeFileSync(join(out, "package.json"), `${JSON.stringify(describePackage(), null, 2)}\n`);

function describePackage() {
  const { name, version, description, license, type, engines, dependencies } = packageJson;
  return {
    name,
    version,
    description,
    license,
    type,
    engines,
    os: ["linux"],
    bin: { tinsmith: "dist/cli/tinsmith.mjs" },
    dependencies: Object.fromEntries(outsideBundle.map((one) => [one, dependencies[one]])),
  };
}

/** The licences of all that is in the bundles and in the guest tools, each once. */
function describeLicenses(): string {
  const folder = join(project, "dist/licenses");
  const bundled = readdirSync(folder).flatMap((file) => sections(readFileSync(join(folder, file), "utf8")));
  const all = [...new Set([...bundled, ...goModules()])].sort();
  return `# What others have made that is in Tinsmith's files\n\n${all.join("\n")}`;
}

function sections(text: string): readonly string[] {
  return text
    .split(/^(?=## )/m)
    .filter((part) => part.startsWith("## "))
    .map((part) => `${part.trim()}\n`);
}

interface GoModule {
  readonly Path: string;
  readonly Version?: string;
  readonly Dir: string;
}

/** Go's own standard library is in the guest tools, too. */
function goModules(): readonly string[] {
  const list = (...args: readonly string[]) =>
    execFileSync("go", ["list", "-deps", "-f", ...args], { cwd: join(project, "guest"), encoding: "utf8" });
  const lines = list("{{with .Module}}{{if .Version}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", ".");
  const modules: readonly GoModule[] = [...new Set(lines.split("\n").filter(Boolean))].map((line) => {
    const [Path = "", Version = "", Dir = ""] = line.split("\t");
    return { Path, Version, Dir };
  });
  const root = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
  const version = execFileSync("go", ["env", "GOVERSION"], { encoding: "utf8" }).trim();
  return [...modules, { Path: "Go", Version: version, Dir: root }].map(
    ({ Path, Version, Dir }) => `## ${Path} ${Version}\n\n${readFileSync(licenseIn(Dir), "utf8")}\n`,
  );
}

/** Debian keeps Go's licence where it keeps all. */
function licenseIn(folder: string): string {
  const name = readdirSync(folder).find((one) => /^(LICENSE|COPYING)/i.test(one));
  return name ? join(folder, name) : "/usr/share/doc/golang-go/copyright";
}
