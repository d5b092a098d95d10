import { describe, expect, test } from "vitest";
import { parseMachine } from "../../../shared/machine/machine.ts";
import { type QemuOptions, qemuArguments } from "./qemu-arguments.ts";

const options: QemuOptions = {
  name: "tinycore setup",
  machine: parseMachine('{"version": 1}'),
  resources: { memory: 2048, threads: 1, cores: 4, sockets: 1 },
  platform: { machineType: "pc-i440fx-2.8", accelerator: "tcg", cpu: "max" },
  sockets: { qmp: "/run/vm/qmp.sock", serial: "/run/vm/serial.sock", vnc: "/run/vm/vnc.sock" },
  disk: { path: "/images/disk.img" },
  network: { metaServiceSocket: "/run/vm/meta.sock", relay: ["/bin/nc", "-N", "-U"], internet: false },
};

/** The arguments as one line for each option with its value. */
function lines(changes: Partial<QemuOptions> = {}): string[] {
  return qemuArguments({ ...options, ...changes })
    .join(" ")
    .split(/ (?=-(?!N |U ))/);
}

function machine(keys: object): Partial<QemuOptions> {
  return { machine: parseMachine(JSON.stringify({ version: 1, ...keys })) };
}

/** The lines that `after` has and `before` has not. */
function added(after: readonly string[], before: readonly string[] = lines()): string[] {
  return after.filter((line) => !before.includes(line));
}

test("a default machine is these arguments", () => {
  expect(lines()).toEqual([
    "-S",
    "-nodefaults",
    "-no-user-config",
    "-name guest=tinycore setup",
    "-uuid 52bab607-10f1-4049-a0f8-ee4725cb715b",
    "-machine type=pc-i440fx-2.8",
    "-accel accel=tcg,thread=multi",
    "-cpu max",
    "-smp cpus=4,threads=1,cores=4,sockets=1",
    "-m size=2048M",
    "-boot menu=off,strict=on",
    "-rtc base=utc",
    "-chardev backend=socket,id=qmp,path=/run/vm/qmp.sock",
    "-mon chardev=qmp,mode=control",
    "-chardev backend=socket,id=serial,path=/run/vm/serial.sock,server=on,wait=off",
    "-device driver=isa-serial,id=serial-port,chardev=serial",
    "-vnc vnc=unix:/run/vm/vnc.sock,share=force-shared",
    "-k en-us",
    "-device driver=qxl-vga,id=graphics,bus=pci.0,addr=0x2",
    "-device driver=nec-usb-xhci,id=usb,bus=pci.0,addr=0x3",
    "-device driver=usb-kbd,id=keyboard,bus=usb.0,port=1",
    "-device driver=usb-mouse,id=mouse,bus=usb.0,port=2",
    "-device driver=usb-tablet,id=tablet,bus=usb.0,port=3",
    "-device driver=virtio-balloon-pci,id=balloon,bus=pci.0,addr=0x4",
    "-netdev type=user,id=network,net=169.254.0.0/16,restrict=on," +
      "guestfwd=tcp:169.254.169.254:80-cmd:/bin/nc -N -U /run/vm/meta.sock",
    "-netdev type=hubport,id=network-port,hubid=0,netdev=network",
    "-netdev type=hubport,id=card-port,hubid=0",
    "-device driver=e1000,id=network-card,netdev=card-port,mac=aa:54:1a:30:5c:de,bus=pci.0,addr=0x5",
    "-blockdev driver=raw,node-name=disk-image,cache.direct=off,cache.no-flush=on," +
      "file.driver=file,file.filename=/images/disk.img",
    "-device driver=virtio-blk-pci,id=disk,drive=disk-image,bus=pci.0,addr=0x8,bootindex=1," +
      "werror=stop,rerror=stop",
  ]);
});

test("a sandbox is set up where there is one", () => {
  expect(added(lines({ sandbox: "on,obsolete=deny" }))).toEqual(["-sandbox on,obsolete=deny"]);
});

test("KVM takes no threading option", () => {
  const platform = { machineType: "pc-i440fx-2.9", accelerator: "kvm", cpu: "host" } as const;
  expect(added(lines({ platform }))).toEqual([
    "-machine type=pc-i440fx-2.9",
    "-accel accel=kvm",
    "-cpu host",
  ]);
});

test("all processors of all sockets are counted", () => {
  expect(added(lines({ resources: { memory: 512, threads: 2, cores: 3, sockets: 4 } }))).toEqual([
    "-smp cpus=24,threads=2,cores=3,sockets=4",
    "-m size=512M",
  ]);
});

describe("devices", () => {
  test("the graphics card, network card and layout are the machine's", () => {
    const keys = { graphics: "VGA", network: "rtl8139", mac: "02:00:00:00:00:01", keyboardLayout: "de" };
    expect(added(lines(machine(keys)))).toEqual([
      "-k de",
      "-device driver=VGA,id=graphics,bus=pci.0,addr=0x2",
      "-device driver=rtl8139,id=network-card,netdev=card-port,mac=02:00:00:00:00:01,bus=pci.0,addr=0x5",
    ]);
  });

  test("a PS/2 keyboard and mouse need no device, and no tablet is none", () => {
    const bare = lines(machine({ keyboard: "PS/2", mouse: "PS/2", tablet: "none" }));
    expect(bare.filter((line) => line.includes("bus=usb.0"))).toEqual([]);
    expect(added(bare)).toEqual([]);
  });

  test("a USB 1.1 controller has two ports, so that the tablet brings a hub", () => {
    expect(added(lines(machine({ usb: "piix3-usb-uhci" })))).toEqual([
      "-device driver=piix3-usb-uhci,id=usb,bus=pci.0,addr=0x3",
      "-device driver=usb-hub,id=usb-hub,bus=usb.0,port=2",
      "-device driver=usb-mouse,id=mouse,bus=usb.0,port=2.1",
      "-device driver=usb-tablet,id=tablet,bus=usb.0,port=2.2",
    ]);
    expect(added(lines(machine({ usb: "piix4-usb-uhci", tablet: "none" })))).toEqual([
      "-device driver=piix4-usb-uhci,id=usb,bus=pci.0,addr=0x3",
    ]);
  });

  test("a sound card plays to nobody", () => {
    expect(added(lines(machine({ sound: "AC97" })))).toEqual([
      "-audiodev driver=none,id=audio",
      "-device driver=AC97,id=sound,bus=pci.0,addr=0x6,audiodev=audio",
    ]);
  });

  test("High Definition Audio is a controller with a codec on it", () => {
    expect(added(lines(machine({ sound: "hda-duplex/ich9-intel-hda" })))).toEqual([
      "-audiodev driver=none,id=audio",
      "-device driver=ich9-intel-hda,id=sound,bus=pci.0,addr=0x6",
      "-device driver=hda-duplex,id=sound-codec,bus=sound.0,cad=0,audiodev=audio",
    ]);
  });
});

describe("disk and CDs", () => {
  test("a layer is given its backing file, which nothing can write to", () => {
    const disk = { layer: "/images/layer.qcow2", backing: "/images/disk.img" };
    expect(added(lines({ disk }))).toEqual([
      "-blockdev driver=raw,node-name=backing-image,cache.direct=off,cache.no-flush=on,read-only=on," +
        "file.driver=file,file.filename=/images/disk.img",
      "-blockdev driver=qcow2,node-name=disk-image,cache.direct=off,cache.no-flush=on,backing=backing-image," +
        "file.driver=file,file.filename=/images/layer.qcow2",
    ]);
  });

  test("the boot ISO is the first drive and the data ISO the second", () => {
    const cdRoms = { bootIso: "/iso/boot.iso", dataDrive: { iso: "/iso/data.iso" } };
    expect(added(lines({ cdRoms }))).toEqual([
      "-blockdev driver=raw,node-name=boot-cd-image,read-only=on,file.driver=file,file.filename=/iso/boot.iso",
      "-device driver=ide-cd,id=boot-cd,drive=boot-cd-image,bus=ide.0,unit=0,bootindex=2",
      "-blockdev driver=raw,node-name=data-cd-image,read-only=on,file.driver=file,file.filename=/iso/data.iso",
      "-device driver=ide-cd,id=data-cd,drive=data-cd-image,bus=ide.0,unit=1,bootindex=3",
    ]);
  });

  test("a lone data ISO is in the first drive", () => {
    expect(added(lines({ cdRoms: { dataDrive: { iso: "/iso/data.iso" } } }))).toContain(
      "-device driver=ide-cd,id=data-cd,drive=data-cd-image,bus=ide.0,unit=0,bootindex=3",
    );
  });

  test("a drive can be kept empty, in the place where the data ISO would be", () => {
    expect(added(lines({ cdRoms: { dataDrive: "empty" } }))).toEqual([
      "-device driver=ide-cd,id=data-cd,bus=ide.0,unit=0,bootindex=3",
    ]);
    expect(added(lines({ cdRoms: { bootIso: "/iso/boot.iso", dataDrive: "empty" } }))).toContain(
      "-device driver=ide-cd,id=data-cd,bus=ide.0,unit=1,bootindex=3",
    );
  });

  test("a kernel is booted with its initial RAM disk and command line", () => {
    const kernel = { kernel: "/boot/vmlinuz", initrd: "/boot/core.gz", append: "quiet console=ttyS0,115200" };
    expect(added(lines({ kernel }))).toEqual([
      "-kernel /boot/vmlinuz",
      "-initrd /boot/core.gz",
      "-append quiet console=ttyS0,115200",
    ]);
  });
});

describe("what can reach the machine, and what it can reach", () => {
  test("with the internet, the network is not restricted", () => {
    expect(added(lines({ network: { ...options.network, internet: true } }))).toEqual([
      expect.stringContaining(",restrict=off,"),
    ]);
  });

  test("forwarded ports listen on the loopback only, and the network is restricted still", () => {
    const forward = [
      { host: 2222, guest: 22 },
      { host: 9229, guest: 9229 },
    ];
    const [line, ...others] = added(lines({ network: { ...options.network, forward } }));
    expect(line).toMatch(
      /,restrict=on,.*,hostfwd=tcp:127\.0\.0\.1:2222-:22,hostfwd=tcp:127\.0\.0\.1:9229-:9229$/,
    );
    expect(others).toEqual([]);
  });

  test("a VNC port listens on the loopback only", () => {
    expect(added(lines({ vncPort: 5917 }))).toEqual(["-vnc vnc=127.0.0.1:17,share=force-shared"]);
  });

  test.each([5899, 65_536, 22])("port %d is not a port for VNC", (vncPort) => {
    expect(() => lines({ vncPort })).toThrow(expect.objectContaining({ code: "usage" }));
  });

  test("a socket that the relay can't be given is refused", () => {
    for (const metaServiceSocket of ["/run/a b", "/run/a,restrict=off", "/run/$(id)", `/${"a".repeat(100)}`])
      expect(() => lines({ network: { ...options.network, metaServiceSocket } })).toThrow(
        expect.objectContaining({ code: "path-too-long" }),
      );
  });

  test("a relay's words can't hold what a shell or an option would obey", () => {
    for (const word of ["a b", "a,b", "'", "$HOME", ""])
      expect(() => lines({ network: { ...options.network, relay: ["/bin/nc", word] } })).toThrow(
        "not a word of a",
      );
  });
});

describe("no value can add an option of its own", () => {
  test("commas in names and paths are doubled", () => {
    const disk = { path: "/images/a,read-only=on/disk.img" };
    expect(added(lines({ name: "a,debug-threads=on", disk }))).toEqual([
      "-name guest=a,,debug-threads=on",
      expect.stringContaining(",file.filename=/images/a,,read-only=on/disk.img"),
    ]);
  });

  test("a relative path is refused", () => {
    for (const changes of [
      { disk: { path: "disk.img" } },
      { disk: { layer: "/images/layer.qcow2", backing: "disk.img" } },
      { cdRoms: { bootIso: "json:{}" } },
      { cdRoms: { dataDrive: { iso: "-snapshot" } } },
      { kernel: { kernel: "vmlinuz" } },
      { kernel: { kernel: "/vmlinuz", initrd: "core.gz" } },
      { sockets: { ...options.sockets, qmp: "qmp.sock" } },
      { sockets: { ...options.sockets, serial: "serial.sock" } },
      { sockets: { ...options.sockets, vnc: "vnc.sock" } },
    ])
      expect(() => lines(changes)).toThrow("absolute paths only");
  });
});
