import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { archiveImages } from "./hostile/archives.ts";
import { compressedImages } from "./hostile/compressed.ts";
import { diskImages } from "./hostile/disks.ts";
import { lookInto } from "./hostile/look.ts";
import { squashfsImages } from "./hostile/squashfs.ts";

/** A step without progress ends after 10 s; one that makes progress ends, too. Milliseconds. */
const longestStep = 30_000;
/** MiB. */
const mostMemory = 500;
const refusals = ["damaged-file-system", "invalid-archive", "timed-out", "usage"];

/** Each takes 10 s or more: they are in a part of the tests of their own, see test.sh. */
const takesLong =
  /zeros in (gzip|xz|bzip2)|zeros in LZ4, in|many bombs|many files|0,000 (folders|names)|500 MiB/;
const isWhole = process.env.TINSMITH_HOSTILE === "all";

const images = { ...compressedImages, ...archiveImages, ...squashfsImages, ...diskImages };
const chosen = Object.entries(images).filter(([title]) => isWhole || !takesLong.test(title));

test.each(chosen)(
  "%s: all ways to look into it end in time and with little memory",
  { timeout: 200_000 },
  async (_title, make) => {
    const folder = mkdtempSync(join(tmpdir(), "hostile-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [made, out] = [join(folder, "made"), join(folder, "out")];
    mkdirSync(made);
    const image = make(made);
    const path = "path" in image ? image.path : join(made, "image");
    if (!("path" in image)) writeFileSync(path, image);
    const before = readdirSync(made);
    const steps = await lookInto(path, out);
    for (const { milliseconds, peak, code, message, name } of steps) {
      expect(milliseconds, name).toBeLessThan(longestStep);
      expect(peak, name).toBeLessThan(mostMemory);
      if (code !== undefined) {
        expect(refusals, message).toContain(code);
        expect(message).toMatch(/^\S[^\n]{10,300}$/);
      }
    }
    expect(steps.length).toBeGreaterThan(0);
    // Nothing is written elsewhere, and no copy of anything stays.
    expect(readdirSync(made)).toEqual(before);
    expect(readdirSync(folder).sort()).toEqual(["made", "out"]);
    expect(readdirSync(out).filter((name) => name !== "home")).toEqual([]);
  },
);
