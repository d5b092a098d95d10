import { readObject, replaceValue, setKey, type TextEdit } from "./json-edit.ts";
import { versionOf } from "./machine-definition.ts";
import { machineKeys } from "./machine-fields.ts";

/** A value that tells one machine from another, and is made again when a definition was copied. */
export type Identity = "uuid" | "mac";

/** The edit that gives a definition a new UUID or MAC address; undefined when it can't be read. */
export function newIdentity(text: string, identity: Identity): TextEdit | undefined {
  const object = readObject(text);
  if (!object) return undefined;
  const value = identity === "uuid" ? crypto.randomUUID() : randomMac();
  if (versionOf(text) === 1) return setKey(text, object, identity, value, machineKeys);
  return replaceValue(object, identity === "uuid" ? ["uuid"] : ["network", "mac"], value);
}

/** A random address, locally administered and unicast: its second digit says that. */
export function randomMac(): string {
  const [first = 0, ...others] = crypto.getRandomValues(new Uint8Array(6));
  const bytes = [(first & 0xfc) | 0x02, ...others];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}
