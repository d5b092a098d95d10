/** What a file holds that is refused, by what is wrong with it. */
export type BadTexts = Readonly<Record<string, string | Buffer>>;

const mebibyte = 1024 * 1024;
const depth = 100_000;

/** A definition of version 1 with these values. */
function version1(values: object): string {
  return JSON.stringify({ version: 1, ...values });
}

/** A definition of version 0 with these values. */
function version0(values: object): string {
  return JSON.stringify({
    uuid: "52bab607-10f1-4049-a0f8-ee4725cb715b",
    network: { device: "e1000", mac: "aa:54:1a:30:5c:de" },
    keyboard: { layout: "de" },
    ...values,
  });
}

export const badMachines: BadTexts = {
  "no text at all": "",
  "a list": "[]",
  null: "null",
  "an empty object": "{}",
  "a comma after the last key": '{"version": 1,}',
  "a comment": '{"version": 1} // mine',
  "single quotes": "{'version': 1}",
  "a key without quotes": "{version: 1}",
  "NaN as a number": '{"version": 1, "memory": NaN}',
  "a text that is cut short": '{"version": 1, "memory"',
  "a byte order mark": '\ufeff{"version": 1}',
  "a zero byte after it": '{"version": 1}\0',
  "a key given twice": '{"version": 1, "memory": 512,\n "memory": 1024}',
  "a key given twice, once with an escape": '{"version": 1, "memory": 512, "\\u006demory": 1024}',
  "a version given twice": '{"version": 1, "version": 0}',
  "half a character": Buffer.from('{"version": 1, "uuid": "é"}', "latin1"),
  "over 1 MiB": '{"version": 1}'.padEnd(mebibyte + 1),
  "almost 1 MiB: one value": version1({ graphics: "A".repeat(mebibyte - 100) }),
  "almost 1 MiB: one key": version1({ ["A".repeat(mebibyte - 100)]: 1 }),
  "almost 1 MiB: many unknown keys": version1(
    Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`key${index}`, index])),
  ),
  "almost 1 MiB: one key again and again": `{${'"memory": 1,'.repeat(87_000)}"version": 1}`,
  "almost 1 MiB: a long list": `[${"1,".repeat(mebibyte / 2 - 100)}1]`,
  "lists 100,000 deep": "[".repeat(depth) + "]".repeat(depth),
  "objects 100,000 deep": `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`,
  "a value that is 100,000 deep": `{"version": 1, "memory": ${"[".repeat(depth)}${"]".repeat(depth)}}`,
  "the key __proto__": '{"version": 1, "__proto__": {"memory": 512}}',
  "a version in __proto__": '{"__proto__": {"version": 1}}',
  "the keys constructor and toString": '{"version": 1, "constructor": 1, "toString": 2}',
  "a comma and an option in a value": version1({ graphics: "VGA,romfile=/etc/shadow" }),
  "options in the keyboard layout": version1({ keyboardLayout: "de -monitor stdio" }),
  "a comma in the MAC address": version1({ mac: "aa:54:1a:30:5c:de,id=x" }),
  "a newline after the MAC address": version1({ mac: "aa:54:1a:30:5c:de\n" }),
  "a newline in the UUID": version1({ uuid: "52bab607-10f1-4049-a0f8-ee4725cb715b\n-daemonize" }),
  "a newline within a text": '{"version": 1, "cpu": "ho\nst"}',
  "escape sequences in a value": version1({ cpu: "\u001b[2J\u202ehost" }),
  "escape sequences in a key": version1({ "\u001b[2J\u202e\n": 1 }),
  "half a surrogate pair": '{"version": 1, "sound": "\\ud800"}',
  "too many processors: threads x cores": version1({ threads: 16, cores: 16 }),
  "too many processors: 255 x 255 x 255": version1({ threads: 255, cores: 255, sockets: 255 }),
  "processors past any number": '{"version": 1, "threads": 1e309, "cores": 1e308}',
  "negative, broken and quoted numbers": version1({ threads: -1, cores: 1.5, sockets: "2", memory: 0 }),
  "over 1 TiB of memory": version1({ memory: 1_048_577 }),
  "memory past any number": '{"version": 1, "memory": 1e400}',
  "memory of 20 digits": '{"version": 1, "memory": 99999999999999999999}',
  "memory past whole numbers": '{"version": 1, "memory": 9007199254740993}',
  "a MAC address for many": version1({ mac: "01:00:5e:00:00:01" }),
  "a MAC address in capitals": version1({ mac: "AA:54:1A:30:5C:DE" }),
  "a CPU flag": version1({ flags: ["svm"] }),
  "values of other kinds": version1({ uuid: null, usb: [], network: {}, mouse: true }),
  "another chipset and a mistyped key": version1({ chipset: "q35", keyboardlayout: "de" }),
  "version 2": '{"version": 2}',
  "a version in quotes": '{"version": "1"}',
  "version 0: keys of version 1": '{"memory": 512, "graphics": "VGA"}',
  "version 0: a UUID in capitals": version0({ uuid: "52BAB607-10F1-4049-A0F8-EE4725CB715B" }),
  "version 0: sound with another's controller": version0({
    sound: { device: "AC97", controller: "intel-hda" },
  }),
  "version 0: a sound device that nobody knows": version0({ sound: { device: "sb16", controller: "pci" } }),
  "version 0: too many processors": version0({ cpu: { threads: 2, cores: 16, sockets: 8 } }),
  "version 0: __proto__ within": version0({}).replace('"layout"', '"__proto__": 1, "layout"'),
};

export const badRecipes: BadTexts = {
  "a list": "- 1",
  "a word": "recipe",
  "a text that is cut short": "cd: [",
  "a tab for a space": "guestTools:\n\tbinary: a",
  "a key given twice": "size: 1\nsize: 2",
  "two documents": "size: 1\n---\nsize: 2",
  "an alias of nothing": "cd: *files",
  "an alias with escape sequences": "cd: *\u001bc\u202efiles",
  "aliases of aliases": [
    "a: &a [x, x, x, x, x, x, x, x, x]",
    ..."bcdefghi".split("").map((name, index) => {
      const other = `*${"abcdefghi"[index]}`;
      return `${name}: &${name} [${Array.from({ length: 9 }, () => other).join(", ")}]`;
    }),
  ].join("\n"),
  "a list that contains itself": "cd: &a [*a]",
  "half a character": Buffer.from("done: é", "latin1"),
  "over 1 MiB": "size: 1\n".padEnd(mebibyte + 1),
  "almost 1 MiB: one value": `machine: [${"a".repeat(mebibyte - 100)}]`,
  "almost 1 MiB: many keys": Array.from({ length: 80_000 }, (_, index) => `key${index}: 1\n`).join(""),
  "almost 1 MiB: many anchors": `cd: ${"&a ".repeat(340_000)}`,
  "many wrong escapes": `done: "${"\\q".repeat(100_000)}"`,
  "lists 100,000 deep": "[".repeat(depth) + "]".repeat(depth),
  "lists of dashes 100,000 deep": `${"- ".repeat(depth)}a`,
  "mappings 100,000 deep": `${"{a: ".repeat(depth)}1${"}".repeat(depth)}`,
  "keys 100,000 deep": "? ".repeat(depth),
  "a tag that nobody knows": "cd: !files [setup.sh]",
  "the key __proto__": "__proto__: {size: 2}",
  "mistyped keys": "intrenet: true\ninstal: []",
  "a zero byte": "size: 1\0",
  "an ISO from nowhere": "iso: {}",
  "an ISO from a file and the web": "iso: {path: a.iso, url: https://example.org/a.iso}",
  "an ISO from another place": "iso: {url: file:///etc/passwd, sha256: abc}",
  "a program that is a text": "iso: {build: make iso, inputs: []}",
  "a program that is nothing": "iso: {build: [], inputs: []}",
  "sizes that no disk has": "size: 50",
  "a size with a unit": "size: 4G",
  "a size that is not whole": "size: 1.5",
  "a size past any number": "size: .inf",
  "a size of 20 digits": "size: 99999999999999999999",
  "yes for true": "internet: yes",
  "a step that is a text": "install: [poweroff]",
  "a step with a time-out of 0": "install: [{wait: x, timeout: 0}]",
  "a step that waits for nothing": 'install: [{wait: ""}]',
  "an output out of the folder": "outputs: {setup: ../a.tar.lz4}",
  "an output that is no archive": "outputs: {worker: worker.zip}",
  "guest tools without a binary": "guestTools: {build: [make]}",
};
