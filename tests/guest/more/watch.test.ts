import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../../eventually.ts";
import { makeBuiltWorkshop } from "../built-workshop.ts";
import { watchSet } from "../watched-set.ts";

const workshop = makeBuiltWorkshop();
/** A rebuild and a boot, on a busy host without KVM. Milliseconds. */
const patience = { timeout: 300_000, interval: 100 };

test("a saved Go file gets a fast verdict, then a true one; a mistake in it gets the compiler's; the newest wins", async () => {
  const watch = watchSet(workshop, "--run", "echo hello");
  onTestFinished(async () => void (await watch.stop()));
  const untilJudged = (round: number) =>
    eventually(() => expect(watch.verdicts(round).at(-1)).toMatch("true: "), patience);
  await untilJudged(1);
  expect(watch.verdicts(1)).toEqual(["true: passed"]);

  watch.save("// It changes nothing.");
  await untilJudged(2);
  expect(watch.verdicts(2)).toEqual(["fast: passed", "true: passed"]);
  expect(watch.events).toContainEqual(
    expect.objectContaining({ type: "round-started", round: 2, changed: ["internal/agent/extra.go"] }),
  );

  watch.save("func {");
  await untilJudged(3);
  const mistake = watch.events.find((event) => event.type === "verdict" && event.round === 3);
  expect(mistake).toMatchObject({
    kind: "true",
    outcome: "failed",
    text: expect.stringContaining("the guest tools can't be built"),
    lines: expect.arrayContaining([expect.stringContaining("extra.go:2")]),
  });
  // The virtual machine of the fast verdict is restored while the guest tools are built.
  const phases = watch.events.flatMap((event) =>
    event.type === "round-session" && event.round === 3 ? event.phase : [],
  );
  expect(phases).toEqual(["fast"]);

  watch.save('import "os"\nfunc init() { os.Exit(3) }');
  await eventually(() => expect(watch.verdicts(4)).toEqual(["fast: failed"]), patience);
  watch.save("// Correct again.");
  await untilJudged(5);
  expect(watch.events).toContainEqual(expect.objectContaining({ type: "round-overtaken", round: 4 }));
  expect(watch.verdicts(5)).toEqual(["fast: passed", "true: passed"]);
  expect(await watch.stop()).toBe(0);
}, 1_200_000);
