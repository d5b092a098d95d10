import { expect, test, vi } from "vitest";
import type { InstallStep } from "../../shared/recipe/install-step.ts";
import { letTimePass } from "../../tests/let-time-pass.ts";
import { TestGuest } from "./console/test-guest.ts";
import { begin, machineOf, type Options } from "./test-autopilot.ts";
import { findTypedValues } from "./typed-values.ts";

/** A clock on which a wait for an echo ends at once, and no other one ends. */
const impatient: Options["clock"] = {
  hold: () => {},
  after: (milliseconds, act) => {
    let isOn = milliseconds <= 2_000;
    void letTimePass(50).then(() => isOn && act());
    return {
      [Symbol.dispose]: () => {
        isOn = false;
      },
    };
  },
};

const german = (character: string) => ({ y: "z", z: "y", "-": "ß", "/": "-" })[character] ?? character;

/** A guest at its prompt that takes other characters for those that are typed. */
function guestWith(layout: (character: string) => string): TestGuest {
  const guest = new TestGuest();
  guest.layout = layout;
  guest.show("box$ ");
  return guest;
}

test("a line of which the guest has lost keys is typed again", async () => {
  const guest = new TestGuest();
  guest.deafFor = 3;
  guest.show("box$ ");
  await begin(machineOf(guest), { steps: [{ wait: "$ " }, { type: "install" }] }, { clock: impatient }).done;
  expect(guest.lines).toEqual(["install"]);
});

test("a line that the guest has lost as a whole is typed again", async () => {
  const guest = new TestGuest();
  guest.deafFor = "install".length;
  guest.show("box$ ");
  await begin(machineOf(guest), { steps: [{ wait: "$ " }, { type: "install" }] }, { clock: impatient }).done;
  expect(guest.lines).toEqual(["install"]);
});

test("a guest that hides what is typed gets it once", async () => {
  const guest = new TestGuest();
  guest.echoes = false;
  guest.show("Password: ");
  await begin(machineOf(guest), { steps: [{ wait: "Password: " }, { type: "secret" }] }, { clock: impatient })
    .done;
  expect(guest.lines).toEqual(["secret"]);
});

test("a line whose echo has other characters each time is not entered: the error has it beside the echo", async () => {
  const guest = guestWith(german);
  const steps: InstallStep[] = [{ wait: "$ " }, { type: "mount /dev/sda1" }];
  const { done } = begin(machineOf(guest), { steps }, { clock: impatient });
  await expect(done).rejects.toMatchObject({
    code: "timed-out",
    message:
      'the serial console did not show the line "mount /dev/sda1" as it was typed, but "mount -dev-sda1"',
    details: ["box$ mount -dev-sda1"],
  });
  expect(guest.typed.split("mount")).toHaveLength(5);
  expect(guest.lines).toEqual([]);
});

test("the guest stays, and tries the step again on an empty line", async () => {
  const guest = guestWith(german);
  const steps: InstallStep[] = [{ wait: "$ " }, { type: "yes" }];
  const { done, control, events } = begin(
    machineOf(guest),
    { steps },
    { clock: impatient, keepsFailed: () => true },
  );
  await vi.waitFor(
    () => expect(events.at(-1)).toMatchObject({ type: "install-step-failed", index: 1 }),
    3_000,
  );
  guest.layout = (character) => character;
  control.run();
  await done;
  expect(guest.lines).toEqual(["yes"]);
});

test("a guest that loses keys at first gets its line once it reads all of them", async () => {
  let typed = 0;
  const guest = guestWith((character) => {
    typed += 1;
    return typed < 20 && typed % 4 === 3 ? "" : character;
  });
  await begin(machineOf(guest), { steps: [{ wait: "$ " }, { type: "install" }] }, { clock: impatient }).done;
  expect(guest.lines).toEqual(["install"]);
});

test("a guest that shows stars gets the line", async () => {
  const guest = new TestGuest();
  guest.onLine = () => {};
  guest.echoes = false;
  guest.show("Password: ");
  const write = guest._write.bind(guest);
  guest._write = (bytes, encoding, next) => {
    const keys = bytes.toString();
    if (/^\w+$/.test(keys)) guest.show("*".repeat(keys.length));
    write(bytes, encoding, next);
  };
  await begin(machineOf(guest), { steps: [{ wait: ": " }, { type: "hush" }] }, { clock: impatient }).done;
  expect(guest.lines).toEqual(["hush"]);
});

test("a line with a secret is entered whatever its echo is, so that no error has it", async () => {
  const guest = guestWith(german);
  const steps: InstallStep[] = [{ wait: "$ " }, { type: ["pass ", { secret: "WORD" }] }];
  const values = findTypedValues(steps, { variables: {}, env: { TINSMITH_SECRET_WORD: "very-hush" } });
  await begin(machineOf(guest), { steps, values }, { clock: impatient }).done;
  expect(guest.lines).toEqual(["pass verzßhush"]);
});

const longLine = "echo 'do sleep 0.1; done 2>/dev/null'  >>.X.d/setup.sh; echo aaa   bbb";

test("a line of which the guest has repeated keys is typed again, in groups whose echo is right", async () => {
  const guest = new TestGuest();
  let keys = 0;
  // Each key in its turn, also the one that erases.
  guest.repeats = () => {
    keys += 1;
    return keys % 7 === 3 ? 3 : 1;
  };
  guest.show("box$ ");
  const steps = [{ wait: "$ " }, { type: longLine }];
  const { done } = begin(machineOf(guest), { steps }, { clock: impatient });
  guest.onLine = () => {
    guest.repeats = () => 1;
  };
  await done;
  expect(guest.lines[0]).toBe(longLine);
});

test("a line is not typed behind a wrong one that the guest has not erased yet", async () => {
  const guest = new TestGuest();
  const written = guest.show.bind(guest);
  guest.deafFor = 1;
  // It shows late that it has erased the line.
  guest.show = (text) => {
    if (text.toString().startsWith("\b")) void letTimePass(20).then(() => written(text));
    else written(text);
  };
  guest.show("box$ ");
  const steps = [{ wait: "$ " }, { type: longLine }];
  await begin(machineOf(guest), { steps }, { clock: impatient }).done;
  expect(guest.lines).toEqual([longLine]);
});
