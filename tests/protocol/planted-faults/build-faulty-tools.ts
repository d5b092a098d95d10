import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";

/** A change of a few lines of the guest tools, which makes a fault of them. */
interface PlantedFault {
  /** The source, relative to guest/. */
  readonly source: string;
  /** The text that is replaced, once. */
  readonly right: string;
  readonly wrong: string;
}

/** Faults that guest tools may well have. */
export const plantedFaults = {
  /** A request that is sent again has no body: it was read by the first try. */
  "reply lost on retry": {
    source: "internal/metaservice/retry.go",
    right: "\t\terr := c.exchangeOnce(ctx, what, body, accept)\n",
    wrong: "\t\terr := c.exchangeOnce(ctx, what, body, accept)\n\t\tbody = nil\n",
  },
  /** Output that finds the buffer full is thrown away. */
  "log cut at 4 MiB": {
    source: "internal/tasklog/buffer.go",
    right: "\t\t\tb.changed.Wait()\n\t\t}\n\t\tif b.dropped {\n",
    wrong:
      "\t\t\tb.dropped = true\n\t\t}\n\t\tif b.dropped {\n\t\t\tb.dropped = false\n\t\t\tb.closed = true\n",
  },
  /** The result is reported while the log is still being sent. */
  "exit before the output was sent": {
    source: "internal/agent/task.go",
    right:
      "\tif err := taskLog.Close(); err != nil {\n\t\ta.Logger.Print(err)\n\t} else {\n\t\tresult.LogBytes = taskLog.Written()\n\t}\n\n\ta.report(ctx, result)\n",
    wrong:
      "\ta.report(ctx, result)\n\tif err := taskLog.Close(); err != nil {\n\t\ta.Logger.Print(err)\n\t}\n",
  },
} satisfies Record<string, PlantedFault>;
export type FaultName = keyof typeof plantedFaults;

const sources = resolve(import.meta.dirname, "../../../guest");

/** Builds guest tools with a fault, from a changed copy of one source: nothing of it is in guest/. */
export async function buildFaultyTools(
  name: FaultName,
  out: string,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { source, right, wrong }: PlantedFault = plantedFaults[name];
  const folder = mkdtempSync(join(tmpdir(), "ts-"));
  try {
    const path = join(sources, source);
    const parts = readFileSync(path, "utf8").split(right);
    if (parts.length !== 2)
      throw new Error(`${source} does not have the text that the fault "${name}" replaces`);
    const changed = join(folder, "changed.go");
    const overlay = join(folder, "overlay.json");
    writeFileSync(changed, parts.join(wrong));
    writeFileSync(overlay, JSON.stringify({ Replace: { [path]: changed } }));
    await execa("go", ["build", "-overlay", overlay, "-o", out, "."], {
      cwd: sources,
      env: { CGO_ENABLED: "0", GOTOOLCHAIN: "local", ...env },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
