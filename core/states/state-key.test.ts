import { expect, test } from "vitest";
import type { Argv } from "../process/run-command.ts";
import { hardwareArguments, stateKey } from "./state-key.ts";

const command = (session: string, memory = 512): Argv => [
  "qemu-system-x86_64",
  ...["-name", `guest=${session}`, "-m", `size=${memory}M`, "-S", "-accel", "accel=tcg,thread=multi"],
  ...["-chardev", `backend=socket,id=qmp,path=/run/${session}/qmp.sock`],
  ...[
    "-netdev",
    `type=user,id=network,restrict=on,guestfwd=tcp:169.254.169.254:80-cmd:/bin/nc -U /run/${session}/m`,
  ],
  ...["-blockdev", `driver=raw,file.filename=/sessions/${session}/disk.img`],
  ...["-device", "driver=vmgenid,id=generation,guid=auto"],
];

const origin = { moment: "data-cd", digest: "5f", command: command("one") } as const;

test("a state belongs to hardware, not to the session whose paths are in the command", async () => {
  expect(hardwareArguments(command("one"))).toEqual([
    "m size=512M",
    "accel accel=tcg,thread=multi",
    "netdev type=user,id=network,restrict=on",
    "device driver=vmgenid,id=generation,guid=auto",
  ]);
  expect(await stateKey(origin)).toBe(await stateKey({ ...origin, command: command("two") }));
});

test("another image, moment or machine has another state", async () => {
  const others = [
    { ...origin, digest: "60" },
    { ...origin, moment: "guest-tools" as const },
    { ...origin, command: command("one", 1024) },
  ];
  const keys = await Promise.all([origin, ...others].map(stateKey));
  expect(new Set(keys).size).toBe(4);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{40}$/);
});
