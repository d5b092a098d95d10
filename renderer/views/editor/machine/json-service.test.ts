import fc from "fast-check";
import { expect, test } from "vitest";
import { getLanguageService, TextDocument } from "vscode-json-languageservice";
import { machineIssues } from "../../../../shared/machine/machine.ts";
import { applyEdit } from "./json-edit.ts";
import { explain, formatJson, machineJsonSchemas, suggest } from "./json-service.ts";
import { machineForm, machineKeys } from "./machine-fields.ts";

test("keys and the values of a key are suggested, with what they mean", async () => {
  const text = '{\n  "version": 1,\n  "sound": "",\n  \n}';
  const keys = await suggest(text, text.length - 2);
  expect(keys.map(({ item }) => item.label)).toEqual(machineKeys.filter((key) => !/version|sound/.test(key)));
  expect(keys.find(({ item }) => item.label === "memory")).toMatchObject({
    template: expect.stringContaining("1:0}"),
  });
  const place = text.indexOf('""');
  const values = await suggest(text, place + 1);
  expect(values.map(({ item }) => item.label)).toContain('"hda-duplex/intel-hda"');
  expect(values[0]).toMatchObject({ from: place, to: place + 2 });
});

test("a definition of version 0 has its own keys suggested", async () => {
  const text = '{"network": {"device": "e1000", }}';
  expect((await suggest(text, text.length - 2)).map(({ item }) => item.label)).toEqual(["mac"]);
});

test("a key is explained, with its default", async () => {
  const text = '{"version": 1, "keyboardLayout": "da"}';
  expect(await explain(text, text.indexOf("Layout"))).toEqual({
    from: 15,
    to: 31,
    lines: [`Keyboard layout. Maps typed characters to the guest's key codes. Default: "en-us".`],
  });
  expect(await explain(text, text.length)).toBeUndefined();
});

test.each([
  ['{"version":1,"flags":[ ]}', '{\n  "version": 1,\n  "flags": []\n}\n'],
  ['{\n\t"version":1, "memory":2}\n', '{\n\t"version": 1,\n\t"memory": 2\n}\n'],
])("%j is formatted, its keys in their order", (text, expected) => {
  const edits = [...formatJson(text)].sort((one, other) => other.from - one.from);
  expect(edits.reduce(applyEdit, text)).toBe(expected);
});

const service = getLanguageService({});

/** The problems that the schema of version 1 finds. */
async function complaintsOf(definition: object) {
  const document = TextDocument.create("machine:/x.json", "json", 1, JSON.stringify(definition));
  const tree = service.parseJSONDocument(document);
  const found = await service.doValidation(document, tree, undefined, machineJsonSchemas[1]);
  return found.map(({ message }) => message);
}

/** Values that somebody may write for a key: right ones, near misses, and anything. */
const values = fc.oneof(
  fc.constantFrom(...machineForm.flatMap(({ fields }) => fields.flatMap(({ options = [] }) => options))),
  fc.constantFrom(
    1,
    0,
    255,
    256,
    1.5,
    1_048_577,
    "host",
    "52bab607-10f1-4049-a0f8-ee4725cb715b",
    "aa:54:1a:30:5c:de",
  ),
  fc.constantFrom([], {}, [1], null, true, ""),
  fc.string(),
);

test("the schema that helps to write a definition and the one that reads it agree", async () => {
  const keys = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...machineKeys) },
    { weight: 1, arbitrary: fc.string() },
  );
  await fc.assert(
    fc.asyncProperty(fc.dictionary(keys, values, { maxKeys: 4 }), async (others) => {
      const { threads, cores, sockets } = others;
      // A JSON schema can't express that all three together have a limit.
      fc.pre([threads, cores, sockets].filter((count) => count === 255).length < 2);
      const definition = { ...others, version: 1 };
      const complaints = await complaintsOf(definition);
      const issues = machineIssues(definition).map(({ message }) => message);
      expect({ complaints, isGood: complaints.length === 0 }).toEqual({
        complaints,
        isGood: issues.length === 0,
      });
    }),
    { numRuns: 500 },
  );
});
