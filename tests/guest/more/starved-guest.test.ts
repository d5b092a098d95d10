import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { ownProcessesNaming } from "../../../core/process/own-processes.ts";
import { letTimePass } from "../../let-time-pass.ts";
import { removeWorkshop } from "../remove-workshop.ts";
import { makeWorkshop, tinsmith } from "../tinsmith.ts";

const workshop = makeWorkshop();
afterAll(() => removeWorkshop(workshop));

/** Milliseconds for which QEMU gets no processor, and gets it. A guest repeats a key that is down for 250. */
const [starved, fed] = [400, 100];

/** Lets QEMU run only now and then, until it ends. */
async function starve(session: string): Promise<void> {
  const signals = [
    ["SIGSTOP", starved],
    ["SIGCONT", fed],
  ] as const;
  for (;;) {
    const named = ownProcessesNaming(`guest=${session}`);
    const qemu = named.filter(({ command: [program] }) => program?.includes("qemu"));
    if (qemu.length === 0) return;
    for (const [signal, milliseconds] of signals) {
      for (const { id } of qemu) process.kill(id, signal);
      await letTimePass(milliseconds);
    }
  }
}

/** Texts whose digests the guest prints: they show that it got each key once. */
const texts = [
  "do sleep 0.1; done 2>/dev/null >>.X.d/setup.sh",
  "all  the spaces,   and the letters that come twice",
];
const digestOf = (text: string) => createHash("md5").update(text).digest("hex");

test("a guest that gets the processor only now and then repeats keys, and gets the lines of the steps right", {
  timeout: 600_000,
}, async () => {
  const steps = join(workshop.imageSet, "starved.steps.yaml");
  const prompt = { wait: "tc@box:~$ " };
  const lines = texts.flatMap((text) => [
    { type: `printf %s '${text}' | md5sum` },
    { wait: digestOf(text), timeout: 30 },
    prompt,
  ]);
  const install = [prompt, ...lines, { type: "sudo poweroff" }];
  writeFileSync(steps, stringify({ console: "screen", install }));
  let starving: Promise<void> | undefined;
  const args = ["rebuild", "setup", "--recipe", workshop.imageSet, "--steps", steps, "--json"];
  const built = await tinsmith(workshop, args, {
    onStdout: (printed) => {
      const session = /"session":"([^"]+)"/.exec(printed)?.[1];
      if (session && printed.includes('"install-step-done"')) starving ??= starve(session);
    },
  });
  await starving;
  expect(starving).toBeDefined();
  expect([built.exitStatus, built.stderr]).toEqual([0, expect.anything()]);
});
