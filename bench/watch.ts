import { copyFileSync, rmSync } from "node:fs";
import { makeWorkshop, tinsmith } from "../tests/guest/tinsmith.ts";
import { watchSet } from "../tests/guest/watched-set.ts";
import { judged, median } from "./figures.ts";

// node bench/watch.ts [ROUNDS] [SETUP_IMAGE]: the time from a saved Go file to the verdicts of a watch, on a VM. It takes a
// setup image, or builds one.

const rounds = Number(process.argv[2] ?? 5);
const setupImage = process.argv[3];
/** Seconds, under emulation on two processors, with Go's cache filled. */
const bars = { fast: 5, true: 12 };

const workshop = makeWorkshop();
if (setupImage !== undefined) copyFileSync(setupImage, workshop.setupImage);
await tinsmith(workshop, ["rebuild", "worker", "--recipe", workshop.imageSet]);
const watch = watchSet(workshop, "--run", "echo hello");

/** Waits for the true verdict of a round. @returns seconds from the change to each of its verdicts */
async function verdictsOf(round: number): Promise<Partial<Record<"fast" | "true", number>>> {
  const told = () =>
    watch.events.filter((event) => event.type === "verdict").filter((one) => one.round === round);
  while (!told().some(({ kind }) => kind === "true"))
    await new Promise((resolve) => setTimeout(resolve, 100));
  return Object.fromEntries(told().map(({ kind, after }) => [kind, after / 1000]));
}

try {
  await verdictsOf(1);
  const measured: Partial<Record<"fast" | "true", number>>[] = [];
  for (let round = 2; round < rounds + 2; round += 1) {
    watch.save(`// Change ${round}.\nvar change${round} = ${round}\n`);
    measured.push(await verdictsOf(round));
  }
  for (const kind of ["fast", "true"] as const) {
    const times = measured.map((one) => one[kind] ?? Number.POSITIVE_INFINITY);
    const all = times.map((time) => time.toFixed(1)).join(" ");
    process.stdout.write(
      `Go file saved to ${kind} verdict, s: ${judged(median(times), bars[kind], "at most", 1)} (${all})\n`,
    );
  }
} finally {
  await watch.stop();
  rmSync(workshop.folder, { recursive: true });
}
