import { once } from "node:events";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { parseMachine } from "../../../shared/machine/machine.ts";
import { machineSchema } from "../../../shared/machine/machine-schema.ts";
import { freePort } from "../../../tests/free-port.ts";
import { runCommand } from "../../process/run-command.ts";
import { fitMachine } from "../../vm/platform.ts";
import { askQemu } from "../hardware/capabilities.ts";
import { QmpClient } from "../process/qmp-client.ts";
import { type QemuOptions, qemuArguments } from "./qemu-arguments.ts";

/** Real QEMU processes, halted: that they start, and where they put each device. */

/** Every path below shows that nothing in it becomes an option, or ends one. */
const folder = mkdtempSync(join(tmpdir(), "tinsmith,id=x,,\n-monitor stdio %s'\"\\ä-"));
const disk = join(folder, "disk.img");
const layer = join(folder, "layer.qcow2");
const iso = join(folder, "cd.iso");

beforeAll(async () => {
  for (const file of [disk, iso]) {
    writeFileSync(file, "");
    truncateSync(file, 1024 ** 2);
  }
  // The path inside the layer leads nowhere: it must not be followed.
  await runCommand([
    "qemu-img",
    "create",
    "-q",
    "-u",
    "-f",
    "qcow2",
    "-b",
    "nowhere",
    "-F",
    "raw",
    layer,
    "1M",
  ]);
});

afterAll(() => rmSync(folder, { recursive: true }));

interface RunningQemu extends AsyncDisposable {
  readonly qmp: QmpClient;
}

/** Starts a machine of the given definition; disposing it ends QEMU. */
async function start(definition: object, changes: Partial<QemuOptions> = {}): Promise<RunningQemu> {
  await using cleanup = new AsyncDisposableStack();
  const sockets = mkdtempSync(join(tmpdir(), "tinsmith-"));
  cleanup.defer(() => rmSync(sockets, { recursive: true }));
  const server = createServer().listen(join(sockets, "qmp.sock"));
  cleanup.defer(() => void server.close());
  const capabilities = await askQemu();
  const machine = parseMachine(JSON.stringify({ version: 1, ...definition }));
  const args = qemuArguments({
    ...fitMachine(machine, capabilities, "tcg"),
    name: "test, of arguments",
    resources: { memory: 32, threads: 1, cores: 2, sockets: 1 },
    sockets: { qmp: join(sockets, "qmp.sock"), serial: join(folder, "serial"), vnc: join(folder, "vnc") },
    disk: { path: disk },
    network: { metaServiceSocket: join(sockets, "meta"), relay: ["/bin/nc", "-N", "-U"], internet: false },
    ...changes,
  });
  const child = execa("setpriv", ["--pdeathsig", "KILL", "--", capabilities.program, ...args], {
    reject: false,
  });
  cleanup.defer(async () => {
    child.kill("SIGKILL");
    await child;
  });
  const connected = once(server, "connection");
  const failed = child.then(({ stderr }) => Promise.reject(new Error(`QEMU ended: ${stderr}`)));
  failed.catch(() => {});
  const [socket] = await Promise.race([connected, failed]);
  const qmp = new QmpClient(socket);
  cleanup.defer(() => qmp.close());
  await Promise.race([qmp.negotiate(), failed]);
  const owned = cleanup.move();
  return { qmp, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const pciBuses = z.array(z.object({ devices: z.array(z.object({ slot: z.number(), qdev_id: z.string() })) }));

/** The devices that have a name of ours, as `NAME at SLOT`. */
async function pciPlaces({ qmp }: RunningQemu): Promise<string[]> {
  const buses = pciBuses.parse(await qmp.execute("query-pci"));
  const devices = buses.flatMap((bus) => bus.devices);
  return devices.filter(({ qdev_id }) => qdev_id).map(({ qdev_id, slot }) => `${qdev_id} at ${slot}`);
}

/** The attached devices, as `NAME at PORT`. */
async function usbPlaces({ qmp }: RunningQemu): Promise<string[]> {
  const text = await qmp.execute("human-monitor-command", { "command-line": "info usb" });
  const rows = z
    .string()
    .parse(text)
    .matchAll(/Port ([\d.]+),.*ID: (\S+)/g);
  return [...rows].map(([, port, id]) => `${id} at ${port}`);
}

const { usb, network, graphics, sound, keyboard, mouse, tablet } = machineSchema.shape;
const choices = { usb, network, graphics, sound, keyboard, mouse, tablet };

/** Few machines that have every value of every key between them. */
function machinesWithEveryValue(): Record<string, string>[] {
  const values = Object.entries(choices).map(([key, schema]) => ({ key, options: schema.unwrap().options }));
  const count = Math.max(...values.map(({ options }) => options.length));
  return Array.from({ length: count }, (_, index) =>
    Object.fromEntries(values.map(({ key, options }) => [key, options[index % options.length] ?? ""])),
  );
}

test.each(machinesWithEveryValue())(
  "$graphics $usb $network $sound $keyboard $mouse $tablet",
  async (definition) => {
    await using vm = await start(definition);
    expect(await vm.qmp.execute("query-status")).toMatchObject({ status: "prelaunch", running: false });
    expect(await pciPlaces(vm)).toEqual([
      "graphics at 2",
      "usb at 3",
      "balloon at 4",
      "network-card at 5",
      ...(definition.sound === "none" ? [] : ["sound at 6"]),
      "disk at 8",
    ]);
  },
);

test.each([
  [{ usb: "nec-usb-xhci" }, ["keyboard at 1", "mouse at 2", "tablet at 3"]],
  [{ usb: "piix3-usb-uhci" }, ["keyboard at 1", "usb-hub at 2", "mouse at 2.1", "tablet at 2.2"]],
  [{ usb: "piix4-usb-uhci", keyboard: "PS/2" }, ["usb-hub at 2", "mouse at 2.1", "tablet at 2.2"]],
  [{ usb: "piix4-usb-uhci", tablet: "none" }, ["keyboard at 1", "mouse at 2"]],
])("with %j the USB ports hold %j", async (definition, places) => {
  await using vm = await start(definition);
  expect(await usbPlaces(vm)).toEqual(places);
});

const blockDevices = z.array(
  z.object({
    qdev: z.string(),
    inserted: z.object({ ro: z.boolean(), image: z.object({ filename: z.string() }) }).optional(),
  }),
);

/** The medium in each drive, as `NAME: FILE`. */
async function drives({ qmp }: RunningQemu): Promise<string[]> {
  const devices = blockDevices.parse(await qmp.execute("query-block"));
  return devices.map(({ qdev, inserted }) => {
    const access = inserted?.ro ? " (read-only)" : "";
    return `${qdev.replace(/^.*peripheral\/|\/.*$/g, "")}: ${inserted?.image.filename ?? "empty"}${access}`;
  });
}

test("the boot ISO and the data ISO are read-only", async () => {
  await using vm = await start({}, { cdRoms: { bootIso: iso, dataDrive: { iso } } });
  expect(await drives(vm)).toEqual([
    `disk: ${disk}`,
    `boot-cd: ${iso} (read-only)`,
    `data-cd: ${iso} (read-only)`,
  ]);
});

test("an empty drive takes an ISO later", async () => {
  await using vm = await start({}, { cdRoms: { dataDrive: "empty" } });
  expect(await drives(vm)).toEqual([`disk: ${disk}`, "data-cd: empty"]);
  const medium = { id: "data-cd", filename: iso, format: "raw", "read-only-mode": "read-only" };
  await vm.qmp.execute("blockdev-change-medium", medium);
  expect(await drives(vm)).toEqual([`disk: ${disk}`, `data-cd: ${iso} (read-only)`]);
});

const blockNodes = z.array(
  z.object({
    "node-name": z.string(),
    file: z.string(),
    drv: z.string(),
    ro: z.boolean(),
    cache: z.object({ direct: z.boolean(), "no-flush": z.boolean() }),
  }),
);

test("a layer lies on the backing file that was given, not on the one that it names", async () => {
  await using vm = await start({}, { disk: { layer, backing: disk } });
  const nodes = blockNodes.parse(await vm.qmp.execute("query-named-block-nodes"));
  const cache = { direct: false, "no-flush": true };
  expect(nodes.filter((node) => node.drv === "file" && node.file === disk)).toMatchObject([
    { ro: true, cache },
  ]);
  expect(nodes.filter((node) => node.drv === "file" && node.file === layer)).toMatchObject([
    { ro: false, cache },
  ]);
  expect(nodes.filter((node) => node["node-name"] === "disk-image")).toMatchObject([{ drv: "qcow2", cache }]);
});

test("the screen is on the unix socket, and on the loopback's port when asked for", async () => {
  await using vm = await start({}, { vncPort: await freePort() });
  const servers = z.array(z.object({ server: z.array(z.object({ host: z.string(), family: z.string() })) }));
  const listening = servers.parse(await vm.qmp.execute("query-vnc-servers")).flatMap(({ server }) => server);
  expect(listening).toHaveLength(2);
  expect(listening).toContainEqual({ host: "", family: "unix" });
  expect(listening).toContainEqual({ host: "127.0.0.1", family: "ipv4" });
});
