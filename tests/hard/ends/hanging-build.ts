import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runToExit } from "../../../cli/support/context.ts";
import { typedInput } from "../../../cli/support/typed-input.ts";
import { buildImage } from "../../../core/builder/build-image.ts";
import { performStep } from "../../../core/builder/build-step.ts";
import { WatchedInputs } from "../../../core/builder/inputs/watched-inputs.ts";
import { workFiles } from "../../../core/builder/retry/retry-work.ts";
import { findPaths } from "../../../core/storage/paths.ts";

// A build that makes its data CD, and then hangs in the next step, whatever its signal says. It prints each event as JSON.
// Arguments: a machine definition, the archive to build, how much to print to stdout at once, and whether to ask first.

const [machineFile = "", output = "", printed = "0", asks = "false"] = process.argv.slice(2);

const deaf = "trap '' TERM; echo deaf $$; while :; do sleep 100; done";
const question = "printf 'Name: '; read -r name; echo hello $name";

await runToExit(async (signal) => {
  signal.addEventListener("abort", () => process.stderr.write("aborted\n"));
  await buildImage(
    {
      title: "Hanging build",
      output,
      source: { kind: "new", machineFile, sizeGib: 1 },
      inputs: await WatchedInputs.start(async () => [
        { kind: "recipe", name: "recipe.yaml", digest: "5f".repeat(32) },
      ]),
      hasAllInputs: true,
      prepare: async ({ folder, report, run }) => {
        await performStep(report, "data-cd", async () => writeFileSync(join(folder, workFiles.dataCd), "CD"));
        process.stdout.write("x".repeat(Number(printed)));
        return await performStep(report, "disk", async () => {
          const command = run(["sh", "-c", asks === "true" ? `${question}; ${deaf}` : deaf]);
          if (printed === "0" && asks === "false") await command.catch(() => new Promise(() => {}));
          else await command;
          return {};
        });
      },
    },
    {
      paths: findPaths(),
      signal,
      input: typedInput({ showLine: () => {} }),
      onEvent: (event) => process.stderr.write(`${JSON.stringify(event)}\n`),
    },
  );
  return undefined;
});
