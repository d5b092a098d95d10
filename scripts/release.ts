import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { AppError, toAppError } from "../shared/errors/errors.ts";
import { makeRelease } from "./release/make-release.ts";
import { describeRelease, planRelease } from "./release/plan-release.ts";

// node scripts/release.ts VERSION [--sign KEY] [--npm-only] [--dry-run]
// Makes a release: its packages with checksums in dist/release/VERSION, a commit and a tag. See docs/release.md. Nothing is pushed.

const usage = "node scripts/release.ts VERSION [--sign KEY] [--npm-only] [--dry-run]";
const project = resolve(import.meta.dirname, "..");
const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interruption.abort());

try {
  const { version, isDry, ...options } = readArguments();
  const release = await planRelease(project, version, options);
  process.stdout.write(
    isDry
      ? `${describeRelease(release)}\nNothing was changed.\n`
      : await makeRelease(release, interruption.signal),
  );
} catch (thrown) {
  const { message, details, advice } = toAppError(thrown);
  const lines = [`error: ${message}`, ...details.map((line) => `  ${line}`), ...(advice ? [advice] : [])];
  process.stderr.write(`${lines.join("\n")}\n`);
  process.exitCode = 1;
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        sign: { type: "string" },
        "npm-only": { type: "boolean", default: false },
        "dry-run": { type: "boolean", default: false },
      },
    });
    const [version, ...others] = positionals;
    if (version === undefined || others.length > 0) throw new Error("one version must be named");
    return { version, key: values.sign, npmOnly: values["npm-only"], isDry: values["dry-run"] };
  } catch (cause) {
    const { message } = toAppError(cause);
    throw new AppError({ code: "usage", message, advice: `Run ${usage}.` }, { cause });
  }
}
