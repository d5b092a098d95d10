import { expect, test } from "vitest";
import { eventually } from "../../../tests/eventually.ts";
import { createWriteBehind } from "./write-behind.ts";

const bytes = (text: string) => Buffer.from(text);

/** Writes that take until they are let go, one after another. */
function heldWrites() {
  const writes: { text: string; done: PromiseWithResolvers<void> }[] = [];
  const write = (block: Uint8Array) => {
    const done = Promise.withResolvers<void>();
    writes.push({ text: Buffer.from(block).toString(), done });
    return done.promise;
  };
  const texts = () => writes.map(({ text }) => text);
  return { writes, write, texts };
}

test("what comes during one write is written together by the next, in its order", async () => {
  const { writes, write, texts } = heldWrites();
  const behind = createWriteBehind(write);
  for (const text of ["a", "b", "c"]) await behind.add(bytes(text));
  const flushed = behind.flush();
  writes[0]?.done.resolve();
  await eventually(() => expect(texts()).toEqual(["a", "bc"]));
  writes[1]?.done.resolve();
  await flushed;
});

test("what was taken may be changed at once", async () => {
  const { writes, write, texts } = heldWrites();
  const behind = createWriteBehind(write);
  for (const text of ["a", "b"]) {
    const taken = bytes(text);
    await behind.add(taken);
    taken.fill("x");
  }
  writes[0]?.done.resolve();
  await eventually(() => expect(texts()).toEqual(["a", "b"]));
});

test("what finds no room waits for the write under way; what is larger than a block comes in parts", async () => {
  const { writes, write, texts } = heldWrites();
  const behind = createWriteBehind(write, 4);
  await behind.add(bytes("1"));
  let isTaken = false;
  const added = behind.add(bytes("23456789abcdef")).then(() => {
    isTaken = true;
  });
  for (let done = 0; done < 3; done++) {
    await eventually(() => expect(writes.length).toBe(done + 1));
    expect(isTaken).toBe(false);
    writes[done]?.done.resolve();
  }
  await added;
  await eventually(() => expect(writes.length).toBe(4));
  writes[3]?.done.resolve();
  await eventually(() => expect(texts()).toEqual(["1", "2345", "6789", "abcd", "ef"]));
});

test("a write that fails is told to whoever waits for room, for all, or comes next; nothing is written after it", async () => {
  const { writes, write } = heldWrites();
  const behind = createWriteBehind(write, 1);
  await behind.add(bytes("a"));
  const waiting = behind.add(bytes("bc"));
  writes[0]?.done.reject(new Error("broken disk"));
  await expect(waiting).rejects.toThrow("broken disk");
  await expect(behind.flush()).rejects.toThrow("broken disk");
  await expect(behind.add(bytes("d"))).rejects.toThrow("broken disk");
  await behind[Symbol.asyncDispose]();
  expect(writes).toHaveLength(1);
});

test("disposing waits for the write under way, and drops the rest", async () => {
  const { writes, write } = heldWrites();
  const behind = createWriteBehind(write);
  await behind.add(bytes("a"));
  await behind.add(bytes("b"));
  let over = false;
  const disposed = behind[Symbol.asyncDispose]().then(() => {
    over = true;
  });
  await new Promise(setImmediate);
  expect(over).toBe(false);
  writes[0]?.done.resolve();
  await disposed;
  expect(writes).toHaveLength(1);
});
