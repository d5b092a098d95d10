import { availableParallelism, totalmem } from "node:os";
import { describe, expect, test } from "vitest";
import { countListed, deriveResources, hostResources } from "./resources.ts";

const host = { memory: 16_000, cpus: 8, defaultThreads: 2 };

describe("memory", () => {
  const memory = (given: number | undefined, available: number, wanted?: number) =>
    deriveResources({ memory: given }, { ...host, memory: available }, wanted).memory;

  test("is 2048 MiB by default, or what the host can give", () => {
    expect(memory(undefined, 16_000)).toBe(2048);
    expect(memory(undefined, 1000)).toBe(1000);
  });

  test("is what the machine says, unless a person says otherwise", () => {
    expect(memory(4096, 16_000)).toBe(4096);
    expect(memory(4096, 16_000, 512)).toBe(512);
  });

  test("is never more than the host can give", () => {
    const error = expect.objectContaining({
      code: "no-memory",
      message: "the virtual machine needs 4096 MiB of memory, and this host can give 3000 MiB",
    });
    expect(() => memory(4096, 3000)).toThrow(error);
    expect(() => memory(undefined, 3000, 4096)).toThrow(error);
  });

  test("is told with what other machines were promised", () => {
    const limits = { ...host, memory: 1000, promised: 2000 };
    expect(() => deriveResources({ memory: 1500 }, limits)).toThrow(
      "needs 1500 MiB of memory, and this host can give 1000 MiB in addition to the 2000 MiB that running ones may still take",
    );
  });

  test("is not lowered to what no guest can use", () => {
    expect(() => memory(undefined, 100)).toThrow("needs 256 MiB of memory, and this host can give 100 MiB");
  });
});

describe("processors", () => {
  const processors = (given: object, cpus = 8, defaultThreads = 2) => {
    const { threads, cores, sockets } = deriveResources(given, { ...host, cpus, defaultThreads });
    return [threads, cores, sockets];
  };

  test("are the host's threads first, then as many cores as fit", () => {
    expect(processors({})).toEqual([2, 4, 1]);
    expect(processors({}, 7)).toEqual([2, 3, 1]);
    expect(processors({}, 8, 1)).toEqual([1, 8, 1]);
  });

  test("fill what is not given", () => {
    expect(processors({ threads: 1 })).toEqual([1, 8, 1]);
    expect(processors({ cores: 2 })).toEqual([2, 2, 2]);
    expect(processors({ sockets: 2 })).toEqual([2, 2, 2]);
    expect(processors({ threads: 1, cores: 2 })).toEqual([1, 2, 4]);
    expect(processors({ cores: 5 })).toEqual([1, 5, 1]);
  });

  test("that don't fit by default leave one thread a core", () => {
    expect(processors({}, 1)).toEqual([1, 1, 1]);
  });

  test("are given as asked for, also beyond the host's", () => {
    expect(processors({ threads: 2, cores: 8, sockets: 2 })).toEqual([2, 8, 2]);
    expect(processors({ cores: 16 })).toEqual([1, 16, 1]);
  });
});

test("threads of a core are counted in Linux's lists", () => {
  expect(["0\n", "0,4\n", "0-1\n", "0-2,8-9"].map(countListed)).toEqual([1, 2, 2, 5]);
});

test("this host gives no more than it has", async () => {
  const { memory, threads, cores, sockets } = await hostResources({}, { promised: 1 });
  expect(memory).toBeLessThan(totalmem() / 1024 ** 2);
  expect(threads * cores * sockets).toBeLessThanOrEqual(availableParallelism());
});
