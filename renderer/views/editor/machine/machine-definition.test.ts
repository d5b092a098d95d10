import { expect, test } from "vitest";
import { parseMachine } from "../../../../shared/machine/machine.ts";
import { applyEdit } from "./json-edit.ts";
import { migratedText, versionOf } from "./machine-definition.ts";
import { machineForm, machineKeys } from "./machine-fields.ts";
import { newIdentity, randomMac } from "./new-identity.ts";

const version0 = `{
    "uuid": "52bab607-10f1-4049-a0f8-ee4725cb715b",
    "network": {"device": "rtl8139", "mac": "aa:54:1a:30:5c:de"},
    "keyboard": {"layout": "da"},
    "cpu": {"cores": 2}
}`;

test("a definition without a version is of version 0 when it has that version's keys", () => {
  expect(versionOf(version0)).toBe(0);
  for (const text of ['{"version": 1}', "{}", "", '{"memory": 1}']) expect(versionOf(text)).toBe(1);
});

test("a migrated definition is the same machine, set in as it was", () => {
  const migrated = migratedText(version0);
  expect(parseMachine(migrated ?? "")).toEqual(parseMachine(version0));
  expect(migrated).toContain('\n    "version": 1,\n');
});

test("what is of version 1, or has issues, is not migrated", () => {
  for (const text of ['{"version": 1}', "{}", version0.replace("da", "klingon"), version0.slice(1)])
    expect(migratedText(text)).toBeUndefined();
});

test("a new UUID and MAC are valid ones, and nothing else changes", () => {
  for (const text of [version0, '{ "version": 1, "mac": "aa:54:1a:30:5c:de" }'])
    for (const identity of ["uuid", "mac"] as const) {
      const edit = newIdentity(text, identity);
      const changed = applyEdit(text, edit ?? { from: 0, to: 0, insert: "" });
      const [before, after] = [parseMachine(text), parseMachine(changed)];
      expect(after[identity]).not.toBe(before[identity]);
      expect({ ...after, [identity]: before[identity] }).toEqual(before);
    }
  expect(newIdentity("{", "uuid")).toBeUndefined();
});

test("MAC addresses are local and unicast, each another", () => {
  const addresses = Array.from({ length: 200 }, randomMac);
  for (const address of addresses) expect(address).toMatch(/^[0-9a-f][26ae](:[0-9a-f]{2}){5}$/);
  expect(new Set(addresses).size).toBe(addresses.length);
});

test("the form asks for every key that has a choice", () => {
  const asked = machineForm.flatMap(({ fields }) => fields.map(({ key }) => key));
  expect(new Set(asked).size).toBe(asked.length);
  const single = ["version", "chipset", "cpu", "flags", "storage"];
  expect([...asked].sort()).toEqual(machineKeys.filter((key) => !single.includes(key)).sort());
});
